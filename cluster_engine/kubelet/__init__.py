"""The node agents: pods become containers, and their state becomes status. See `kubelet.py`."""
