"""find: its expression parsed, its tests, and the program that walks."""
