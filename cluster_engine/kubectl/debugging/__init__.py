"""Containers and pods that `kubectl debug` makes."""
