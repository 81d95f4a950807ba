"""bash: the shell on Alpine."""

from __future__ import annotations

from functools import lru_cache

from cluster_engine.images import bases
from cluster_engine.images.image import Image, Recipe, sized
from cluster_engine.images.references import Reference
from cluster_engine.images.versions import Tag, Versions
from cluster_engine.runtime.filesystem.layer import Layer, layer, program

VERSIONS = Versions("3.2.57 4.0.44 4.1.17 4.2.53 4.3.48 4.4.23 5.0.18 5.1.16 5.2.37 5.3.8")


@lru_cache(maxsize=16)
def _tree(name: str) -> Layer:
    shell = program("bash", size_bytes=1_200_000)
    return layer(name, {"/usr/local/bin/bash": shell}, bases.alpine())


def build(reference: Reference, tag: Tag) -> Image:
    """bash, which ends at once without input."""
    content = f"{reference.domain}/{reference.path}:{tag.content}"
    return Image(
        str(reference), _tree(content), sized(5.6, content), command=("bash",), content=content
    )


RECIPE = Recipe(("bash",), build, VERSIONS)
