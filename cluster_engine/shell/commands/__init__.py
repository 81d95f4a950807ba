"""The commands of a container, one file each; `registry.py` lists them."""
