"""memcached: a cache that listens and says nothing."""

from __future__ import annotations

from dataclasses import replace

from cluster_engine.images.image import Image, Recipe
from cluster_engine.images.library.databases import Database, database
from cluster_engine.images.references import Reference
from cluster_engine.images.versions import Tag, Versions

VERSIONS = Versions("1.4.39 1.5.22 1.6.40")
FACTS = Database("memcached", "memcache", "/nonexistent", 11211, 29, uid=11211)


def build(reference: Reference, tag: Tag) -> Image:
    """memcached on port 11211, as its own user."""
    image = database(reference, tag, FACTS, {"MEMCACHED_VERSION": tag.version})
    return replace(image, user="memcache")


RECIPE = Recipe(("memcached", "bitnami/memcached"), build, VERSIONS)
