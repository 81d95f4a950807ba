"""redis-cli: talks to a Redis server; one command, or line by line."""
