"""registry.k8s.io/nginx-slim: the small nginx of the StatefulSet tutorial."""

from __future__ import annotations

from dataclasses import replace

from cluster_engine.images.image import Image, Recipe
from cluster_engine.images.library import nginx
from cluster_engine.images.references import Reference
from cluster_engine.images.versions import Tag, Versions

VERSIONS = Versions("0.27 0.28", "loose")
_VERSION = "1.25.5"


def build(reference: Reference, tag: Tag) -> Image:
    """An nginx of a version of its own."""
    image = nginx.build(nginx.REFERENCE, Tag(_VERSION))
    return replace(image, reference=str(reference), content=f"nginx-slim-{tag.content}")


RECIPE = Recipe(("registry.k8s.io/nginx-slim",), build, VERSIONS)
