"""The images we know, one module each with a RECIPE; `images/registry.py` lists them."""
