"""mysql: a server that wants a root password."""

from __future__ import annotations

from cluster_engine.images.image import Image, Recipe
from cluster_engine.images.library.databases import Database, database
from cluster_engine.images.references import Reference
from cluster_engine.images.versions import Tag, Versions

VERSIONS = Versions("5.5.62 5.6.51 5.7.44 8.0.44 8.4.7 9.0.1 9.1.0 9.2.0 9.3.0 9.4.0 9.5.0")
FACTS = Database("mysqld", "mysql", "/var/lib/mysql", 3306, 225, folder="/usr/sbin")


def build(reference: Reference, tag: Tag) -> Image:
    """mysqld on port 3306."""
    major = ".".join(tag.version.split(".")[:2])
    environment = {"MYSQL_MAJOR": major, "MYSQL_VERSION": f"{tag.version}-1.el9"}
    return database(reference, tag, FACTS, {"GOSU_VERSION": "1.17", **environment})


RECIPE = Recipe(
    ("mysql", "mysql/mysql-server", "bitnami/mysql"),
    build,
    VERSIONS,
    {"lts": "8.4.7", "innovation": VERSIONS.newest},
    frozenset(("oracle", "oraclelinux", "debian", "bookworm")),
)
