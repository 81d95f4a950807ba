"""What the images of programming languages have in common: a full Debian and an interpreter."""

from __future__ import annotations

from functools import lru_cache

from cluster_engine.images import bases
from cluster_engine.images.image import PATH_DEFAULT, Image, sized
from cluster_engine.images.references import Reference
from cluster_engine.images.versions import Tag
from cluster_engine.runtime.filesystem.layer import Layer, layer, link, program


@lru_cache(maxsize=64)
def _tree(name: str, runs: str, links: tuple[str, ...], base: Layer) -> Layer:
    entries: bases.Entries = {f"/usr/local/bin/{runs}": program(runs, size_bytes=6_000_000)}
    for other in links:
        entries[f"/usr/local/bin/{other}"] = link(runs)
    return layer(name, entries, base)


def language(
    reference: Reference,
    tag: Tag,
    runs: str,
    *links: str,
    mebibytes: tuple[float, float, float],
    environment: dict[str, str],
) -> Image:
    """The image; sizes of the full, the slim and the Alpine variant."""
    content = f"{reference.domain}/{reference.path}:{tag.content}"
    full, slim, small = mebibytes
    return Image(
        str(reference),
        _tree(content, runs, links, bases.of_tag(tag, is_full=True)),
        sized(small if tag.is_alpine else slim if tag.is_slim else full, content),
        command=(runs,),
        environment={"PATH": PATH_DEFAULT, **environment},
        content=content,
    )
