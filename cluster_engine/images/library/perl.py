"""perl: computes pi, as the tutorial on Jobs has it; it runs no other code."""

from __future__ import annotations

from cluster_engine.images.image import Image, Recipe
from cluster_engine.images.library.languages import language
from cluster_engine.images.references import Reference
from cluster_engine.images.versions import Tag, Versions

VERSIONS = Versions("5.18.4 5.26.3 5.28.3 5.30.3 5.32.1 5.34.3 5.36.3 5.38.5 5.40.3 5.42.0")


def build(reference: Reference, tag: Tag) -> Image:
    """perl, which ends at once without input."""
    return language(
        reference,
        tag,
        "perl",
        mebibytes=(350, 60, 30),
        environment={"PERL_VERSION": tag.version},
    )


RECIPE = Recipe(
    ("perl", "registry.k8s.io/e2e-test-images/perl"),
    build,
    VERSIONS,
    variants=frozenset(("slim", "threaded", "buster", "bullseye", "bookworm", "trixie")),
)
