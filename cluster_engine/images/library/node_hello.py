"""node-hello: the application of the tutorial on exposing an external IP."""

from __future__ import annotations

from cluster_engine.images.image import Image, Recipe
from cluster_engine.images.library.small import single
from cluster_engine.images.references import Reference
from cluster_engine.images.versions import Tag, Versions

VERSIONS = Versions("1.0", "loose")


def build(reference: Reference, tag: Tag) -> Image:
    """A web server on port 8080."""
    return single(reference, tag, "/server.js", mebibytes=250, port=8080, runs="node-hello")


RECIPE = Recipe(("gcr.io/google-samples/node-hello",), build, VERSIONS)
