"""hpa-example: a page that costs the CPU something: the autoscaling tutorial's server."""

from __future__ import annotations

from cluster_engine.images.image import Image, Recipe
from cluster_engine.images.library.small import single
from cluster_engine.images.references import Reference
from cluster_engine.images.versions import Tag, Versions

VERSIONS = Versions("1.0", "loose")


def build(reference: Reference, tag: Tag) -> Image:
    """A web server on port 80."""
    return single(
        reference,
        tag,
        "/usr/local/bin/apache2-foreground",
        mebibytes=170,
        port=80,
        runs="hpa-example",
    )


RECIPE = Recipe(("registry.k8s.io/hpa-example",), build, VERSIONS)
