"""busybox: BusyBox and nothing else."""

from __future__ import annotations

from cluster_engine.images import bases
from cluster_engine.images.image import Image, Recipe, sized
from cluster_engine.images.references import Reference
from cluster_engine.images.versions import Tag, Versions

VERSIONS = Versions(
    "1.24.2 1.26.2 1.27.2 1.28.4 1.29.3 1.30.1 1.31.1 1.32.1 1.33.1 1.34.1 1.35.0 1.36.1 1.37.0"
)


def build(reference: Reference, tag: Tag) -> Image:
    """A shell that ends at once without input."""
    content = f"busybox-{tag.content}"
    return Image(
        str(reference), bases.busybox(), sized(2.1, content), command=("sh",), content=content
    )


RECIPE = Recipe(
    (
        "busybox",
        "registry.k8s.io/busybox",
        "registry.k8s.io/e2e-test-images/busybox",
        "gcr.io/google_containers/busybox",
    ),
    build,
    VERSIONS,
    {"stable": "1.36.1", "unstable": "1.37.0"},
    frozenset(("glibc", "musl", "uclibc")),
)
