"""A pod as the kernel holds it: containers, processes, terminals, exec sessions, sockets.

A sandbox is the unit that is copied: whatever its processes share lies inside it, and it refers to
the rest of the cluster (volumes, connections, image layers) by name.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cluster_engine.runtime.container import ContainerSpec
from cluster_engine.runtime.filesystem.namespace import Namespace
from cluster_engine.runtime.filesystem.volume import Volume
from cluster_engine.runtime.handles import ConnectionHandle, Listener, LogHandle
from cluster_engine.runtime.logs import ContainerLog
from cluster_engine.runtime.pipe import Pipe
from cluster_engine.runtime.process import PidNamespace
from cluster_engine.runtime.system import Ended
from cluster_engine.runtime.terminal import Terminal

#: Host work (microseconds) that a pod may do at once, and what it gets back each millisecond.
WORK_BURST = 200_000
WORK_PER_MS = 50
#: The processor that a container uses is its work over about so long.
USAGE_WINDOW_MS = 15_000


class Container:
    """One container, running or ended."""

    __slots__ = (
        "attached",
        "exit_code",
        "files",
        "is_running",
        "kill_ticket",
        "layer",
        "log",
        "managed",
        "namespace_key",
        "outputs",
        "pid",
        "reason",
        "spec",
        "stdin",
        "terminal",
        "work",
        "work_since_ms",
        "worked_at_ms",
    )

    def __init__(
        self, spec: ContainerSpec, files: Namespace, layer: Volume, managed: Volume, log_max: int
    ) -> None:
        self.spec = spec
        self.files = files
        #: Its writable layer, and the files that the kubelet manages.
        self.layer = layer
        self.managed = managed
        self.log = ContainerLog(log_max)
        self.outputs: tuple[LogHandle, ...] = ()
        self.terminal: Terminal | None = None
        self.stdin: Pipe | None = None
        #: Numbers of sessions that are attached to the first process.
        self.attached: list[int] = []
        self.namespace_key = ""
        self.pid = 0
        self.is_running = False
        self.exit_code = 0
        self.reason = ""
        self.kill_ticket: int | None = None
        #: Work done since a moment, and when the last of it was done, for the metrics.
        self.work = 0
        self.work_since_ms = 0
        self.worked_at_ms = 0

    def add_work(self, work: int, now_ms: int) -> None:
        """It has worked."""
        if now_ms - self.work_since_ms > USAGE_WINDOW_MS:
            self.work = 0
            self.work_since_ms = now_ms
        self.work += work
        self.worked_at_ms = now_ms

    def cpu_milli(self, now_ms: int) -> int:
        """The processor that its work of the last seconds takes, in thousandths. Asking changes
        nothing: who looks on leaves no trace in the cluster."""
        if now_ms - self.worked_at_ms > USAGE_WINDOW_MS:
            return 0
        elapsed_ms = max(now_ms - self.work_since_ms, 1)
        return min(1000 * self.work // (elapsed_ms * WORK_PER_MS), 1000)


@dataclass(slots=True)
class Session:
    """A command run beside a container's first process (or a client attached to that one)."""

    id: int
    container_id: str
    #: pid namespace and pid of the command; pid 0 for an attached client.
    namespace_key: str = ""
    pid: int = 0
    terminal: Terminal | None = None
    stdin: Pipe | None = None
    stdout: Pipe | None = None
    stderr: Pipe | None = None
    ended: Ended | None = None
    command: tuple[str, ...] = ()
    #: Output of a command without a client, kept for its result.
    is_silent: bool = False
    #: The host's words about a terminal that lives on without a client; None: it does not.
    label: str | None = None


@dataclass(slots=True)
class Sandbox:
    """One pod."""

    id: str
    ip: str
    hostname: str
    namespace: str
    node: str
    containers: dict[str, Container] = field(default_factory=dict)
    pids: dict[str, PidNamespace] = field(default_factory=dict)
    sessions: dict[int, Session] = field(default_factory=dict)
    listeners: dict[int, Listener] = field(default_factory=dict)
    ends: dict[tuple[int, int], ConnectionHandle] = field(default_factory=dict)
    next_terminal: int = 0
    next_pipe: int = 30_000
    #: What is left of the work it may do, and when that was counted.
    work_left: int = WORK_BURST
    work_at_ms: int = 0

    def refill(self, now_ms: int) -> None:
        """Give it the work that the time since the last call is worth."""
        if now_ms > self.work_at_ms:
            earned = (now_ms - self.work_at_ms) * WORK_PER_MS
            self.work_left = min(self.work_left + earned, WORK_BURST)
            self.work_at_ms = now_ms
