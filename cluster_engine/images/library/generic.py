"""Applications that we do not know: a Debian with a small web server in it."""

from __future__ import annotations

from functools import cache

from cluster_engine.images import bases
from cluster_engine.images.image import Image, sized
from cluster_engine.images.references import Reference
from cluster_engine.runtime.filesystem.layer import Layer, layer, program

#: All of them share one tree.
LAYER = "application"


@cache
def tree() -> Layer:
    """Its files."""
    server = program("generic-server", size_bytes=9_000_000)
    return layer(LAYER, {"/app/server": server}, bases.debian("12", is_full=False))


def build(reference: Reference) -> Image:
    """An application of that name."""
    return Image(
        str(reference),
        tree(),
        sized(70, str(reference)),
        entrypoint=("/app/server",),
        working_dir="/app",
        ports=(8080,),
    )
