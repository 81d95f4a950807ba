"""The default scheduler: which node each new pod goes to, and why. See `scheduler.py`."""
