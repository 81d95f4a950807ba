"""traefik/whoami: tells who answers, and what was asked."""

from __future__ import annotations

from cluster_engine.images.image import Image, Recipe
from cluster_engine.images.library.small import single
from cluster_engine.images.references import Reference
from cluster_engine.images.versions import Tag, Versions

VERSIONS = Versions("1.11.0", "loose")


def build(reference: Reference, tag: Tag) -> Image:
    """A web server on port 80."""
    return single(reference, tag, "/whoami", mebibytes=2.7, port=80)


RECIPE = Recipe(("traefik/whoami", "containous/whoami"), build, VERSIONS)
