"""Images to look at a network from: a shell with curl and the like."""

from __future__ import annotations

from functools import lru_cache

from cluster_engine.images import bases
from cluster_engine.images.image import Image, Recipe, sized
from cluster_engine.images.references import Reference
from cluster_engine.images.versions import Tag, Versions
from cluster_engine.runtime.filesystem.layer import Layer, layer, program

VERSIONS = Versions("1.0 2.1.1", "loose")
TOOLS = ("bash", "curl", "dig", "nslookup", "ss")


@lru_cache(maxsize=16)
def _tree(name: str) -> Layer:
    entries: bases.Entries = {f"/usr/bin/{tool}": program(tool) for tool in TOOLS}
    return layer(name, entries, bases.alpine())


def build(reference: Reference, tag: Tag) -> Image:
    """A shell; the test images sleep, so that one can look around in them."""
    content = f"{reference.domain}/{reference.path}:{tag.content}"
    is_sleeping = reference.path.startswith("e2e-test-images")
    return Image(
        str(reference),
        _tree(content),
        sized(50, content),
        command=("sleep", "3600") if is_sleeping else ("bash",),
        content=content,
    )


RECIPE = Recipe(
    (
        "nicolaka/netshoot",
        "radial/busyboxplus",
        "wbitt/network-multitool",
        "praqma/network-multitool",
        "registry.k8s.io/e2e-test-images/jessie-dnsutils",
        "registry.k8s.io/e2e-test-images/glibc-dns-testing",
        "registry.k8s.io/e2e-test-images/ipc-utils",
    ),
    build,
    VERSIONS,
    {"curl": VERSIONS.newest, "extra": VERSIONS.newest},
)
