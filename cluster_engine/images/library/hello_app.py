"""Google's hello-app, versions 1.0 and 2.0: what rolling updates are shown with."""

from __future__ import annotations

from cluster_engine.images.image import Image, Recipe
from cluster_engine.images.library.small import single
from cluster_engine.images.references import Reference
from cluster_engine.images.versions import Tag, Versions

VERSIONS = Versions("1.0 2.0", "exact")


def build(reference: Reference, tag: Tag) -> Image:
    """A web server on port 8080 that says its version."""
    runs = f"hello-app-{tag.numbers[0]}"
    return single(reference, tag, "/hello-app", mebibytes=12, port=8080, runs=runs)


RECIPE = Recipe(
    (
        "gcr.io/google-samples/hello-app",
        "us-docker.pkg.dev/google-samples/containers/gke/hello-app",
    ),
    build,
    VERSIONS,
)
