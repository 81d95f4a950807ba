"""Files and commands that an awk program reads from and writes to.

Names and texts are bytes, one character each; `path` makes one of the kernel's texts of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import Outcome, Waiting
from cluster_engine.runtime.system import (
    O_APPEND,
    O_CREAT,
    O_TRUNC,
    O_WRONLY,
    Ended,
    Spawn,
    System,
)
from cluster_engine.shell.commands.awk.limits import STREAMS_MAX, AwkFault, OpenProblem
from cluster_engine.shell.commands.awk.record import Patterns
from cluster_engine.shell.commands.command import STDIN

_PIECE_BYTES = 16 * 1024
_RECORD_BYTES_MAX = 1_000_000
_WAITING_BYTES_MAX = 64 * 1024
#: A record, None at the end, or what has to happen first.
Got: TypeAlias = str | Outcome | None


def path(text: str) -> str:
    """The kernel's text of a text of bytes."""
    return text.encode("latin-1").decode("utf-8", "surrogateescape")


@dataclass(slots=True)
class Reader:
    """Records out of a descriptor."""

    fd: int
    child: int = 0
    _held: bytearray = field(default_factory=bytearray)
    _at: int = 0
    _is_over: bool = False

    def read(self, system: System, separator: str, patterns: Patterns) -> Got:
        """The next record, as RS cuts them."""
        while True:
            found = self._cut(separator, patterns)
            if found is not None:
                return found
            if self._is_over:
                return None
            data = system.read(self.fd, _PIECE_BYTES)
            if data is None:
                return Waiting(readable=(self.fd,))
            system.work(len(data) // 512)
            del self._held[: self._at]
            self._at = 0
            self._held += data
            self._is_over = not data

    def close(self, system: System) -> None:
        """No more of it is wanted."""
        if self.fd != STDIN:
            system.close(self.fd)

    def _cut(self, separator: str, patterns: Patterns) -> str | None:
        """A record that is complete; None when there is none (yet)."""
        if separator == "":
            return self._cut_paragraph()
        if len(separator) == 1:
            end = self._held.find(separator.encode("latin-1"), self._at)
            return self._take(end, end + 1) if end >= 0 else self._rest()
        text = self._held[self._at :].decode("latin-1")
        matches = patterns.get(separator).finditer(text)
        match = next((found for found in matches if found.end() > found.start()), None)
        if match is None or (match.end() == len(text) and not self._is_over):
            return self._rest()
        return self._take(self._at + match.start(), self._at + match.end())

    def _cut_paragraph(self) -> str | None:
        """Lines up to an empty one; empty ones before are passed over."""
        while self._held[self._at : self._at + 1] == b"\n":
            self._at += 1
        end = self._held.find(b"\n\n", self._at)
        if end >= 0:
            return self._take(end, end + 2)
        if self._is_over and self._held[self._at :].endswith(b"\n"):
            return self._take(len(self._held) - 1, len(self._held))
        return self._rest()

    def _take(self, end: int, after: int) -> str:
        text = self._held[self._at : end].decode("latin-1")
        self._at = after
        return text

    def _rest(self) -> str | None:
        """What is left at the end, or is too long to wait for more."""
        left = len(self._held) - self._at
        if left and (self._is_over or left > _RECORD_BYTES_MAX):
            return self._take(len(self._held), len(self._held))
        return None


@dataclass(slots=True)
class Writer:
    """Text on its way into a file or a command."""

    fd: int
    child: int = 0
    waiting: bytearray = field(default_factory=bytearray)

    def flush(self, system: System) -> Outcome | None:
        """Write as much as is taken; what to wait for when that is not all."""
        while self.waiting:
            try:
                taken = system.write(self.fd, bytes(self.waiting[:_WAITING_BYTES_MAX]))
            except Errno:
                self.waiting.clear()
                break
            if not taken:
                return Waiting(writable=(self.fd,))
            del self.waiting[:taken]
        return None


class Streams:
    """All that is open, by the name the program gave it."""

    def __init__(self) -> None:
        self.readers: dict[str, Reader] = {}
        self.writers: dict[str, Writer] = {}
        self._closing: list[int] = []

    def reader(self, system: System, name: str, *, is_command: bool) -> Reader | None:
        """What to read from; None when it cannot be opened."""
        found = self.readers.get(name)
        if found is None:
            self._make_room()
            try:
                found = (self._started if is_command else self._opened)(system, name)
            except Errno:
                return None
            self.readers[name] = found
        return found

    def _opened(self, system: System, name: str) -> Reader:
        return Reader(STDIN if name in ("-", "/dev/stdin") else system.open(path(name)))

    def _started(self, system: System, command: str) -> Reader:
        read, write = system.pipe()
        try:
            child = system.spawn(Spawn(("sh", "-c", path(command)), fds={0: 0, 1: write, 2: 2}))
        except Errno:
            system.close(read)
            raise
        finally:
            system.close(write)
        return Reader(read, child)

    def writer(self, system: System, name: str, redirect: str) -> Writer:
        """What to write to. Raises OpenProblem."""
        found = self.writers.get(name)
        if found is None:
            self._make_room()
            try:
                is_command = redirect == "|"
                found = (
                    self._fed(system, name) if is_command else self._created(system, name, redirect)
                )
            except Errno as error:
                raise OpenProblem(
                    f'cannot open "{path(name)}" for output ({error.text})',
                    f"can't open '{path(name)}': {error.text}",
                ) from None
            self.writers[name] = found
        return found

    def _created(self, system: System, name: str, redirect: str) -> Writer:
        standard = {"/dev/stdout": 1, "-": 1, "/dev/stderr": 2}.get(name)
        if standard is not None:
            return Writer(standard)
        flags = O_WRONLY | O_CREAT | (O_APPEND if redirect == ">>" else O_TRUNC)
        return Writer(system.open(path(name), flags))

    def _fed(self, system: System, command: str) -> Writer:
        read, write = system.pipe()
        try:
            child = system.spawn(Spawn(("sh", "-c", path(command)), fds={0: read, 1: 1, 2: 2}))
        except Errno:
            system.close(write)
            raise
        finally:
            system.close(read)
        return Writer(write, child)

    def _make_room(self) -> None:
        if len(self.readers) + len(self.writers) >= STREAMS_MAX:
            raise AwkFault("too many open files")

    def flush(self, system: System) -> Outcome | None:
        """Write what waits; what to wait for when something is not taken."""
        for writer in self.writers.values():
            waiting = writer.flush(system)
            if waiting is not None:
                return waiting
        return None

    @property
    def is_full(self) -> bool:
        """Whether something should be written before more is said."""
        return any(len(writer.waiting) > _WAITING_BYTES_MAX for writer in self.writers.values())

    def close(self, system: System, name: str) -> int | Outcome:
        """Close a file or command; the command's exit code, -1 when nothing of that name is open.

        May have to be called again.
        """
        writer = self.writers.get(name)
        if writer is not None:
            waiting = writer.flush(system)
            if waiting is not None:
                return waiting
            del self.writers[name]
            if writer.fd > 2:
                system.close(writer.fd)
            self._closing.append(writer.child)
        reader = self.readers.pop(name, None)
        if reader is not None:
            reader.close(system)
            self._closing.append(reader.child)
        return self._waited(system)

    def _waited(self, system: System) -> int | Outcome:
        """How the command that was closed has ended."""
        if not self._closing:
            return -1
        child = self._closing[-1]
        if child:
            ended = reap(system, child)
            if ended is None:
                return Waiting(children=(child,))
            self._closing.clear()
            return ended.status
        self._closing.clear()
        return 0

    def close_all(self, system: System) -> Outcome | None:
        """Close everything; what to wait for first."""
        if self._closing:
            waited = self._waited(system)
            if not isinstance(waited, int):
                return waited
        for name in (*self.writers, *self.readers):
            closed = self.close(system, name)
            if not isinstance(closed, int):
                return closed
        return None


def reap(system: System, child: int) -> Ended | None:
    """How a child has ended; None while it runs."""
    try:
        ended = system.wait(child)
    except Errno:
        return Ended(child)
    return None if ended is None or ended.is_stopped else ended
