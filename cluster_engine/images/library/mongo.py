"""mongo: a server that listens and logs."""

from __future__ import annotations

from cluster_engine.images.image import Image, Recipe
from cluster_engine.images.library.databases import Database, database
from cluster_engine.images.references import Reference
from cluster_engine.images.versions import Tag, Versions

VERSIONS = Versions("3.4.24 3.6.23 4.0.28 4.2.24 4.4.30 5.0.32 6.0.26 7.0.26 8.0.16 8.2.2", "loose")
FACTS = Database("mongod", "mongodb", "/data/db", 27017, 275, folder="/usr/bin")


def build(reference: Reference, tag: Tag) -> Image:
    """mongod on port 27017."""
    major = ".".join(tag.version.split(".")[:2])
    return database(reference, tag, FACTS, {"MONGO_MAJOR": major, "MONGO_VERSION": tag.version})


RECIPE = Recipe(
    ("mongo", "bitnami/mongodb"), build, VERSIONS, variants=frozenset(("focal", "jammy", "noble"))
)
