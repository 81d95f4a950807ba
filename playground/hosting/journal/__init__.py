"""What came into each cluster, written down before it is answered, and played again."""
