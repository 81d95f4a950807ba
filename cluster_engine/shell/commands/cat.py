"""cat: files, one after another; passes its input through as it comes."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import AGAIN, Exited, Outcome, Waiting
from cluster_engine.runtime.system import System
from cluster_engine.shell.commands.command import STDERR, STDIN, STDOUT, UsageError
from cluster_engine.shell.commands.options import parse_words

_CHUNK = 65536


class Cat:
    """The program: a list of files to go, the one being read, and what waits to be written."""

    def __init__(self, arguments: list[str]) -> None:
        self._arguments = arguments
        self._waiting: list[str] | None = None
        self._fd = -1
        self._pending = b""
        self._is_numbered = False
        self._shows_ends = False
        self._line = 0
        self._is_line_open = False
        self._code = 0

    def step(self, system: System) -> Outcome:
        """Write what waits, then read on."""
        if self._waiting is None and not self._begin(system):
            return Exited(self._code)
        if self._pending:
            return self._write(system)
        if self._fd < 0 and not self._open_next(system):
            return Exited(self._code)
        if self._fd < 0:
            return AGAIN
        try:
            data = system.read(self._fd, _CHUNK)
        except Errno as error:
            self._complain(system, f"{self._name}: {error.text}")
            self._fd = -1
            return AGAIN
        if data is None:
            return Waiting(readable=(self._fd,))
        if not data:
            if self._fd != STDIN:
                system.close(self._fd)
            self._fd = -1
            return AGAIN
        self._pending = self._numbered(data) if self._is_numbered or self._shows_ends else data
        return self._write(system)

    def signal(self, system: System, number: int) -> bool:
        """Signals have their usual effect."""
        del system, number
        return False

    def _begin(self, system: System) -> bool:
        long = {"number": "n", "show-ends": "E", "show-all": "A", "show-tabs": "T"}
        try:
            options, files = parse_words("cat", self._arguments[1:], "nbEAtTsuve", "", long)
        except UsageError as error:
            self._complain(system, str(error))
            self._code = error.code
            return False
        self._is_numbered = "n" in options or "b" in options
        self._shows_ends = any(letter in options for letter in "EAe")
        self._waiting = files or ["-"]
        self._name = ""
        return True

    def _open_next(self, system: System) -> bool:
        assert self._waiting is not None
        if not self._waiting:
            return False
        self._name = self._waiting.pop(0)
        if self._name == "-":
            self._fd = STDIN
            return True
        try:
            if system.stat(self._name).kind == "directory":
                raise Errno("EISDIR")
            self._fd = system.open(self._name)
        except Errno as error:
            self._complain(system, f"{self._name}: {error.text}")
            self._fd = -1
        return True

    def _write(self, system: System) -> Outcome:
        try:
            taken = system.write(STDOUT, self._pending)
        except Errno as error:
            self._complain(system, f"write error: {error.text}")
            return Exited(1)
        self._pending = self._pending[taken:]
        return AGAIN if taken else Waiting(writable=(STDOUT,))

    def _numbered(self, data: bytes) -> bytes:
        out = bytearray()
        for piece in data.splitlines(keepends=True):
            if self._is_numbered and not self._is_line_open:
                self._line += 1
                out += b"%6d\t" % self._line
            self._is_line_open = not piece.endswith(b"\n")
            if self._shows_ends and not self._is_line_open:
                piece = piece[:-1] + b"$\n"
            out += piece
        return bytes(out)

    def _complain(self, system: System, text: str) -> None:
        self._code = 1
        system.write(STDERR, f"cat: {text}\n".encode())
