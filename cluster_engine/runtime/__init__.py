"""What runs inside containers: file systems, processes, terminals, logs. See `kernel.py`."""
