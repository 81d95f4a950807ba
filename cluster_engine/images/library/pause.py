"""pause: the container that holds a pod's namespaces; as an image it only waits."""

from __future__ import annotations

from cluster_engine.images.image import Image, Recipe
from cluster_engine.images.library.small import single
from cluster_engine.images.references import Reference
from cluster_engine.images.versions import Tag, Versions

VERSIONS = Versions("1.0 2.0 3.0 3.1 3.2 3.3 3.4.1 3.5 3.6 3.7 3.8 3.9 3.10.2", "loose")


def build(reference: Reference, tag: Tag) -> Image:
    """One small binary."""
    return single(reference, tag, "/pause", mebibytes=0.3)


RECIPE = Recipe(
    (
        "registry.k8s.io/pause",
        "registry.k8s.io/pause-amd64",
        "registry.k8s.io/e2e-test-images/pause",
        "gcr.io/google_containers/pause",
        "gcr.io/google_containers/pause-amd64",
    ),
    build,
    VERSIONS,
)
