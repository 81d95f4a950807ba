"""The waiting room: who waits for a place, and when it is their turn."""
