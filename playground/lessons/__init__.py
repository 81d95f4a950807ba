"""Lessons: a folder of text, a start state and checks that look at the state of a cluster."""
