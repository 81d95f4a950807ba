"""Lessons as folders: reading them, strictly, into values. Knows no session and no cluster."""
