"""mariadb: a server that wants a root password."""

from __future__ import annotations

from cluster_engine.images.image import Image, Recipe
from cluster_engine.images.library.databases import Database, database
from cluster_engine.images.references import Reference
from cluster_engine.images.versions import Tag, Versions

VERSIONS = Versions("10.2.44 10.3.39 10.4.34 10.5.29 10.6.24 10.11.15 11.4.9 11.8.5 12.0.2 12.1.2")
FACTS = Database("mariadbd", "mysql", "/var/lib/mysql", 3306, 105)


def build(reference: Reference, tag: Tag) -> Image:
    """mariadbd on port 3306."""
    return database(reference, tag, FACTS, {"GOSU_VERSION": "1.18", "MARIADB_VERSION": tag.version})


RECIPE = Recipe(
    ("mariadb", "bitnami/mariadb"),
    build,
    VERSIONS,
    {"lts": "11.8.5"},
    frozenset(("focal", "jammy", "noble", "ubi")),
)
