"""What an image is, and why one cannot be had."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from cluster_engine.images.references import Reference
from cluster_engine.runtime.filesystem.layer import Layer

PATH_DEFAULT = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#: Download and unpack speed of a node, for how long a pull takes.
BYTES_PER_SECOND = 60_000_000


@dataclass(frozen=True, slots=True)
class Image:
    """An image as the kubelet and the kernel need it. `command` follows `entrypoint`."""

    reference: str
    layer: Layer
    size_bytes: int
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    working_dir: str = "/"
    user: str = ""
    ports: tuple[int, ...] = ()

    @property
    def digest(self) -> str:
        """The reference by content."""
        repository, _, _ = self.reference.partition("@")
        head, slash, last = repository.rpartition("/")
        name = head + slash + last.partition(":")[0]
        return f"{name}@sha256:{sha256(self.reference.encode()).hexdigest()}"

    @property
    def pull_seconds(self) -> float:
        """How long a pull takes: the registry's answer, then the bytes."""
        return 0.6 + self.size_bytes / BYTES_PER_SECOND


@dataclass(frozen=True, slots=True)
class PullFailure:
    """Why an image cannot be had; `message` is containerd's text."""

    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """A known image: its repositories, which tags it has, and how one is built.

    `newest` bounds the versions that exist: the tag `1.161` of an image whose newest is 1.29 does
    not. `words` are the tags (and the suffixes after a version) that are not numbers.
    """

    repositories: tuple[str, ...]
    build: Callable[[Reference], Image]
    newest: tuple[int, ...] = (99,)
    words: frozenset[str] = frozenset(
        ("latest", "stable", "mainline", "alpine", "slim", "bookworm", "bullseye", "trixie")
    )
