"""What an image is, why one cannot be had, and how a known one is described."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from types import MappingProxyType

from cluster_engine.images.references import Reference
from cluster_engine.images.versions import Tag, Versions
from cluster_engine.runtime.filesystem.layer import Layer
from cluster_engine.runtime.filesystem.nodes import File

PATH_DEFAULT = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
MIB = 1024 * 1024
SIGTERM = 15
#: Download and unpack speed of a node, for how long a pull takes.
BYTES_PER_SECOND = 60_000_000
_ANSWER_SECONDS = 0.6
_NONE: Mapping[str, str] = MappingProxyType({})
_USUAL_VARIANTS = frozenset(("alpine", "slim", "bullseye", "bookworm", "trixie"))


@dataclass(frozen=True, slots=True)
class Image:
    """An image as the kubelet and the kernel need it. `command` follows `entrypoint`."""

    #: In full: `docker.io/library/redis:7`.
    reference: str
    layer: Layer
    size_bytes: int
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=lambda: {"PATH": PATH_DEFAULT})
    working_dir: str = "/"
    #: A name or a number, perhaps with ":group"; "" is root.
    user: str = ""
    ports: tuple[int, ...] = ()
    #: What asks its first process to end.
    stop_signal: int = SIGTERM
    #: What the content depends on; tags of the same content share it. "": the reference.
    content: str = ""

    @property
    def digest(self) -> str:
        """The reference by content."""
        repository, at, given = self.reference.partition("@")
        if at:
            return f"{repository}@{given}"
        head, slash, last = repository.rpartition("/")
        name = head + slash + last.partition(":")[0]
        return f"{name}@sha256:{sha256((self.content or self.reference).encode()).hexdigest()}"

    @property
    def pull_seconds(self) -> float:
        """How long a pull takes: the registry's answer, then the bytes."""
        return _ANSWER_SECONDS + self.size_bytes / BYTES_PER_SECOND

    @property
    def users(self) -> Mapping[str, int]:
        """The numbers of the users that the image's /etc/passwd names."""
        try:
            node = self.layer.node("/etc/passwd")
        except KeyError:
            return {}
        lines = node.contents().decode().splitlines() if isinstance(node, File) else []
        rows = [line.split(":") for line in lines]
        return {row[0]: int(row[2]) for row in rows if len(row) > 2 and row[2].isdecimal()}


@dataclass(frozen=True, slots=True)
class PullFailure:
    """Why an image cannot be had; `message` is containerd's text."""

    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """A known image: its repositories, which tags it has, and how one is built."""

    repositories: tuple[str, ...]
    build: Callable[[Reference, Tag], Image]
    versions: Versions
    #: Tags that are words, and the version each stands for; `latest` need not be said.
    channels: Mapping[str, str] = field(default_factory=lambda: _NONE)
    #: Words that may follow a version, or stand alone for the newest one: `7-alpine`, `slim`.
    variants: frozenset[str] = _USUAL_VARIANTS


def sized(mebibytes: float, content: str) -> int:
    """About that size in bytes, the same for the same content: sizes of images are not round."""
    spread = int.from_bytes(sha256(content.encode()).digest()[:4]) % (MIB // 4)
    return int(mebibytes * MIB) + spread
