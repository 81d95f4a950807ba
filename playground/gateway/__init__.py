"""The Kubernetes API's HTTP and WebSocket protocols, to and from the host's messages."""
