"""What the kubelets need from the rooms below: a container runtime and a catalogue of images.

The kernel and the catalogue fulfil these; tests may bring their own. Everything that passes is
data: containers and volumes are named by ids, so that a copied cluster finds its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from cluster_engine.apiserver.requests import Stream


@dataclass(frozen=True, slots=True)
class FileContent:
    """A file of a projected volume."""

    data: bytes
    mode: int = 0o644
    uid: int = 0
    gid: int = 0


@dataclass(frozen=True, slots=True)
class Mount:
    """A volume (or a piece of it) at a path of a container."""

    path: str
    volume_id: str
    sub_path: str = ""
    is_read_only: bool = False


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
    image: Any
    command: tuple[str, ...]
    environment: Mapping[str, str]
    working_dir: str = "/"
    uid: int = 0
    gid: int = 0
    groups: tuple[int, ...] = ()
    mounts: tuple[Mount, ...] = ()
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


class StartFailure(Exception):
    """The runtime could not start a container; `str()` is containerd's text."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of a container's log (without the newline) or a part of one."""

    time_ms: int
    #: 1 for stdout, 2 for stderr.
    stream: int
    text: bytes
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class ExecResult:
    """How a command that the kubelet ran inside a container ended."""

    exit_code: int
    output: bytes = b""


class RuntimeListener(Protocol):
    """What the runtime tells and asks the kubelets. None of the calls does more than take note."""

    def container_exited(self, container_id: str, exit_code: int, reason: str) -> None:
        """A container's first process has ended; `reason` is "OOMKilled" or empty."""

    def command_finished(self, command_id: int, result: ExecResult) -> None:
        """A command started with `run` has ended."""

    def volume_files(self, volume_id: str) -> Mapping[str, FileContent]:
        """What a projected volume contains now."""

    def log_written(self, container_id: str) -> None:
        """A followed container has written to its log."""


class Runtime(Protocol):
    """What runs containers (the kernel)."""

    def start_container(self, spec: ContainerSpec) -> None:
        """Make a container and start its first process. Raises StartFailure."""

    def stop_container(self, container_id: str, grace_ms: int) -> None:
        """Ask it to end (SIGTERM), and kill it after the grace; told through `container_exited`."""

    def remove_container(self, container_id: str) -> None:
        """Forget an ended container, its layer and its log."""

    def exec(
        self,
        container_id: str,
        command: Sequence[str],
        *,
        stdin: bool,
        stdout: bool,
        stderr: bool,
        tty: bool,
    ) -> Stream:
        """Run a command with a client at its other end; ends with a Status on ERROR."""

    def attach(
        self, container_id: str, *, stdin: bool, stdout: bool, stderr: bool, tty: bool
    ) -> Stream:
        """Join the first process."""

    def run(self, container_id: str, command: Sequence[str]) -> int:
        """Run a command without a client; its id is given back to `command_finished`."""

    def cancel(self, command_id: int) -> None:
        """Kill a command started with `run`; nothing more is told of it."""

    def log(self, container_id: str) -> Sequence[LogLine]:
        """The lines of a container's log that are kept, oldest first."""

    def termination_message(self, container_id: str) -> bytes:
        """What the container has written to its termination message path."""

    def add_empty_directory(self, volume_id: str, *, mode: int, gid: int | None) -> None:
        """A writable volume shared by all containers that mount it."""

    def add_projection(self, volume_id: str, files: Mapping[str, FileContent] | None) -> None:
        """A read-only volume with `..data` links; again with other files: an atomic update.

        None: ask `RuntimeListener.volume_files` when someone first looks into it.
        """

    def add_host_directory(self, volume_id: str, node: str, path: str, type_: str) -> None:
        """A path of a node's own file system. Raises StartFailure when it is not of that type."""

    def remove_volume(self, volume_id: str) -> None:
        """Forget a volume (of a node's file system only the mount)."""


class Image(Protocol):
    """An image that a container can be made of."""

    @property
    def reference(self) -> str:
        """The full name: docker.io/library/nginx:1.27."""

    @property
    def digest(self) -> str:
        """The reference by content: docker.io/library/nginx@sha256:…"""

    @property
    def size_bytes(self) -> int: ...

    @property
    def entrypoint(self) -> Sequence[str]: ...

    @property
    def command(self) -> Sequence[str]: ...

    @property
    def environment(self) -> Mapping[str, str]: ...

    @property
    def working_dir(self) -> str: ...

    @property
    def user(self) -> str: ...

    @property
    def pull_seconds(self) -> float: ...


@dataclass(frozen=True, slots=True)
class PullFailure:
    """Why an image cannot be had; `message` is containerd's text."""

    reason: str
    message: str


class Catalogue(Protocol):
    """All images there are."""

    def find(self, reference: str) -> Image | PullFailure:
        """The image of that name."""
