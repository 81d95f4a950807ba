"""agnhost: the test image of Kubernetes, and the small images that stand on it."""

from __future__ import annotations

from functools import lru_cache

from cluster_engine.images import bases
from cluster_engine.images.image import Image, Recipe, sized
from cluster_engine.images.references import Reference
from cluster_engine.images.versions import Tag, Versions
from cluster_engine.runtime.filesystem.layer import Layer, directory, layer, link, program

VERSIONS = Versions("2.66.1", "loose")
_E2E = "registry.k8s.io/e2e-test-images"
_TOOLS = ("bash", "curl", "dig", "ip", "nslookup", "ss")
_PORTS = (80, 8080, 8081, 9376, 5000)
#: What the images on top of it add: a picture for a page.
_PICTURES = ("kitten", "nautilus")


@lru_cache(maxsize=16)
def _tree(name: str, picture: str) -> Layer:
    base = bases.alpine()
    entries: bases.Entries = {
        "/agnhost": program("agnhost", size_bytes=52_428_800),
        "/agnhost-2": link("agnhost"),
        "/localhost.crt": "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
        "/localhost.key": "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
        "/uploads": directory(),
        **bases.account(base, "user-defined-in-image", 1000, "/home/user-defined-in-image"),
    }
    group = "group-defined-in-image:x:50000:user-defined-in-image\n"
    entries["/etc/group"] = f"{entries['/etc/group']!s}{group}"
    for tool in _TOOLS:
        entries[f"/usr/bin/{tool}"] = program(tool)
    if picture:
        entries["/data.json"] = f'{{\n  "image": "{picture}.jpg"\n}}\n'
        entries[f"/{picture}.jpg"] = f"a picture of a {picture}\n"
    return layer(name, entries, base)


def build(reference: Reference, tag: Tag) -> Image:
    """agnhost itself pauses; the others serve their files."""
    content = f"{reference.domain}/{reference.path}:{tag.content}"
    name = reference.path.rpartition("/")[2]
    picture = name if name in _PICTURES else ""
    return Image(
        str(reference),
        _tree(content, picture),
        sized(52, content),
        entrypoint=("/agnhost",),
        command=("test-webserver",) if picture else ("pause",),
        user="1234" if name == "nonroot" else "",
        ports=_PORTS,
        content=content,
    )


RECIPE = Recipe(
    (
        f"{_E2E}/agnhost",
        f"{_E2E}/kitten",
        f"{_E2E}/nautilus",
        f"{_E2E}/nonroot",
        "gcr.io/kubernetes-e2e-test-images/agnhost",
        "gcr.io/kubernetes-e2e-test-images/kitten",
        "gcr.io/kubernetes-e2e-test-images/nautilus",
    ),
    build,
    VERSIONS,
)
