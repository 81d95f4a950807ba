"""python: its interpreter serves files and says its version; it runs no code."""

from __future__ import annotations

from cluster_engine.images.image import Image, Recipe
from cluster_engine.images.library.languages import language
from cluster_engine.images.references import Reference
from cluster_engine.images.versions import Tag, Versions

VERSIONS = Versions(
    "2.7.18 3.4.10 3.5.10 3.6.15 3.7.17 3.8.20 3.9.25 3.10.19 3.11.14 3.12.12 3.13.11 3.14.2"
)


def build(reference: Reference, tag: Tag) -> Image:
    """python3, which ends at once without input."""
    return language(
        reference,
        tag,
        "python3",
        "python",
        mebibytes=(385, 43, 17),
        environment={"LANG": "C.UTF-8", "PYTHON_VERSION": tag.version},
    )


RECIPE = Recipe(("python",), build, VERSIONS, {"3": VERSIONS.newest, "2": "2.7.18"})
