"""hello-world: says so, and ends."""

from __future__ import annotations

from cluster_engine.images.image import Image, Recipe
from cluster_engine.images.library.small import single
from cluster_engine.images.references import Reference
from cluster_engine.images.versions import Tag, Versions

VERSIONS = Versions("1.0", "loose")


def build(reference: Reference, tag: Tag) -> Image:
    """The first image of every Docker tutorial."""
    return single(reference, tag, "/hello", mebibytes=0.01, runs="hello-world")


RECIPE = Recipe(("hello-world",), build, VERSIONS)
