"""ubuntu, by number or code name."""

from __future__ import annotations

from cluster_engine.images import bases
from cluster_engine.images.image import Image, Recipe, sized
from cluster_engine.images.references import Reference
from cluster_engine.images.versions import Tag, Versions

VERSIONS = Versions("18.04 20.04 22.04 24.04 26.04", "exact")


def build(reference: Reference, tag: Tag) -> Image:
    """bash, and no more than Ubuntu's base."""
    content = f"ubuntu-{tag.content}"
    return Image(
        str(reference),
        bases.ubuntu(tag.version),
        sized(28.5, content),
        command=("/bin/bash",),
        content=content,
    )


RECIPE = Recipe(
    ("ubuntu",),
    build,
    VERSIONS,
    {
        "rolling": "26.04",
        "devel": "26.04",
        "resolute": "26.04",
        "noble": "24.04",
        "jammy": "22.04",
        "focal": "20.04",
        "bionic": "18.04",
    },
    frozenset(),
)
