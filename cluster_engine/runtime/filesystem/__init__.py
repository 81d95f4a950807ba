"""Simulated file systems: nodes, shared image layers, volumes, mounts, /proc.

`nodes` are what directories hold; `layer` builds the read-only trees of images; `volume` is one
file system with its limits; `namespace` joins them into what a container sees; `projected` makes
secret and config map volumes; `proc` is generated. The calls on paths are in `runtime/calls`.
"""
