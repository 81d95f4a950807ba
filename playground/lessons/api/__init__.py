"""Lessons over REST."""
