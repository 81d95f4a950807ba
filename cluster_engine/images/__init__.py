"""Imitations of container images: their files, what they start, and the servers inside them.

`catalogue.find` answers the kubelets; one small module per image, listed in `registry.py`.
"""
