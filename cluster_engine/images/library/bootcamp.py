"""kubernetes-bootcamp: the application of the Kubernetes Basics tutorial, v1 and v2."""

from __future__ import annotations

from cluster_engine.images.image import Image, Recipe
from cluster_engine.images.library.small import single
from cluster_engine.images.references import Reference
from cluster_engine.images.versions import Tag, Versions

VERSIONS = Versions("1 2", "loose")


def build(reference: Reference, tag: Tag) -> Image:
    """A web server on port 8080 that says its version."""
    return single(
        reference, tag, "/server.js", mebibytes=80, port=8080, runs=f"bootcamp-{tag.numbers[0]}"
    )


RECIPE = Recipe(
    ("gcr.io/google-samples/kubernetes-bootcamp", "gcr.io/k8s-minikube/kubernetes-bootcamp"),
    build,
    VERSIONS,
)
