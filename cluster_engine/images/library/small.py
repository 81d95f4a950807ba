"""What the images with one executable and no shell have in common."""

from __future__ import annotations

from functools import lru_cache

from cluster_engine.images import bases
from cluster_engine.images.image import Image, sized
from cluster_engine.images.references import Reference
from cluster_engine.images.versions import Tag
from cluster_engine.runtime.filesystem.layer import Layer, layer, program


@lru_cache(maxsize=64)
def _tree(name: str, path: str, runs: str, size_bytes: int) -> Layer:
    return layer(name, {path: program(runs, size_bytes=size_bytes)}, bases.scratch())


def single(
    reference: Reference,
    tag: Tag,
    path: str,
    *arguments: str,
    mebibytes: float,
    port: int = 0,
    runs: str = "",
) -> Image:
    """An image with the executable `path` (which runs the program `runs`, else of its name)."""
    content = f"{reference.domain}/{reference.path}:{tag.content}"
    size_bytes = sized(mebibytes, content)
    name = runs or path.rpartition("/")[2]
    return Image(
        str(reference),
        _tree(content, path, name, size_bytes * 2),
        size_bytes,
        entrypoint=(path,),
        command=arguments,
        ports=(port,) if port else (),
        content=content,
    )
