"""What the kubelets need from the rooms below: a container runtime and a catalogue of images.

Fulfilled by `runtime.kernel.Kernel` and `images.catalogue.Catalogue`; tests may bring their own.
Containers and volumes are named by ids, so that a copied cluster finds its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from cluster_engine.apiserver.requests import Stream
from cluster_engine.images.image import Image, PullFailure
from cluster_engine.runtime.container import ContainerSpec, FileContent, RuntimeListener
from cluster_engine.runtime.logs import LogLine
from cluster_engine.runtime.signals import SIGTERM


class Runtime(Protocol):
    """What runs containers."""

    listener: RuntimeListener | None

    def start_container(self, spec: ContainerSpec) -> None:
        """Make a container and start its first process. Raises StartFailure."""

    def stop_container(self, container_id: str, grace_ms: int, signal: int = SIGTERM) -> None:
        """Ask it to end, and kill it after the grace; told through `container_exited`."""

    def update_limits(self, container_id: str, cpu_milli: int, memory_bytes: int) -> None:
        """Give a container other limits; 0 for none."""

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
        """Run a command without a client; its id is given back to `command_finished`.
        Raises StartFailure."""

    def cancel(self, command_id: int) -> None:
        """Kill a command started with `run`; nothing more is told of it."""

    def log(self, container_id: str) -> Sequence[LogLine]:
        """The lines of a container's log that are kept, oldest first."""

    def log_after(self, container_id: str, number: int) -> tuple[Sequence[LogLine], int]:
        """The kept lines from that number on, and the number after the last."""

    def look_at(self, container_id: str, path: str) -> bytes | list[str]:
        """What root finds at a path of a running container: a file's bytes, a directory's names.
        Raises Errno. Looking may leave traces: for a copied cluster only."""

    def termination_message(self, container_id: str) -> bytes:
        """What the container has written to its termination message path."""

    def usage(self, container_id: str) -> tuple[int, int]:
        """What a container uses: (CPU in thousandths, memory in bytes)."""

    def add_empty_directory(
        self, volume_id: str, *, mode: int, gid: int | None, bytes_max: int, is_memory: bool
    ) -> None:
        """A writable volume shared by all containers that mount it."""

    def add_projection(self, volume_id: str, files: Mapping[str, FileContent] | None) -> None:
        """A read-only volume with `..data` links; again with other files: an atomic update.
        None: its files are asked for (`RuntimeListener.volume_files`) when someone looks."""

    def add_host_directory(self, volume_id: str, node: str, path: str, type_: str) -> None:
        """A path of a node's own file system. Raises StartFailure when it is not of that type."""

    def remove_volume(self, volume_id: str) -> None:
        """Forget a volume (of a node's file system only the mount)."""


class Catalogue(Protocol):
    """All images there are."""

    def find(self, reference: str) -> Image | PullFailure:
        """The image of that name, or why it cannot be pulled."""

    def unreachable(self, reference: str) -> PullFailure:
        """Why it cannot be pulled while nothing reaches its registry."""
