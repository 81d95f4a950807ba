"""The simulated network: addresses, who listens where, services, DNS. See `fabric.py`."""
