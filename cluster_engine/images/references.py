"""Image references: parsing and the full form.

Models: github.com/distribution/reference as containerd uses it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = re.compile(r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*")
_TAG = re.compile(r"\w[\w.-]{0,127}", re.ASCII)
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")
#: Old homes of images that live elsewhere now.
_MOVED = {"k8s.gcr.io": "registry.k8s.io", "index.docker.io": "docker.io"}


class InvalidReference(ValueError):
    """The text is no image reference."""


@dataclass(frozen=True, slots=True)
class Reference:
    """`domain/path:tag@digest`, in full."""

    domain: str
    path: str
    tag: str
    digest: str = ""

    def __str__(self) -> str:
        base = f"{self.domain}/{self.path}"
        if self.digest:
            return f"{base}@{self.digest}"
        return f"{base}:{self.tag}"

    @property
    def repository(self) -> str:
        """Without the tag, old domains replaced; Docker Hub's own images by their bare name."""
        domain = _MOVED.get(self.domain, self.domain)
        if domain == "docker.io":
            return self.path.removeprefix("library/")
        return f"{domain}/{self.path}"


def parse_reference(text: str) -> Reference:
    """The full form of what people write. Raises InvalidReference."""
    rest, at, digest = text.partition("@")
    if at and not _DIGEST.fullmatch(digest):
        raise InvalidReference("invalid reference format")
    head, slash, last = rest.rpartition("/")
    name, colon, tag = last.partition(":")
    path = head + slash + name
    if colon and not _TAG.fullmatch(tag):
        raise InvalidReference("invalid reference format")
    domain, slash, below = path.partition("/")
    if slash and ("." in domain or ":" in domain or domain == "localhost"):
        path = below
    else:
        domain = "docker.io"
        if "/" not in path:
            path = f"library/{path}"
    if path != path.lower():
        raise InvalidReference("invalid reference format: repository name must be lowercase")
    if not all(_NAME.fullmatch(part) for part in path.split("/")):
        raise InvalidReference("invalid reference format")
    return Reference(domain, path, tag or "latest", digest)
