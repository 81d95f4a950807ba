"""What all calls have: the process, its container and pod, and who it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cluster_engine.runtime.filesystem.namespace import Namespace, Place
from cluster_engine.runtime.process import PidNamespace, Process
from cluster_engine.runtime.sandbox import Container, Sandbox

if TYPE_CHECKING:
    from cluster_engine.runtime.kernel import Kernel

RANDOM_BYTES_MAX = 65_536


class Base:
    """A process at one of its steps; made for the step and not kept."""

    __slots__ = ("_container", "_files", "_kernel", "_pids", "_process", "_sandbox", "worked")

    def __init__(self, kernel: Kernel, sandbox: Sandbox, process: Process) -> None:
        self._kernel = kernel
        self._sandbox: Sandbox = sandbox
        self._process: Process = process
        self._container: Container = sandbox.containers[process.container_id]
        self._files: Namespace = self._container.files
        self._pids: PidNamespace = sandbox.pids[process.address[1]]
        #: Work accounted for in this step.
        self.worked = 0

    # Who and where

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def parent(self) -> int:
        return self._process.parent

    @property
    def uid(self) -> int:
        return self._process.uid

    @property
    def gid(self) -> int:
        return self._process.gid

    @property
    def groups(self) -> tuple[int, ...]:
        return self._process.groups

    @property
    def arguments(self) -> list[str]:
        return self._process.arguments

    @property
    def environment(self) -> dict[str, str]:
        held = self._process.environment
        if not isinstance(held, dict):
            held = self._process.environment = dict(held)
        return held

    @property
    def cwd(self) -> str:
        return self._process.cwd

    @property
    def hostname(self) -> str:
        return self._sandbox.hostname

    @property
    def node(self) -> str:
        return self._sandbox.node

    @property
    def namespace(self) -> str:
        return self._sandbox.namespace

    @property
    def ip(self) -> str:
        return self._sandbox.ip

    @property
    def now_ms(self) -> int:
        return self._kernel.now_ms

    @property
    def boot_ms(self) -> int:
        return self._kernel.boot_ms

    @property
    def memory_limit_bytes(self) -> int:
        return self._container.spec.memory_limit_bytes

    @property
    def cpu_limit_milli(self) -> int:
        return self._container.spec.cpu_limit_milli

    def random(self, count: int) -> bytes:
        return self._kernel.random(min(count, RANDOM_BYTES_MAX))

    def work(self, units: int) -> None:
        self.worked += units

    def count_as(self, units: int) -> None:
        self.worked = units

    # Paths

    def _find(self, path: str, *, follow: bool = True) -> Place:
        return self._files.find(path, self._process.cwd, self, follow=follow)

    def _look(self, path: str, *, follow: bool = True) -> Place:
        return self._files.look(path, self._process.cwd, self, follow=follow)

    # What file systems ask of their viewer

    def umask(self, mask: int | None = None) -> int:
        before = self._process.umask
        if mask is not None:
            self._process.umask = mask & 0o777
        return before
