"""liveness: healthy for ten seconds, then not: the probe tutorial's server."""

from __future__ import annotations

from cluster_engine.images.image import Image, Recipe
from cluster_engine.images.library.small import single
from cluster_engine.images.references import Reference
from cluster_engine.images.versions import Tag, Versions

VERSIONS = Versions("1.0", "loose")


def build(reference: Reference, tag: Tag) -> Image:
    """A web server on port 8080."""
    return single(reference, tag, "/server", mebibytes=5, port=8080, runs="liveness")


RECIPE = Recipe(
    ("registry.k8s.io/liveness", "registry.k8s.io/e2e-test-images/liveness"), build, VERSIONS
)
