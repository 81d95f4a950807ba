"""Open files: what descriptors refer to. Descriptors made by `dup` and `spawn` share one.

Reads and writes never block: None and 0 say that they would have. Whoever changes something here
wakes who waits for it, through the `Caller`.
"""

from __future__ import annotations

from typing import Protocol

from cluster_engine.apiserver.requests import Frame, Recipe, Stream
from cluster_engine.network.connection import BUFFER_BYTES_MAX
from cluster_engine.network.connections import Connections
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.filesystem.nodes import File, Node
from cluster_engine.runtime.filesystem.volume import Volume
from cluster_engine.runtime.logs import ContainerLog
from cluster_engine.runtime.pipe import Pipe, Waiters
from cluster_engine.runtime.system import O_APPEND, O_RDONLY, O_WRONLY, Kind
from cluster_engine.runtime.terminal import Terminal

_ACCESS = 3


class Caller(Protocol):
    """What an open file needs of the kernel."""

    @property
    def now_ms(self) -> int: ...
    def changed(self, waiters: Waiters) -> None:
        """Step the processes that wait for this, tell a terminal's or pipe's client."""

    def logged(self, container_id: str) -> None:
        """A container's log has grown."""

    def random(self, count: int) -> bytes: ...
    @property
    def connections(self) -> Connections: ...
    def unlisten(self, handle: Listener) -> None: ...
    def close_end(self, handle: ConnectionHandle) -> None: ...


class Handle:
    """Base of all. `name` is what /proc/<pid>/fd shows."""

    __slots__ = ("flags", "name", "references")
    #: For `stat`.
    kind: Kind = "file"

    def __init__(self, name: str, flags: int) -> None:
        self.name = name
        self.flags = flags
        self.references = 0

    def read(self, caller: Caller, count: int) -> bytes | None:
        raise Errno("EBADF")

    def write(self, caller: Caller, data: bytes) -> int:
        raise Errno("EBADF")

    def is_readable(self, caller: Caller) -> bool:
        """Whether a read would not block."""
        return True

    def is_writable(self, caller: Caller) -> bool:
        """Whether a write would not block."""
        return True

    def waiters(self) -> Waiters | None:
        """Where to wait for a change; None when it is always ready."""
        return None

    def release(self, caller: Caller) -> None:
        """The last descriptor is closed."""

    def _check_readable(self) -> None:
        if self.flags & _ACCESS == O_WRONLY:
            raise Errno("EBADF")

    def _check_writable(self) -> None:
        if self.flags & _ACCESS == O_RDONLY:
            raise Errno("EBADF")


class FileHandle(Handle):
    """A regular file, or a directory that was opened."""

    __slots__ = ("node", "offset", "volume")

    def __init__(self, name: str, flags: int, node: Node, volume: Volume) -> None:
        super().__init__(name, flags)
        self.node = node
        self.volume = volume
        self.offset = 0
        if isinstance(node, File) and not node.origin:
            node.opens += 1

    def read(self, caller: Caller, count: int) -> bytes | None:
        self._check_readable()
        if not isinstance(self.node, File):
            raise Errno("EISDIR")
        data = self.node.read(self.offset, count)
        self.offset += len(data)
        return data

    def write(self, caller: Caller, data: bytes) -> int:
        self._check_writable()
        node = self.node
        if not isinstance(node, File):
            raise Errno("EBADF")
        if self.flags & O_APPEND:
            self.offset = node.length
        written = self.volume.write(node, self.offset, data, caller.now_ms)
        self.offset += written
        return written

    def release(self, caller: Caller) -> None:
        if isinstance(self.node, File) and not self.node.origin:
            self.node.opens -= 1
            if not self.node.opens:
                self.volume.released(self.node)


class PipeHandle(Handle):
    """One end of a pipe."""

    __slots__ = ("pipe",)
    kind = "fifo"

    def __init__(self, pipe: Pipe, flags: int, name: str = "") -> None:
        super().__init__(name or f"pipe:[{pipe.number}]", flags)
        self.pipe = pipe
        if flags & _ACCESS != O_WRONLY:
            pipe.readers += 1
        if flags & _ACCESS != O_RDONLY:
            pipe.writers += 1

    def read(self, caller: Caller, count: int) -> bytes | None:
        self._check_readable()
        data = self.pipe.read(count)
        if data:
            caller.changed(self.pipe)
        return data

    def write(self, caller: Caller, data: bytes) -> int:
        self._check_writable()
        if not self.pipe.readers:
            raise Errno("EPIPE")
        taken = self.pipe.write(data)
        if taken:
            caller.changed(self.pipe)
        return taken

    def is_readable(self, caller: Caller) -> bool:
        return self.pipe.is_readable()

    def is_writable(self, caller: Caller) -> bool:
        return self.pipe.is_writable()

    def waiters(self) -> Waiters | None:
        return self.pipe

    def release(self, caller: Caller) -> None:
        if self.flags & _ACCESS != O_WRONLY:
            self.pipe.readers -= 1
        if self.flags & _ACCESS != O_RDONLY:
            self.pipe.writers -= 1
        caller.changed(self.pipe)


class TerminalHandle(Handle):
    """A terminal."""

    __slots__ = ("terminal",)
    kind = "character"

    def __init__(self, terminal: Terminal, flags: int) -> None:
        super().__init__(f"/dev/pts/{terminal.number}", flags)
        self.terminal = terminal

    def read(self, caller: Caller, count: int) -> bytes | None:
        return self.terminal.read(count)

    def write(self, caller: Caller, data: bytes) -> int:
        taken = self.terminal.write(data)
        caller.changed(self.terminal)
        return taken

    def is_readable(self, caller: Caller) -> bool:
        return self.terminal.is_readable()

    def is_writable(self, caller: Caller) -> bool:
        return self.terminal.is_writable()

    def waiters(self) -> Waiters | None:
        return self.terminal


