"""polinux/stress: takes the memory it is told to, as the tutorial on memory limits has it."""

from __future__ import annotations

from cluster_engine.images.image import Image, Recipe
from cluster_engine.images.library.small import single
from cluster_engine.images.references import Reference
from cluster_engine.images.versions import Tag, Versions

VERSIONS = Versions("1.0", "loose")


def build(reference: Reference, tag: Tag) -> Image:
    """`stress --vm 1 --vm-bytes 250M --vm-hang 1`."""
    return single(reference, tag, "/usr/local/bin/stress", mebibytes=3.5)


RECIPE = Recipe(("polinux/stress",), build, VERSIONS)
