"""The default plugins, one file each; `registry.py` lists them in order."""
