"""Checks: what must hold in a cluster for a step to pass. They look, and change nothing."""
