"""A session as one file: written, read, and what else goes into it."""
