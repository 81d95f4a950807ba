"""debian, by number or code name."""

from __future__ import annotations

from cluster_engine.images import bases
from cluster_engine.images.image import Image, Recipe, sized
from cluster_engine.images.references import Reference
from cluster_engine.images.versions import Tag, Versions

VERSIONS = Versions("10.13 11.11 12.13 13.4")


def build(reference: Reference, tag: Tag) -> Image:
    """bash, and no more than Debian's base."""
    content = f"debian-{tag.content}"
    return Image(
        str(reference),
        bases.debian(tag.version.partition(".")[0], is_full=False),
        sized(28 if tag.is_slim else 47, content),
        command=("bash",),
        content=content,
    )


RECIPE = Recipe(
    ("debian",),
    build,
    VERSIONS,
    {
        "stable": "13.4",
        "oldstable": "12.13",
        "trixie": "13.4",
        "bookworm": "12.13",
        "bullseye": "11.11",
        "buster": "10.13",
    },
    frozenset(("slim", "backports")),
)
