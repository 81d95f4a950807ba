"""Containers as the kernel is asked for them, and what it tells about them. Data only.

The kubelets make the specs; the kernel keeps the records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from cluster_engine.runtime.filesystem.layer import Layer
from cluster_engine.runtime.filesystem.projected import FileContent


@dataclass(frozen=True, slots=True)
class MountSpec:
    """A volume (or a piece of it) at a path of a container."""

    path: str
    volume_id: str
    sub_path: str = ""
    is_read_only: bool = False


class HasLayer(Protocol):
    """An image: all that the kernel needs of it is its tree."""

    @property
    def layer(self) -> Layer: ...


@dataclass(frozen=True, slots=True)
class ContainerSpec:
    """All that the runtime needs to run a container."""

    id: str
    pod_id: str
    name: str
    hostname: str
    ip: str
    node: str
    namespace: str
    image: HasLayer | None
    command: tuple[str, ...]
    environment: Mapping[str, str]
    working_dir: str = "/"
    uid: int = 0
    gid: int = 0
    groups: tuple[int, ...] = ()
    mounts: tuple[MountSpec, ...] = ()
    #: Files that the kubelet manages inside the container: /etc/hosts, /etc/resolv.conf.
    files: Mapping[str, FileContent] = field(default_factory=dict)
    termination_message_path: str = "/dev/termination-log"
    is_read_only_root: bool = False
    has_stdin: bool = False
    is_stdin_once: bool = False
    has_tty: bool = False
    is_privileged: bool = False
    cpu_limit_milli: int = 0
    memory_limit_bytes: int = 0
    #: Whether all containers of the pod see each other's processes (`shareProcessNamespace`).
    shares_processes: bool = False
    #: Whether its programs may call the cluster's API directly: the page's console only.
    has_api: bool = False

    def __getstate__(self) -> list[Any]:
        """All but the image, which is found by its layer's name."""
        return [None if name == "image" else getattr(self, name) for name in self.__slots__]

    def __setstate__(self, state: list[Any]) -> None:
        for name, value in zip(self.__slots__, state, strict=True):
            object.__setattr__(self, name, value)


class StartFailure(Exception):
    """A container or command could not be started; `str()` is containerd's text."""


@dataclass(frozen=True, slots=True)
class ExecResult:
    """How a command without a client ended."""

    exit_code: int
    output: bytes = b""


class RuntimeListener(Protocol):
    """What the kernel tells and asks the kubelets. The calls do no more than take note."""

    def container_exited(self, container_id: str, exit_code: int, reason: str) -> None:
        """A container's first process has ended; `reason` is "OOMKilled" or empty."""

    def command_finished(self, command_id: int, result: ExecResult) -> None:
        """A command started with `run` has ended."""

    def volume_files(self, volume_id: str) -> Mapping[str, FileContent]:
        """What a projected volume contains now."""

    def log_written(self, container_id: str) -> None:
        """A container has written to its log."""


__all__ = [
    "ContainerSpec",
    "ExecResult",
    "FileContent",
    "HasLayer",
    "MountSpec",
    "RuntimeListener",
    "StartFailure",
]
