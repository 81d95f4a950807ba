"""What a command is: a function on its whole input, wrapped so that the kernel can step it.

Most commands turn arguments and input into output and an exit code; they are plain functions
`run(invocation) -> int`. `Filter` is the program around such a function: it collects the input (if
the command wants any), calls the function once, and writes what came out as fast as it is taken.
Commands that go on for longer (tail -f, sleep, xargs) are programs of their own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import AGAIN, Exited, Outcome, Waiting
from cluster_engine.runtime.system import System

STDIN, STDOUT, STDERR = 0, 1, 2
#: Input beyond this is cut off.
INPUT_BYTES_MAX = 16 * 1024 * 1024
OUTPUT_BYTES_MAX = 16 * 1024 * 1024


class UsageError(Exception):
    """The command was called wrongly; the text is what it prints. `code` is its exit code."""

    def __init__(self, text: str, code: int = 1) -> None:
        super().__init__(text)
        self.code = code


@dataclass(slots=True)
class Invocation:
    """One call of a command: what it is given, and what it has said so far."""

    system: System
    arguments: list[str]
    stdin: bytes = b""
    out: bytearray = field(default_factory=bytearray)
    err: bytearray = field(default_factory=bytearray)

    @property
    def name(self) -> str:
        """The name it was called by, without folders."""
        return self.arguments[0].rpartition("/")[2]

    def say(self, text: str | bytes) -> None:
        """Write to standard output."""
        if len(self.out) < OUTPUT_BYTES_MAX:
            self.out += text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text

    def line(self, text: str = "") -> None:
        """Write a line to standard output."""
        self.say(text + "\n")

    def complain(self, text: str) -> None:
        """Write `name: text` to standard error."""
        self.err += f"{self.name}: {text}\n".encode("utf-8", "surrogateescape")

    def inputs(self, operands: list[str]) -> list[tuple[str, bytes]]:
        """`(name, content)` of each file named, standard input for none and for "-".

        Files that cannot be read are complained about and left out; see `failures`.
        """
        found = []
        for name in operands or ["-"]:
            content = self.stdin if name == "-" else self.read(name)
            if content is not None:
                found.append((name, content))
        return found

    def read(self, path: str) -> bytes | None:
        """The content of a file; None after a complaint."""
        try:
            if self.system.stat(path).kind == "directory":
                self.complain(f"{path}: Is a directory")
                return None
            return self.system.read_file(path)
        except Errno as error:
            self.complain(f"{path}: {error.text}")
            return None


Run: TypeAlias = Callable[[Invocation], int]


def never(arguments: list[str]) -> bool:
    """Wants no input."""
    del arguments
    return False


def without_files(arguments: list[str]) -> bool:
    """Wants input when no file is named, or "-" is."""
    operands = [word for word in arguments[1:] if word == "-" or not word.startswith("-")]
    return not operands or "-" in operands


def always(arguments: list[str]) -> bool:
    """Wants input."""
    del arguments
    return True


@dataclass(frozen=True, slots=True)
class Command:
    """A command made of a function."""

    name: str
    run: Run
    wants_input: Callable[[list[str]], bool] = never


class Filter:
    """The program around a `Command`."""

    def __init__(self, command: Command, arguments: list[str]) -> None:
        self._command = command
        self._arguments = arguments
        self._input = bytearray()
        self._is_reading = command.wants_input(arguments)
        self._pending: list[tuple[int, bytes]] | None = None
        self._code = 0

    def step(self, system: System) -> Outcome:
        """Collect input, then run, then write out."""
        if self._is_reading:
            data = system.read(STDIN)
            if data is None:
                return Waiting(readable=(STDIN,))
            self._input += data
            if data and len(self._input) < INPUT_BYTES_MAX:
                return AGAIN
            self._is_reading = False
        if self._pending is None:
            self._run(system)
        return self._drain(system)

    def signal(self, system: System, number: int) -> bool:
        """Signals have their usual effect."""
        del system, number
        return False

    def _run(self, system: System) -> None:
        invocation = Invocation(system, self._arguments, bytes(self._input))
        self._code = call(self._command, invocation)
        self._pending = [(STDOUT, bytes(invocation.out)), (STDERR, bytes(invocation.err))]
        system.work(1 + (len(self._input) + len(invocation.out)) // 4096)

    def _drain(self, system: System) -> Outcome:
        assert self._pending is not None
        while self._pending:
            fd, data = self._pending[0]
            while data:
                try:
                    taken = system.write(fd, data)
                except Errno:
                    data = b""
                    break
                if not taken:
                    self._pending[0] = (fd, data)
                    return Waiting(writable=(fd,))
                data = data[taken:]
            self._pending.pop(0)
        return Exited(self._code)


def call(command: Command, invocation: Invocation) -> int:
    """Run a command's function; wrong usage and refused system calls become its complaints."""
    try:
        return command.run(invocation) & 0xFF
    except UsageError as error:
        invocation.complain(str(error))
        return error.code
    except Errno as error:
        invocation.complain(error.text)
        return 1
