"""The system calls: all that a program can do, through the `System` it is handed at each step.

Programs (`shell`, `kubectl`, the servers of `images`) are written against this protocol; `calls/`
in this package implements it on the kernel. Calls that fail raise `Errno`. No call blocks: reads
and writes that would block say so, and the program returns `Waiting`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

from cluster_engine.apiserver.requests import Frame, Request, Response, Stream
from cluster_engine.network.http import HttpReply, HttpRequest
from cluster_engine.runtime.program import Program

#: Flags of `open`.
O_RDONLY, O_WRONLY, O_RDWR = 0, 1, 2
O_CREAT, O_EXCL, O_TRUNC, O_APPEND = 0o100, 0o200, 0o1000, 0o2000
O_DIRECTORY, O_NOFOLLOW = 0o200000, 0o400000

#: Whence of `seek`.
SEEK_SET, SEEK_CUR, SEEK_END = 0, 1, 2

Kind: TypeAlias = Literal["file", "directory", "symlink", "character", "fifo", "socket"]


@dataclass(frozen=True, slots=True)
class FileStatus:
    """What `stat` tells. `mode` holds the permission bits only; `kind` the type."""

    kind: Kind
    mode: int
    uid: int
    gid: int
    size: int
    mtime_ms: int
    inode: int
    links: int
    #: Number of the file system, and of the device node itself (major, minor).
    device: int = 0
    special: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class FileSystemStatus:
    """What `statvfs` and /proc/mounts tell of one mount."""

    source: str
    path: str
    type: str
    options: str
    bytes_total: int
    bytes_used: int
    files_total: int
    files_used: int


@dataclass(frozen=True, slots=True)
class ProcessStatus:
    """What /proc tells of one process."""

    pid: int
    parent: int
    group: int
    session: int
    uid: int
    gid: int
    #: R running, S sleeping, T stopped, Z zombie.
    state: str
    arguments: tuple[str, ...]
    start_ms: int
    cpu_ms: int
    memory_bytes: int
    #: "pts/0", or "?" without one.
    terminal: str
    #: Whether it is in the foreground of its terminal.
    is_foreground: bool = False
    threads: int = 1

    @property
    def name(self) -> str:
        """The command's name, at most 15 bytes."""
        return self.arguments[0].rsplit("/", 1)[-1][:15] if self.arguments else ""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended: an exit code, or the signal that killed (or stopped) it."""

    pid: int
    code: int = 0
    signal: int = 0
    is_stopped: bool = False

    @property
    def status(self) -> int:
        """As `$?` shows it."""
        return 128 + self.signal if self.signal else self.code


@dataclass(frozen=True, slots=True)
class SocketStatus:
    """One line of `ss`."""

    is_listening: bool
    local: tuple[str, int]
    peer: tuple[str, int]
    pid: int
    name: str


@dataclass(slots=True)
class TerminalMode:
    """The line discipline. `is_canonical`: input comes line by line, edited by the kernel."""

    is_canonical: bool = True
    has_echo: bool = True
    #: Whether ^C, ^\\ and ^Z send signals.
    has_signals: bool = True
    #: Whether "\\n" goes out as "\\r\\n".
    has_newlines: bool = True


@dataclass(frozen=True, slots=True)
class Spawn:
    """What `spawn` starts; see `System.spawn`."""

    arguments: Sequence[str]
    environment: Mapping[str, str] | None = None
    #: The child's descriptors, each from one of the caller's; None: 0, 1, 2 as they are.
    fds: Mapping[int, int] | None = None
    cwd: str | None = None
    #: Run this instead of looking for an executable (a subshell).
    program: Program | None = None
    #: The process group to join; 0: a new one led by the child; None: the caller's.
    group: int | None = None
    #: Make the child's group the foreground of the caller's terminal.
    is_foreground: bool = False
    #: The executable, when it is not the one that `arguments[0]` stands for.
    path: str | None = None
    #: Signals that the child ignores from the start.
    ignored: Sequence[int] = field(default_factory=tuple)


class System(Protocol):
    """The system calls of one process."""

    # Who and where

    @property
    def pid(self) -> int: ...
    @property
    def parent(self) -> int: ...
    @property
    def uid(self) -> int: ...
    @property
    def gid(self) -> int: ...
    @property
    def groups(self) -> tuple[int, ...]: ...
    @property
    def arguments(self) -> list[str]:
        """`argv`; [0] is the name it was called by."""
        ...

    @property
    def environment(self) -> dict[str, str]:
        """The process' own copy; spawned children get what `spawn` says, else a copy of it."""
        ...

    @property
    def cwd(self) -> str: ...
    @property
    def hostname(self) -> str: ...
    @property
    def node(self) -> str: ...
    @property
    def namespace(self) -> str: ...
    @property
    def ip(self) -> str: ...
    @property
    def now_ms(self) -> int: ...
    @property
    def boot_ms(self) -> int:
        """When the node started, for uptime."""
        ...

    @property
    def memory_limit_bytes(self) -> int:
        """0 without a limit."""
        ...

    @property
    def cpu_limit_milli(self) -> int:
        """0 without a limit."""
        ...

    def random(self, count: int) -> bytes:
        """Seeded random bytes (at most 65536)."""

    def work(self, units: int) -> None:
        """Account for work done in this step: about a microsecond of the host's time a unit.
        A step should stay below a few hundred."""

    def count_as(self, units: int) -> None:
        """Let what this step has done count as so much, however much of it was known already."""

    # Descriptors

    def read(self, fd: int, count: int = 65536) -> bytes | None:
        """Bytes; b"" at the end; None when it would block (wait with `readable`)."""

    def write(self, fd: int, data: bytes) -> int:
        """How many bytes were taken; 0 when it would block (wait with `writable`).
        EPIPE (and SIGPIPE) when nobody reads any more."""

    def open(self, path: str, flags: int = O_RDONLY, mode: int = 0o666) -> int: ...
    def close(self, fd: int) -> None: ...
    def dup(self, fd: int, minimum: int = 0) -> int:
        """A second descriptor, the lowest free one from `minimum`."""

    def dup2(self, fd: int, new: int) -> None: ...
    def pipe(self) -> tuple[int, int]:
        """(read end, write end)."""

    def seek(self, fd: int, offset: int, whence: int = SEEK_SET) -> int: ...
    def descriptors(self) -> list[int]:
        """The open ones, in order."""

    def descriptor_name(self, fd: int, pid: int = 0) -> str:
        """What /proc/<pid>/fd/<fd> points to: a path, "pipe:[…]", "/dev/pts/0"."""

    def fstat(self, fd: int) -> FileStatus: ...
    def ftruncate(self, fd: int, size: int) -> None: ...

    # Files by path

    def stat(self, path: str) -> FileStatus: ...
    def lstat(self, path: str) -> FileStatus: ...
    def exists(self, path: str) -> bool: ...
    def access(self, path: str, mode: int) -> bool:
        """Whether the process may read (4), write (2), execute (1) it."""

    def unchanged_layer(self, *paths: str) -> str:
        """The name of the image's layer while the container has changed no file of it and nothing
        is mounted at, above or below those paths; else "". What a program finds out from them
        then, it need not find out in each container."""

    def list_directory(self, path: str) -> list[str]:
        """Names in order, without "." and ".."."""

    def mkdir(self, path: str, mode: int = 0o777) -> None: ...
    def mkfifo(self, path: str, mode: int = 0o666) -> None: ...
    def rmdir(self, path: str) -> None: ...
    def unlink(self, path: str) -> None: ...
    def rename(self, source: str, target: str) -> None: ...
    def symlink(self, target: str, path: str) -> None: ...
    def link(self, source: str, path: str) -> None: ...
    def readlink(self, path: str) -> str: ...
    def realpath(self, path: str) -> str:
        """The absolute path without links; ENOENT when it does not exist."""

    def chmod(self, path: str, mode: int) -> None: ...
    def chown(self, path: str, uid: int, gid: int, *, follow: bool = True) -> None:
        """-1 leaves one as it is."""

    def utime(self, path: str, mtime_ms: int | None = None) -> None: ...
    def truncate(self, path: str, size: int) -> None: ...
    def read_file(self, path: str) -> bytes: ...
    def write_file(
        self, path: str, data: bytes, *, append: bool = False, mode: int = 0o666
    ) -> None: ...
    def statvfs(self, path: str) -> FileSystemStatus: ...
    def mounts(self) -> list[FileSystemStatus]: ...
    def chdir(self, path: str) -> None: ...
    def umask(self, mask: int | None = None) -> int:
        """The mask before; set when one is given."""

    # Processes

    def spawn(self, spawn: Spawn) -> int:
        """Start a child; its pid. Looks the program up in PATH and follows `#!`.
        ENOENT, EACCES, ENOEXEC, EAGAIN (too many processes)."""

    def execute(
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str] | None,
        path: str | None = None,
    ) -> None:
        """Become another program after this step (exec). Raises as `spawn`."""

    def find_program(self, name: str, path: str | None = None) -> str | None:
        """The executable that `spawn` would run (`which`)."""

    def wait(self, pid: int = -1) -> Ended | None:
        """A child that has ended or stopped; None when none has yet; ECHILD without children."""

    def kill(self, pid: int, signal: int) -> None:
        """0: my group; -1: all but pid 1; -n: that group. ESRCH, EPERM, EINVAL."""

    def processes(self) -> list[ProcessStatus]:
        """All that this process can see, by pid."""

    def process_environment(self, pid: int) -> dict[str, str]: ...
    def set_group(self, pid: int, group: int) -> None: ...
    def group(self, pid: int = 0) -> int: ...
    def set_session(self) -> None:
        """Leave the terminal: a new session and group."""

    def ignore_signals(self, numbers: Sequence[int]) -> None:
        """Replace the set of ignored signals (children inherit it)."""

    def ignored_signals(self) -> tuple[int, ...]: ...
    def report_usage(
        self, *, cpu_milli: int | None = None, memory_bytes: int | None = None
    ) -> None:
        """What this program costs its node. More than the container's memory limit kills it."""

    def set_user(self, uid: int, gid: int, groups: Sequence[int] = ()) -> None: ...

    # Terminals

    def is_tty(self, fd: int) -> bool: ...
    def window_size(self, fd: int) -> tuple[int, int]:
        """(columns, rows); ENOTTY."""

    def terminal_mode(self, fd: int) -> TerminalMode: ...
    def set_terminal_mode(self, fd: int, mode: TerminalMode) -> None: ...
    def set_raw(self, fd: int, is_raw: bool) -> None:
        """Key by key, without echo and signals; or back to lines."""

    def foreground(self, fd: int) -> int: ...
    def set_foreground(self, fd: int, group: int) -> None:
        """Which process group gets ^C and may read the terminal."""

    # Network

    def resolve(self, host: str) -> list[str]:
        """Addresses; empty when there is no such host. Raises NetworkError("dns timeout")."""

    def full_name(self, host: str) -> str:
        """The name under which the cluster's DNS knows `host`, "" when it does not."""

    def reverse(self, ip: str) -> str:
        """The name of an address, or ""."""

    def listen(self, port: int, *, is_http: bool = False, takes_streams: bool = False) -> int:
        """A listening descriptor. With `is_http` the program answers whole requests in its method
        `http(system, HttpRequest) -> HttpReply`; else it takes byte streams with `accept`. With
        `takes_streams`, too, it does both."""

    def accept(self, fd: int) -> int | None:
        """The next connection's descriptor; None when none waits (wait with `readable`)."""

    def connect(self, host: str, port: int) -> int:
        """A descriptor of a byte stream. Raises NetworkError."""

    def finish(self, fd: int) -> None:
        """Send no more on a connection, but still read."""

    def peer(self, fd: int) -> tuple[str, int]: ...
    def http(self, host: str, request: HttpRequest, port: int) -> HttpReply:
        """One exchange, at once. Raises NetworkError; EINVAL when a byte stream is needed
        (`connect`)."""

    def sockets(self) -> list[SocketStatus]:
        """Listening and connected ones of this pod."""

    # The cluster's API (the console machine only)

    @property
    def api(self) -> Callable[[Request], Response] | None:
        """The cluster's API as this machine's person; None elsewhere."""
        ...

    def open_stream(self, stream: Stream) -> int:
        """A descriptor for a response's stream, so that it can be waited for. It reads as ended
        in a copy of the cluster."""

    def read_frames(self, fd: int) -> list[Frame] | None:
        """Frames; None: none yet; []: the end."""

    def write_frame(self, fd: int, frame: Frame) -> None: ...
    def end_stream_input(self, fd: int) -> None: ...


__all__ = [
    "O_APPEND",
    "O_CREAT",
    "O_DIRECTORY",
    "O_EXCL",
    "O_NOFOLLOW",
    "O_RDONLY",
    "O_RDWR",
    "O_TRUNC",
    "O_WRONLY",
    "SEEK_CUR",
    "SEEK_END",
    "SEEK_SET",
    "Ended",
    "FileStatus",
    "FileSystemStatus",
    "Frame",
    "HttpReply",
    "HttpRequest",
    "Kind",
    "ProcessStatus",
    "Request",
    "Response",
    "SocketStatus",
    "Spawn",
    "Stream",
    "System",
    "TerminalMode",
]
