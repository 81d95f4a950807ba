"""Kustomize, as kubectl has it built in: `kubectl kustomize` and `-k`."""
