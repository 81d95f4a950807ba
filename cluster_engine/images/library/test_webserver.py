"""test-webserver: serves its own root folder on port 80."""

from __future__ import annotations

from cluster_engine.images.image import Image, Recipe
from cluster_engine.images.library.small import single
from cluster_engine.images.references import Reference
from cluster_engine.images.versions import Tag, Versions

VERSIONS = Versions("1.0", "loose")


def build(reference: Reference, tag: Tag) -> Image:
    """One binary, and no shell to enter."""
    return single(reference, tag, "/test-webserver", mebibytes=4.5, port=80)


RECIPE = Recipe(
    (
        "registry.k8s.io/test-webserver",
        "registry.k8s.io/e2e-test-images/test-webserver",
        "gcr.io/google_containers/test-webserver",
    ),
    build,
    VERSIONS,
)
