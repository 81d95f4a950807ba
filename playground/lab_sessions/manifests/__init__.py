"""Manifests that people paste: read, checked, applied, compared, deleted, with every line known."""
