"""What the images of databases have in common: a Debian, a server, its data and its user."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from cluster_engine.images import bases
from cluster_engine.images.image import PATH_DEFAULT, SIGTERM, Image, sized
from cluster_engine.images.references import Reference
from cluster_engine.images.scripts import Script
from cluster_engine.images.versions import Tag
from cluster_engine.runtime.filesystem.layer import Layer, directory, layer, program

_ENTRYPOINT = """\
#!/bin/sh
set -e

# The first word may be an option of the server.
if [ "${1#-}" != "$1" ]; then
	set -- %s "$@"
fi

exec "$@"
"""


@dataclass(frozen=True, slots=True)
class Database:
    """One such image."""

    server: str
    user: str
    data: str
    port: int
    mebibytes: float
    uid: int = 999
    #: Where the executables are.
    folder: str = "/usr/local/bin"
    clients: tuple[str, ...] = ()
    stop_signal: int = SIGTERM


@lru_cache(maxsize=64)
def _tree(name: str, facts: Database, base: Layer) -> Layer:
    entries: bases.Entries = {
        f"{facts.folder}/{facts.server}": program(facts.server, size_bytes=30_000_000),
        "/usr/local/bin/gosu": program("gosu", size_bytes=2_240_512),
        "/usr/local/bin/docker-entrypoint.sh": Script(
            _ENTRYPOINT % facts.server, f"{facts.server}-entrypoint"
        ),
        "/docker-entrypoint-initdb.d": directory(),
        facts.data: directory(uid=facts.uid, gid=facts.uid),
        **bases.account(base, facts.user, facts.uid, facts.data),
    }
    for client in facts.clients:
        entries[f"{facts.folder}/{client}"] = program(client, size_bytes=7_000_000)
    return layer(name, entries, base)


def database(reference: Reference, tag: Tag, facts: Database, environment: dict[str, str]) -> Image:
    """The image, with what it sets beside PATH."""
    content = f"{reference.domain}/{reference.path}:{tag.content}"
    path = PATH_DEFAULT
    if facts.folder not in path.split(":"):
        path += f":{facts.folder}"
    return Image(
        str(reference),
        _tree(content, facts, bases.of_tag(tag, debian_version="12")),
        sized(facts.mebibytes * (0.6 if tag.is_alpine else 1), content),
        entrypoint=("docker-entrypoint.sh",),
        command=(facts.server,),
        environment={"PATH": path, **environment},
        ports=(facts.port,),
        stop_signal=facts.stop_signal,
        content=content,
    )
