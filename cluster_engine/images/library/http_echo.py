"""hashicorp/http-echo: answers every request with the text it was given."""

from __future__ import annotations

from cluster_engine.images.image import Image, Recipe
from cluster_engine.images.library.small import single
from cluster_engine.images.references import Reference
from cluster_engine.images.versions import Tag, Versions

VERSIONS = Versions("0.2.3 1.0.0", "loose")


def build(reference: Reference, tag: Tag) -> Image:
    """`-text=hello -listen=:5678`."""
    return single(reference, tag, "/http-echo", mebibytes=4, port=5678)


RECIPE = Recipe(("hashicorp/http-echo",), build, VERSIONS)
