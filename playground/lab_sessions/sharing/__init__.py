"""Sharing a session: links by role, the people who came by them, and what becomes of both."""
