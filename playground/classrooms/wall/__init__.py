"""What the teacher's wall shows: every student's cluster, small, and who needs help first."""
