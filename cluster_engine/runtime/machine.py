"""The machine below the containers: steps processes, wakes them, lets the network reach them.

The lower half of the kernel; `kernel.py` adds what the kubelets call. Programs act through
`calls/`.

Models: the Linux kernel, as far as pods can tell.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import TYPE_CHECKING, Any, cast

from cluster_engine.apiserver.requests import Recipe, Request, Response, Stream
from cluster_engine.network.connection import Connection
from cluster_engine.network.connections import Connections
from cluster_engine.network.fabric import Fabric
from cluster_engine.network.http import HttpReply, HttpRequest
from cluster_engine.runtime import signals
from cluster_engine.runtime.calls.system import ProcessSystem
from cluster_engine.runtime.clients import Clients
from cluster_engine.runtime.container import FileContent, RuntimeListener
from cluster_engine.runtime.copying import to_bytes
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.filesystem.layer import Layer
from cluster_engine.runtime.first_program import ProgramsOfImages
from cluster_engine.runtime.handles import ConnectionHandle, Listener, StreamHandle
from cluster_engine.runtime.lifecycle import Lives
from cluster_engine.runtime.pipe import Address, Pipe, Waiters
from cluster_engine.runtime.process import Process
from cluster_engine.runtime.program import Exited, Program, Waiting
from cluster_engine.runtime.run_queue import RunQueue
from cluster_engine.runtime.sandbox import Sandbox
from cluster_engine.runtime.sandboxes import Sandboxes
from cluster_engine.runtime.snapshot import Snapshots
from cluster_engine.runtime.system import Ended
from cluster_engine.runtime.terminal import Terminal
from cluster_engine.runtime.volumes import Volumes
from cluster_engine.simulation.agenda import Agenda
from cluster_engine.simulation.clock import Clock
from cluster_engine.simulation.limits import Limits
from cluster_engine.simulation.randomness import Randomness

if TYPE_CHECKING:
    from cluster_engine.runtime.kernel import Kernel

CRASHES_MAX = 20


def _nothing(recipe: Recipe) -> None:
    """A kernel without an API server has no streams."""


class Machine:
    """All processes of one cluster. Made as a `Kernel`."""

    name = "kernel"

    def __init__(
        self,
        clock: Clock,
        agenda: Agenda,
        randomness: Randomness,
        limits: Limits,
        fabric: Fabric,
        programs: Mapping[str, Callable[[list[str]], Program]],
        find_layer: Callable[[str], Layer],
    ) -> None:
        self.clock = clock
        self.agenda = agenda
        self.limits = limits
        self.fabric = fabric
        self.programs = programs
        self.boot_ms = clock.now_ms
        self.volumes = Volumes(limits, randomness, self._volume_files)
        self._randomness = randomness
        #: The cluster's API as the console machine's person; wired in `cluster.py`.
        self.api: Callable[[Request], Response] | None = None
        #: Makes streams of a copied cluster from their recipes; wired there too.
        self.revive: Callable[[Recipe], Stream | None] = _nothing
        #: What went wrong inside programs, newest last: bugs of ours.
        self.crashes: list[str] = []
        self.sandboxes = Sandboxes(to_bytes, lambda data: cast(Sandbox, self.snapshots.read(data)))
        #: Container id to pod id.
        self.pods: dict[str, str] = {}
        #: Pods whose programs may use the cluster's API: the console machine.
        self.api_pods: dict[str, None] = {}
        #: Connection ends to the pod that holds them.
        self.ends: dict[tuple[int, int], str] = {}
        self.listener: RuntimeListener | None = None
        kernel = cast("Kernel", self)
        self.lives = Lives(kernel)
        self.programs_of_images = ProgramsOfImages()
        self.queue = RunQueue(kernel)
        self.snapshots = Snapshots(kernel, find_layer)
        self.clients = Clients(kernel)
        fabric.attach(self.name, self)

    # The component

    def wake(self, message: Hashable) -> None:
        """See simulation.component."""
        if message == "run":
            self.queue.run(self.limits.steps_per_wake_max)
        elif isinstance(message, tuple) and message[0] == "timer":
            self.queue.fire((str(message[1]), str(message[2]), int(message[3])))
        elif isinstance(message, tuple) and message[0] == "expire":
            self._expire((str(message[1]), str(message[2]), int(message[3])), int(message[4]))

    def state(self) -> Any:
        """See simulation.component."""
        return self.snapshots.state()

    def restore(self, state: Any) -> None:
        """See simulation.component."""
        self.snapshots.restore(state)

    # Stepping

    @property
    def now_ms(self) -> int:
        return self.clock.now_ms

    @property
    def connections(self) -> Connections:
        return self.fabric.connections

    def random(self, count: int) -> bytes:
        """Seeded random bytes."""
        return self._randomness.stream("processes").randbytes(count)

    def process(self, address: Address) -> Process | None:
        """A process by its address."""
        sandbox = self.sandboxes.get(address[0])
        pids = sandbox.pids.get(address[1]) if sandbox is not None else None
        return pids.processes.get(address[2]) if pids is not None else None

    def step(self, sandbox: Sandbox, process: Process) -> int:
        """Deliver its signals to a process and step it; the work that it did."""
        self.sandboxes.touch(sandbox.id)
        pids = sandbox.pids[process.address[1]]
        system = ProcessSystem(cast("Kernel", self), sandbox, process)
        self.lives.deliver(process, system, pids)
        program = process.program
        if program is None or process.ended is not None or process.is_stopped:
            return system.worked
        try:
            outcome = program.step(system)
        except Errno as error:
            outcome = self._failed(process, system, error)
        except Exception as error:
            outcome = self._crashed(process, system, error)
        process.cpu_units += system.worked
        sandbox.containers[process.container_id].add_work(system.worked, self.now_ms)
        if process.ended is None:
            self._after(process, system, outcome)
        return system.worked

    def is_ready(self, process: Process, waits: Waiting) -> bool:
        """Whether something that the process waits for is true already."""
        handles = process.fds
        for fd in waits.readable:
            handle = handles.get(fd)
            if handle is None or handle.is_readable(self):
                return True
        for fd in waits.writable:
            handle = handles.get(fd)
            if handle is None or handle.is_writable(self):
                return True
        if waits.until_ms is not None and waits.until_ms <= self.now_ms:
            return True
        if waits.children:
            pids = self.sandboxes[process.address[0]].pids[process.address[1]]
            return self.lives.has_news(process, pids, waits.children)
        return not waits.readable and not waits.writable and waits.until_ms is None

    def _after(self, process: Process, system: ProcessSystem, outcome: Exited | Waiting) -> None:
        if process.replacement is not None:
            after = process.replacement
            process.replacement = None
            process.program, process.arguments = after.program, after.arguments
            process.environment, process.executable = after.environment, after.executable
            process.usage = None
            outcome = Waiting()
        if isinstance(outcome, Exited):
            pids = self.sandboxes[process.address[0]].pids[process.address[1]]
            self.lives.deliver(process, system, pids)
            self.lives.end(process, pids, Ended(process.pid, outcome.code & 0xFF))
        elif process.pending:
            self.queue.put(process)
        else:
            self.queue.wait(process, outcome)

    def _failed(self, process: Process, system: ProcessSystem, error: Errno) -> Exited | Waiting:
        """A program let a refused call pass: it ends, unless a signal has come with it."""
        if signals.SIGPIPE in process.pending:
            pids = self.sandboxes[process.address[0]].pids[process.address[1]]
            self.lives.deliver(process, system, pids)
        if process.ended is None and 2 in process.fds:
            name = process.arguments[0].rsplit("/", 1)[-1] if process.arguments else "program"
            try:
                system.write(2, f"{name}: {error.text}\n".encode())
            except Errno:
                return Exited(1)
        return Exited(1)

    def _crashed(self, process: Process, system: ProcessSystem, error: Exception) -> Exited:
        """A bug of ours in a program ends that program only."""
        self._note_crash(process, error)
        if 2 in process.fds:
            try:
                system.write(2, b"Segmentation fault (core dumped)\n")
            except Errno:
                return Exited(139)
        return Exited(139)

    def _note_crash(self, process: Process, error: Exception) -> None:
        words = " ".join(process.arguments)[:200]
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        where = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
        self.crashes = [*self.crashes[-CRASHES_MAX:], f"{words}: {error!r} at {where}"]

    # What open files tell (handles.Caller)

    def changed(self, waiters: Waiters) -> None:
        """Step the processes that wait for this, tell the client at its other end."""
        for address in waiters.take_waiters():
            self.queue.wake(address)
        if isinstance(waiters, (Pipe, Terminal)):
            self.clients.changed(waiters)

    def logged(self, container_id: str) -> None:
        """A container's log has grown."""
        if self.listener is not None:
            self.listener.log_written(container_id)

    def unlisten(self, handle: Listener) -> None:
        """A listening port is closed."""
        sandbox = self.sandboxes.get(handle.owner[0])
        if sandbox is not None and sandbox.listeners.pop(handle.port, None) is not None:
            self.fabric.unlisten(handle.ip, handle.port)
        for number in handle.backlog:
            self.connections.drop(number)

    def close_end(self, handle: ConnectionHandle) -> None:
        """A process has closed its end of a connection."""
        key = (handle.number, handle.side)
        sandbox = self.sandboxes.get(self.ends.pop(key, ""))
        if sandbox is not None:
            sandbox.ends.pop(key, None)
        self.connections.close(*key)

    # What the fabric asks (network.connection.Party)

    def accept(self, key: Hashable, connection: Connection) -> bool:
        """A client wants a byte stream to a listening process."""
        listener = self._listener(key)
        if listener is None or len(listener.backlog) >= Listener.BACKLOG_MAX:
            return False
        self.sandboxes.touch(listener.owner[0])
        listener.backlog.append(connection.id)
        self.changed(listener.waiting)
        return True

    def answer(self, key: Hashable, request: HttpRequest) -> HttpReply | None:
        """Let a listening program answer a request."""
        listener = self._listener(key)
        process = self.process(listener.owner) if listener is not None else None
        if process is None or process.ended is not None or process.is_stopped:
            return None
        sandbox = self.sandboxes[process.address[0]]
        self.sandboxes.touch(sandbox.id)
        serve: Callable[[Any, HttpRequest], HttpReply] | None = getattr(
            process.program, "http", None
        )
        if serve is None:
            return None
        system = ProcessSystem(cast("Kernel", self), sandbox, process)
        try:
            reply: HttpReply = serve(system, request)
        except Errno as error:
            reply = HttpReply(500, f"{error.text}\n".encode())
        except Exception as error:
            self._note_crash(process, error)
            reply = HttpReply(500)
        sandbox.work_left -= system.worked
        sandbox.containers[process.container_id].add_work(system.worked, self.now_ms)
        return reply

    def ready(self, connection_id: int, side: int) -> None:
        """An end of a connection has something to read, room to write, or has ended."""
        sandbox = self.sandboxes.get(self.ends.get((connection_id, side), ""))
        end = sandbox.ends.get((connection_id, side)) if sandbox is not None else None
        if sandbox is not None and end is not None:
            self.sandboxes.touch(sandbox.id)
            self.changed(end.waiting)

    def _volume_files(self, volume_id: str) -> tuple[Mapping[str, FileContent], int]:
        files = self.listener.volume_files(volume_id) if self.listener is not None else {}
        return files, self.now_ms

    def _expire(self, address: Address, fd: int) -> None:
        """The time that a program gave a watch is over."""
        process = self.process(address)
        handle = process.fds.get(fd) if process is not None else None
        if isinstance(handle, StreamHandle) and handle.deadline_ms is not None:
            self.sandboxes.touch(address[0])
            if handle.stream is not None and handle.deadline_ms <= self.now_ms:
                handle.stream.close()
                self.changed(handle.waiting)

    def _listener(self, key: Hashable) -> Listener | None:
        if not isinstance(key, tuple):
            return None
        sandbox = self.sandboxes.get(str(key[0]))
        return sandbox.listeners.get(int(key[1])) if sandbox is not None else None
