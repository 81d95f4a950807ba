"""postgres: a server that wants a password."""

from __future__ import annotations

from cluster_engine.images.image import Image, Recipe
from cluster_engine.images.library.databases import Database, database
from cluster_engine.images.references import Reference
from cluster_engine.images.versions import Tag, Versions

VERSIONS = Versions("9.6.24 10.23 11.22 12.22 13.23 14.20 15.15 16.11 17.7 18.1")
_SIGINT = 2


def build(reference: Reference, tag: Tag) -> Image:
    """postgres on port 5432."""
    major = tag.version.partition(".")[0]
    # Since 18 the data of each major version has a folder of its own.
    folder = "/var/lib/postgresql"
    data = f"{folder}/{major}/docker" if tag.numbers >= (18,) else f"{folder}/data"
    facts = Database(
        "postgres",
        "postgres",
        data,
        5432,
        152,
        folder=f"/usr/lib/postgresql/{major}/bin",
        clients=("pg_isready",),
        stop_signal=_SIGINT,
    )
    environment = {"LANG": "en_US.utf8", "PG_MAJOR": major, "PG_VERSION": tag.version}
    return database(reference, tag, facts, {"GOSU_VERSION": "1.19", **environment, "PGDATA": data})


RECIPE = Recipe(("postgres", "bitnami/postgresql"), build, VERSIONS)
