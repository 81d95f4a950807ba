"""What a directory holds: files, directories, links, devices, pipes.

A node with an `origin` belongs to a sealed layer: it is shared by every container of every cluster
and never changes; `Place.own` copies it on the first write. Nodes know nothing of their names.
"""

from __future__ import annotations

from typing import Protocol

from cluster_engine.runtime.pipe import Pipe
from cluster_engine.runtime.system import Kind

#: When images were built, in virtual time: 2025-11-18 00:00 UTC.
BUILT_MS = 1_763_424_000_000
#: Between the layer's name and the path in a node's origin.
ORIGIN_SEPARATOR = "\0"
#: How a simulated binary begins; the program's name follows, so that a copy runs too.
BINARY = b"\x7fELF\x02\x01\x01\0podyard:"


class Node:
    """What all nodes have. `mode` holds the permission bits."""

    __slots__ = ("gid", "inode", "links", "mode", "mtime_ms", "origin", "uid")
    kind: Kind = "file"

    def __init__(self, mode: int, uid: int = 0, gid: int = 0, mtime_ms: int = BUILT_MS) -> None:
        self.mode = mode
        self.uid = uid
        self.gid = gid
        self.mtime_ms = mtime_ms
        self.inode = 0
        self.links = 1
        #: Layer name, separator and path of a sealed layer's node; a word for generated nodes;
        #: "" for what a container owns.
        self.origin = ""

    @property
    def size(self) -> int:
        """As `stat` shows it."""
        return 0

    def copy(self) -> Node:
        """A private node with the same content (children are shared)."""
        raise NotImplementedError

    def _copy_facts(self, twin: Node) -> None:
        twin.inode = self.inode


class File(Node):
    """A regular file: stored bytes, then zeros up to its size (big empty files are cheap)."""

    __slots__ = ("data", "length", "opens")

    def __init__(
        self,
        data: bytes | bytearray = b"",
        mode: int = 0o644,
        uid: int = 0,
        gid: int = 0,
        mtime_ms: int = BUILT_MS,
        *,
        length: int = -1,
    ) -> None:
        super().__init__(mode, uid, gid, mtime_ms)
        self.data = data
        self.length = len(data) if length < 0 else length
        #: How many descriptors refer to it: it lives on after its last name.
        self.opens = 0

    @property
    def size(self) -> int:
        return self.length

    def read(self, offset: int, count: int) -> bytes:
        """Up to `count` bytes from `offset`."""
        end = min(offset + count, self.length)
        if end <= offset:
            return b""
        stored = bytes(self.data[offset:end])
        return stored + bytes(end - offset - len(stored))

    @property
    def program(self) -> str:
        """The program that runs when it is executed, "" when it is not a binary."""
        head = bytes(self.data[: len(BINARY) + 64])
        return head[len(BINARY) :].split(b"\0")[0].decode() if head.startswith(BINARY) else ""

    def contents(self) -> bytes:
        """All of it."""
        return self.read(0, self.length)

    def copy(self) -> File:
        twin = File(
            bytearray(self.data),
            self.mode,
            self.uid,
            self.gid,
            self.mtime_ms,
            length=self.length,
        )
        self._copy_facts(twin)
        return twin


class Directory(Node):
    """Names to nodes."""

    __slots__ = ("entries",)
    kind = "directory"

    def __init__(
        self, mode: int = 0o755, uid: int = 0, gid: int = 0, mtime_ms: int = BUILT_MS
    ) -> None:
        super().__init__(mode, uid, gid, mtime_ms)
        self.entries: dict[str, Node] = {}

    @property
    def size(self) -> int:
        return 4096

    def get(self, name: str, viewer: Viewer) -> Node | None:
        """The node of that name as `viewer` sees it."""
        return self.entries.get(name)

    def names(self, viewer: Viewer) -> list[str]:
        """The names, sorted."""
        return sorted(self.entries)

    def copy(self) -> Directory:
        twin = Directory(self.mode, self.uid, self.gid, self.mtime_ms)
        twin.entries = dict(self.entries)
        self._copy_facts(twin)
        return twin


class Symlink(Node):
    """A link to a path."""

    __slots__ = ("target",)
    kind = "symlink"

    def __init__(self, target: str, uid: int = 0, gid: int = 0, mtime_ms: int = BUILT_MS) -> None:
        super().__init__(0o777, uid, gid, mtime_ms)
        self.target = target

    @property
    def size(self) -> int:
        return len(self.target.encode())

    def copy(self) -> Symlink:
        twin = Symlink(self.target, self.uid, self.gid, self.mtime_ms)
        self._copy_facts(twin)
        return twin


class DescriptorLink(Symlink):
    """/proc/<pid>/fd/<n>: reads as a link, opens as the descriptor itself."""

    __slots__ = ("fd", "pid")

    def __init__(self, target: str, pid: int, fd: int) -> None:
        super().__init__(target)
        self.mode = 0o700
        self.pid = pid
        self.fd = fd


class Device(Node):
    """A character device; `name` is what it does: null, zero, full, random, tty, pts."""

    __slots__ = ("name", "numbers")
    kind = "character"

    def __init__(self, name: str, numbers: tuple[int, int], mode: int = 0o666) -> None:
        super().__init__(mode)
        self.name = name
        self.numbers = numbers

    def copy(self) -> Device:
        twin = Device(self.name, self.numbers, self.mode)
        twin.uid, twin.gid, twin.mtime_ms = self.uid, self.gid, self.mtime_ms
        self._copy_facts(twin)
        return twin


class Fifo(Node):
    """A named pipe."""

    __slots__ = ("pipe",)
    kind = "fifo"

    def __init__(self, mode: int, uid: int = 0, gid: int = 0, mtime_ms: int = BUILT_MS) -> None:
        super().__init__(mode, uid, gid, mtime_ms)
        self.pipe = Pipe()

    def copy(self) -> Fifo:
        return self


class Viewer(Protocol):
    """Who looks at a file system: the calling process, for permissions and generated files."""

    @property
    def uid(self) -> int: ...
    @property
    def gid(self) -> int: ...
    @property
    def groups(self) -> tuple[int, ...]: ...
    @property
    def now_ms(self) -> int: ...


def may(node: Node, viewer: Viewer, wanted: int) -> bool:
    """Whether `viewer` may read (4), write (2), execute (1) the node; bits may be joined."""
    if viewer.uid == 0:
        return not wanted & 1 or node.kind == "directory" or bool(node.mode & 0o111)
    if viewer.uid == node.uid:
        granted = node.mode >> 6
    elif viewer.gid == node.gid or node.gid in viewer.groups:
        granted = node.mode >> 3
    else:
        granted = node.mode
    return granted & wanted == wanted
