"""A process and the pid namespace it lives in. Data only; the kernel moves them."""

from __future__ import annotations

from collections.abc import Mapping

from cluster_engine.apiserver.requests import Caller
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.handles import Handle
from cluster_engine.runtime.pipe import Address
from cluster_engine.runtime.program import Program, Usage, Waiting
from cluster_engine.runtime.system import Ended
from cluster_engine.runtime.terminal import Terminal

DESCRIPTORS_MAX = 256


class Process:
    """One process."""

    __slots__ = (
        "address",
        "arguments",
        "children",
        "container_id",
        "cpu_units",
        "cwd",
        "ended",
        "environment",
        "executable",
        "fds",
        "gid",
        "group",
        "groups",
        "ignored",
        "is_orphan",
        "is_queued",
        "is_stopped",
        "parent",
        "pending",
        "person",
        "program",
        "replacement",
        "session",
        "session_id",
        "start_ms",
        "stopped",
        "terminal",
        "ticket",
        "uid",
        "umask",
        "usage",
        "waits",
    )

    def __init__(
        self,
        address: Address,
        parent: int,
        container_id: str,
        program: Program | None,
        arguments: list[str],
        environment: Mapping[str, str],
        start_ms: int,
    ) -> None:
        self.address = address
        self.parent = parent
        self.container_id = container_id
        #: None for a pod's pause process, which only sits there.
        self.program = program
        self.arguments = arguments
        self.environment: Mapping[str, str] = environment
        self.start_ms = start_ms
        self.executable = arguments[0] if arguments else ""
        self.group = self.session = address[2]
        self.cwd = "/"
        self.uid = self.gid = 0
        self.groups: tuple[int, ...] = ()
        self.umask = 0o022
        self.fds: dict[int, Handle] = {}
        self.terminal: Terminal | None = None
        self.children: list[int] = []
        self.pending: list[int] = []
        self.ignored: frozenset[int] = frozenset()
        self.usage: Usage | None = None
        self.cpu_units = 0
        #: How it ended; a zombie until its parent has asked.
        self.ended: Ended | None = None
        #: That it was stopped, until its parent has asked.
        self.stopped: Ended | None = None
        self.is_stopped = False
        #: Its parent has ended: pid 1 is its parent now.
        self.is_orphan = False
        #: What it waits for; None while it is in the run queue.
        self.waits: Waiting | None = None
        self.is_queued = False
        #: The agenda's ticket for `waits.until_ms`.
        self.ticket: int | None = None
        #: What `execute` asked for, done after the step.
        self.replacement: Process | None = None
        #: The exec session that it leads, 0 for none.
        self.session_id = 0
        #: Who started it, or has typed into its terminal since; on the console machine only.
        self.person: Caller | None = None

    @property
    def pid(self) -> int:
        return self.address[2]

    def handle(self, fd: int) -> Handle:
        """The open file of a descriptor. EBADF."""
        try:
            return self.fds[fd]
        except KeyError:
            raise Errno("EBADF") from None

    def free_descriptor(self, minimum: int = 0) -> int:
        """The lowest free one. EMFILE."""
        if len(self.fds) >= DESCRIPTORS_MAX:
            raise Errno("EMFILE")
        fd = minimum
        while fd in self.fds:
            fd += 1
        return fd


class PidNamespace:
    """The processes that see each other, by pid."""

    __slots__ = ("key", "next_pid", "processes")

    def __init__(self, key: str) -> None:
        self.key = key
        self.processes: dict[int, Process] = {}
        self.next_pid = 1

    def take_pid(self) -> int:
        """The next pid."""
        pid = self.next_pid
        self.next_pid += 1
        return pid
