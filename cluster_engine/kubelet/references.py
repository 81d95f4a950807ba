"""Names of images, as docker's reference grammar has them. Pure functions.

Models: github.com/distribution/reference, pkg/util/parsers (v1.37.2).
"""

from __future__ import annotations

import re
from functools import lru_cache

_COMPONENT = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_DOMAIN = (
    r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
    r"(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*(?::[0-9]+)?"
)
_REFERENCE = re.compile(
    rf"(?:(?P<domain>{_DOMAIN})/)?(?P<path>{_COMPONENT}(?:/{_COMPONENT})*)"
    r"(?::(?P<tag>[\w][\w.-]{0,127}))?(?:@(?P<digest>[A-Za-z][\w.+-]*:[0-9a-fA-F]{32,}))?",
    re.ASCII,
)
_LENGTH_MAX = 255


@lru_cache(maxsize=1024)
def problem(image: str) -> str:
    """Why the kubelet cannot read an image name, empty when it can."""
    text = f'couldn\'t parse image name "{image}": '
    if re.fullmatch(r"[0-9a-f]{64}", image):
        return (
            f"{text}invalid repository name ({image}), cannot specify 64-byte hexadecimal strings"
        )
    if len(image) > _LENGTH_MAX + 200:
        return f"{text}invalid reference format"
    if _REFERENCE.fullmatch(_normalized(image)):
        return ""
    path = image.split("@")[0]
    if path != path.lower() and _REFERENCE.fullmatch(_normalized(path.lower())):
        return f"{text}invalid reference format: repository name (library/{path}) must be lowercase"
    return f"{text}invalid reference format"


@lru_cache(maxsize=1024)
def full_name(image: str) -> str:
    """The name with registry and tag: "nginx" is "docker.io/library/nginx:latest"."""
    name = _normalized(image)
    found = _REFERENCE.fullmatch(name)
    if found is None or found["tag"] or found["digest"]:
        return name
    return f"{name}:latest"


def _normalized(image: str) -> str:
    first, slash, rest = image.partition("/")
    has_domain = slash and ("." in first or ":" in first or first == "localhost")
    if not has_domain:
        first, rest = "docker.io", image
    if first in ("docker.io", "index.docker.io"):
        first = "docker.io"
        if "/" not in rest:
            rest = f"library/{rest}"
    return f"{first}/{rest}"
