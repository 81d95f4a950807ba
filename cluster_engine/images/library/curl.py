"""curlimages/curl: curl, or whatever command it is given."""

from __future__ import annotations

from functools import lru_cache

from cluster_engine.images import bases
from cluster_engine.images.image import PATH_DEFAULT, Image, Recipe, sized
from cluster_engine.images.references import Reference
from cluster_engine.images.scripts import Script
from cluster_engine.images.versions import Tag, Versions
from cluster_engine.runtime.filesystem.layer import Layer, directory, layer, program

VERSIONS = Versions("7.88.1 8.17.0", "loose")
_UID, _GID = 100, 101
_ENTRYPOINT = """\
#!/bin/sh
set -e

# When the first word is an option, or no command, it is one of curl's.
if [ "${1#-}" != "${1}" ] || [ -z "$(command -v "${1}")" ]; then
  set -- curl "$@"
fi

exec "$@"
"""


@lru_cache(maxsize=16)
def _tree(name: str) -> Layer:
    base = bases.alpine()
    return layer(
        name,
        {
            "/usr/bin/curl": program("curl", size_bytes=340_000),
            "/entrypoint.sh": Script(_ENTRYPOINT, "curl-entrypoint"),
            "/home/curl_user": directory(uid=_UID, gid=_GID),
            **bases.account(base, "curl_user", _UID, "/home/curl_user", _GID),
        },
        base,
    )


def build(reference: Reference, tag: Tag) -> Image:
    """curl, as a user of its own."""
    content = f"{reference.domain}/{reference.path}:{tag.content}"
    return Image(
        str(reference),
        _tree(content),
        sized(9.2, content),
        entrypoint=("/entrypoint.sh",),
        command=("curl",),
        environment={"PATH": PATH_DEFAULT, "CURL_CA_BUNDLE": "/cacert.pem"},
        working_dir="/home/curl_user",
        user="curl_user",
        content=content,
    )


RECIPE = Recipe(("curlimages/curl", "alpine/curl"), build, VERSIONS)
