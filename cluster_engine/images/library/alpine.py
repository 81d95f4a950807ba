"""alpine: BusyBox on musl."""

from __future__ import annotations

from cluster_engine.images import bases
from cluster_engine.images.image import Image, Recipe, sized
from cluster_engine.images.references import Reference
from cluster_engine.images.versions import Tag


def build(reference: Reference, tag: Tag) -> Image:
    """A shell that ends at once without input."""
    content = f"alpine-{tag.content}"
    return Image(
        str(reference),
        bases.alpine(bases.ALPINE.resolve(tag.version) or bases.ALPINE.newest),
        sized(3.6, content),
        command=("/bin/sh",),
        content=content,
    )


RECIPE = Recipe(("alpine",), build, bases.ALPINE, {"edge": bases.ALPINE.newest}, frozenset())
