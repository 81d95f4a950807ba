"""Persistent volumes: binding them to claims, letting them go, protecting them while in use."""
