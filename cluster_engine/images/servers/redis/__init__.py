"""redis-server and redis-cli: `server.py` and `client.py`; commands by the kind of value."""
