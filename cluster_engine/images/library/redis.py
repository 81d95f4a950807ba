"""redis: the server as pid 1, in /data, as the user redis."""

from __future__ import annotations

from functools import lru_cache

from cluster_engine.images import bases
from cluster_engine.images.image import PATH_DEFAULT, Image, Recipe, sized
from cluster_engine.images.references import Reference
from cluster_engine.images.scripts import Script
from cluster_engine.images.versions import Tag, Versions
from cluster_engine.runtime.filesystem.layer import Layer, directory, layer, link, program

VERSIONS = Versions(
    "2.8.23 3.0.7 3.2.12 4.0.14 5.0.14 6.0.20 6.2.21 7.0.15 7.2.12 7.4.7 8.0.5 8.2.3 8.4.0"
)
_ENTRYPOINT = """\
#!/bin/sh
set -e

# first arg is `-f` or `--some-option`
# or first arg is `something.conf`
if [ "${1#-}" != "$1" ] || [ "${1%.conf}" != "$1" ]; then
	set -- redis-server "$@"
fi

# allow the container to be started with `--user`
if [ "$1" = 'redis-server' ] && [ "$(id -u)" = '0' ]; then
	find . -exec chown redis '{}' +
	exec gosu redis "$0" "$@"
fi

exec "$@"
"""


@lru_cache(maxsize=64)
def _tree(name: str, base: Layer) -> Layer:
    return layer(
        name,
        {
            "/usr/local/bin/redis-server": program("redis-server", size_bytes=16_384_672),
            "/usr/local/bin/redis-cli": program("redis-cli", size_bytes=7_148_288),
            "/usr/local/bin/redis-sentinel": link("redis-server"),
            "/usr/local/bin/gosu": program("gosu", size_bytes=2_240_512),
            "/usr/local/bin/docker-entrypoint.sh": Script(_ENTRYPOINT, "redis-entrypoint"),
            "/data": directory(uid=999, gid=999),
            **bases.account(base, "redis", 999, "/home/redis"),
        },
        base,
    )


def build(reference: Reference, tag: Tag) -> Image:
    """redis and valkey's ancestor: port 6379, its dump in /data."""
    content = f"{reference.domain}/{reference.path}:{tag.content}"
    base = bases.of_tag(tag, debian_version="12")
    environment = {"PATH": PATH_DEFAULT, "REDIS_VERSION": tag.version}
    if tag.numbers < (8,):
        environment["GOSU_VERSION"] = "1.17"
    download = f"http://download.redis.io/releases/redis-{tag.version}.tar.gz"
    environment["REDIS_DOWNLOAD_URL"] = download
    return Image(
        str(reference),
        _tree(content, base),
        sized(16.5 if tag.is_alpine else 44, content),
        entrypoint=("docker-entrypoint.sh",),
        command=("redis-server",),
        environment=environment,
        working_dir="/data",
        ports=(6379,),
        content=content,
    )


RECIPE = Recipe(("redis", "bitnami/redis"), build, VERSIONS)
