"""node: its interpreter says its version; it runs no code."""

from __future__ import annotations

from cluster_engine.images.image import Image, Recipe
from cluster_engine.images.library.languages import language
from cluster_engine.images.references import Reference
from cluster_engine.images.versions import Tag, Versions

VERSIONS = Versions(
    "6.17.1 8.17.0 10.24.1 11.15.0 12.22.12 13.14.0 14.21.3 15.14.0 16.20.2 17.9.1 18.20.8 "
    "19.9.0 20.19.6 21.7.3 22.21.1 23.11.1 24.11.1 25.2.1",
    "loose",
)


def build(reference: Reference, tag: Tag) -> Image:
    """node, which ends at once without input."""
    return language(
        reference,
        tag,
        "node",
        "nodejs",
        mebibytes=(380, 75, 52),
        environment={"NODE_VERSION": tag.version, "YARN_VERSION": "1.22.22"},
    )


RECIPE = Recipe(
    ("node",),
    build,
    VERSIONS,
    {"lts": "24.11.1", "current": VERSIONS.newest, "krypton": "24.11.1", "jod": "22.21.1"},
)
