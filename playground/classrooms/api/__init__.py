"""Classrooms over REST."""