class DeviceHandle(Handle):
    """/dev/null and its like."""

    __slots__ = ("device",)
    kind = "character"

    def __init__(self, name: str, flags: int, device: str) -> None:
        super().__init__(name, flags)
        self.device = device

    def read(self, caller: Caller, count: int) -> bytes | None:
        if self.device == "null":
            return b""
        if self.device == "random":
            return caller.random(min(count, 65536))
        return bytes(count)

    def write(self, caller: Caller, data: bytes) -> int:
        if self.device == "full":
            raise Errno("ENOSPC")
        return len(data)


class LogHandle(Handle):
    """A container's stdout or stderr: what is written goes to its log (and to who is attached)."""

    __slots__ = ("container_id", "copies", "log", "stream")
    kind = "fifo"

    def __init__(self, container_id: str, log: ContainerLog, stream: int) -> None:
        super().__init__(f"pipe:[{4000 + stream}]", O_WRONLY)
        self.container_id = container_id
        self.log = log
        self.stream = stream
        #: Pipes of attached clients.
        self.copies: list[Pipe] = []

    def write(self, caller: Caller, data: bytes) -> int:
        self.log.write(self.stream, data, caller.now_ms)
        caller.logged(self.container_id)
        for pipe in self.copies:
            if pipe.readers:
                pipe.write(data)
                caller.changed(pipe)
        return len(data)


class ConnectionHandle(Handle):
    """One end of a connection of the fabric."""

    __slots__ = ("number", "peer", "side", "waiting")
    kind = "socket"

    def __init__(self, number: int, side: int, peer: tuple[str, int]) -> None:
        super().__init__(f"socket:[{number + 20_000}]", 2)
        self.number = number
        self.side = side
        self.peer = peer
        self.waiting = Waiters()

    def read(self, caller: Caller, count: int) -> bytes | None:
        return caller.connections.receive(self.number, self.side, count)

    def write(self, caller: Caller, data: bytes) -> int:
        if caller.connections.is_broken(self.number, self.side):
            raise Errno("EPIPE")
        return caller.connections.send(self.number, self.side, data)

    def is_readable(self, caller: Caller) -> bool:
        connection = caller.connections.get(self.number)
        if connection is None:
            return True
        return bool(connection.incoming[self.side]) or connection.is_finished[1 - self.side]

    def is_writable(self, caller: Caller) -> bool:
        connection = caller.connections.get(self.number)
        if connection is None or connection.is_closed[1 - self.side]:
            return True
        return len(connection.incoming[1 - self.side]) < BUFFER_BYTES_MAX

    def waiters(self) -> Waiters | None:
        return self.waiting

    def release(self, caller: Caller) -> None:
        caller.close_end(self)


class Listener(Handle):
    """A listening port. Connections wait in `backlog` until they are accepted."""

    __slots__ = ("backlog", "ip", "is_http", "owner", "port", "waiting")
    kind = "socket"
    BACKLOG_MAX = 128

    def __init__(self, ip: str, port: int, owner: tuple[str, str, int], is_http: bool) -> None:
        super().__init__(f"socket:[{port + 10_000}]", 2)
        self.ip = ip
        self.port = port
        self.owner = owner
        self.is_http = is_http
        self.backlog: list[int] = []
        self.waiting = Waiters()

    def is_readable(self, caller: Caller) -> bool:
        return bool(self.backlog)

    def waiters(self) -> Waiters | None:
        return self.waiting

    def release(self, caller: Caller) -> None:
        caller.unlisten(self)


class StreamHandle(Handle):
    """A stream of an API response. A copy has the stream's recipe until it is connected again."""

    __slots__ = ("deadline_ms", "recipe", "stream", "taken", "waiting")

    def __init__(self, stream: Stream | None) -> None:
        super().__init__("socket:[api]", 2)
        self.stream = stream
        self.taken: list[Frame] = []
        self.waiting = Waiters()
        self.recipe: Recipe | None = None
        #: When a watch ends by itself.
        self.deadline_ms: int | None = None

    def __getstate__(self) -> tuple[None, dict[str, object]]:
        recipe = self.stream.recipe() if self.stream is not None else self.recipe
        return None, {
            "name": self.name,
            "flags": self.flags,
            "references": self.references,
            "stream": None,
            "taken": self.taken,
            "waiting": self.waiting,
            "recipe": recipe,
            "deadline_ms": self.deadline_ms,
        }

    def connect(self, stream: Stream | None, caller: Caller) -> None:
        """Read from that stream from now on."""
        self.stream, self.recipe = stream, None
        if stream is not None:
            stream.on_ready = lambda: caller.changed(self.waiting)

    def frames(self) -> list[Frame] | None:
        """Frames; None: none yet; []: the end."""
        if self.is_readable_now():
            found, self.taken = self.taken, []
            return found
        return None

    def is_readable_now(self) -> bool:
        """Whether frames wait or none will come."""
        if not self.taken and self.stream is not None:
            self.taken = self.stream.read()
        return bool(self.taken) or self.stream is None or self.stream.is_done

    def is_readable(self, caller: Caller) -> bool:
        return self.is_readable_now()

    def waiters(self) -> Waiters | None:
        return self.waiting

    def release(self, caller: Caller) -> None:
        if self.stream is not None:
            self.stream.close()
