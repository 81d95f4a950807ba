"""tar: archives written and read piece by piece; what `kubectl cp` uses in containers."""
