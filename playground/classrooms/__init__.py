"""Timed classrooms: a teacher, seats, the wall, and what a teacher may do to all of them."""
