"""echoserver: tells the caller what it asked, on port 8080."""

from __future__ import annotations

from cluster_engine.images.image import Image, Recipe
from cluster_engine.images.library.small import single
from cluster_engine.images.references import Reference
from cluster_engine.images.versions import Tag, Versions

VERSIONS = Versions("1.4 1.10 2.5", "loose")


def build(reference: Reference, tag: Tag) -> Image:
    """nginx with Lua in the original."""
    return single(
        reference, tag, "/usr/local/bin/run.sh", mebibytes=44, port=8080, runs="echoserver"
    )


RECIPE = Recipe(
    (
        "registry.k8s.io/echoserver",
        "registry.k8s.io/e2e-test-images/echoserver",
        "gcr.io/google_containers/echoserver",
        "gcr.io/google-containers/echoserver",
    ),
    build,
    VERSIONS,
)
