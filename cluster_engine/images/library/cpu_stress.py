"""vish/stress: keeps processors busy, as the tutorial on CPU limits has it."""

from __future__ import annotations

from cluster_engine.images.image import Image, Recipe
from cluster_engine.images.library.small import single
from cluster_engine.images.references import Reference
from cluster_engine.images.versions import Tag, Versions

VERSIONS = Versions("1.0", "loose")


def build(reference: Reference, tag: Tag) -> Image:
    """`-cpus 2`, `-mem-total 100Mi`."""
    return single(reference, tag, "/stress", mebibytes=1.5, runs="cpu-stress")


RECIPE = Recipe(("vish/stress",), build, VERSIONS)
