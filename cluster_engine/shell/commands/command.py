"""What a command is: a function on its whole input, wrapped so that the kernel can step it.

Most commands turn arguments and input into output and an exit code; they are plain functions
`run(invocation) -> int`. `Filter` is the program around such a function: it calls the function,
collects standard input first if the function looks at it, and writes what came out as fast as it
is taken. Commands that pass lines through are `streaming.LineFilter`s; those that go on for longer
(tail -f, sleep, xargs) are programs of their own.

Most commands speak like GNU's; where BusyBox' words differ, `Invocation.is_busybox` decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import AGAIN, Exited, Outcome, Waiting
from cluster_engine.runtime.system import System
from cluster_engine.shell.commands.usages import help_text, usage_text

STDIN, STDOUT, STDERR = 0, 1, 2
#: A command that has to see all of its input gives up beyond this.
INPUT_BYTES_MAX = 4 * 1024 * 1024
OUTPUT_BYTES_MAX = 16 * 1024 * 1024
_ANSWER_BYTES_MAX = 1000
#: GNU's code for "the command itself has failed", as opposed to the one it runs.
_GNU_FAILURE = 125
#: Commands that never say in which folder they are.
_SHORT_TITLES = frozenset(
    ("curl", "dpkg", "getent", "gunzip", "gzip", "hexdump", "pgrep", "pkill", "rev", "xxd", "zcat")
)


T = TypeVar("T")


class UsageError(Exception):
    """The command was called wrongly; the text is what it prints. `code` is its exit code.

    With `has_hint` GNU's commands say where help is; BusyBox' print their usage instead (and leave
    out the text, unless `is_option`: then it is getopt's complaint).
    """

    def __init__(
        self, text: str, code: int = 1, *, has_hint: bool = False, is_option: bool = False
    ) -> None:
        super().__init__(text)
        self.code = code
        self.has_hint = has_hint or is_option
        self.is_option = is_option


class Interruption(Exception):
    """The function needs something before it can go on; it is run again from its start then."""


class InputWanted(Interruption):
    """It looked at standard input before that was collected."""


class AnswerWanted(Interruption):
    """It asked a question that nobody has answered yet; the text is the question."""


class PauseWanted(Interruption):
    """Time has to pass first."""

    def __init__(self, milliseconds: int) -> None:
        super().__init__()
        self.milliseconds = milliseconds


@dataclass(slots=True)
class Invocation:
    """One call of a command: what it is given, and what it has said so far."""

    system: System
    arguments: list[str]
    #: All of standard input; None when it has not been collected.
    input: bytes | None = b""
    out: bytearray = field(default_factory=bytearray)
    err: bytearray = field(default_factory=bytearray)
    is_busybox: bool = False
    #: What has happened once and for all when the function is run again, in order.
    memory: list[Any] = field(default_factory=list)
    _recalled: int = 0

    @property
    def name(self) -> str:
        """The name it was called by, without folders."""
        return self.arguments[0].rpartition("/")[2]

    @property
    def title(self) -> str:
        """What it calls itself when it complains: GNU's commands say how they were called."""
        is_short = self.is_busybox or self.name in _SHORT_TITLES
        return self.name if is_short else self.arguments[0]

    @property
    def stdin(self) -> bytes:
        """All of standard input."""
        if self.input is None:
            raise InputWanted
        return self.input

    def either(self, gnu: str, busybox: str) -> str:
        """The words of the dialect."""
        return busybox if self.is_busybox else gnu

    def say(self, text: str | bytes) -> None:
        """Write to standard output."""
        if len(self.out) < OUTPUT_BYTES_MAX:
            self.out += encoded(text) if isinstance(text, str) else text

    def line(self, text: str = "") -> None:
        """Write a line to standard output."""
        self.say(text + "\n")

    def complain(self, text: str) -> None:
        """Write `name: text` to standard error."""
        self.err += encoded(f"{self.title}: {text}\n")

    def once(self, act: Callable[[], T]) -> T:
        """Do something that must not be done again when the function is run again."""
        if self._recalled == len(self.memory):
            self.memory.append(act())
        self._recalled += 1
        result: T = self.memory[self._recalled - 1]
        return result

    def ask(self, question: str) -> bool:
        """Whether the person says yes. Ask before changing anything. Raises AnswerWanted."""

        def wanted() -> str:
            raise AnswerWanted(f"{self.title}: {question}")

        return self.once(wanted).strip()[:1] in ("y", "Y")

    def pause(self, milliseconds: int) -> None:
        """Let time pass; what was said is shown meanwhile. Raises PauseWanted."""

        def wanted() -> None:
            raise PauseWanted(milliseconds)

        self.once(wanted)

    def misused(self, error: UsageError) -> int:
        """Say how the command was called wrongly; its exit code."""
        if str(error) and not (self.is_busybox and error.has_hint and not error.is_option):
            self.complain(str(error))
        if error.has_hint:
            self.err += encoded(usage_text(self.name, is_busybox=self.is_busybox, title=self.title))
        return 1 if self.is_busybox and error.code >= _GNU_FAILURE else error.code

    def inputs(self, operands: list[str]) -> list[tuple[str, bytes]]:
        """`(name, content)` of each file named, standard input for none and for "-".

        Files that cannot be read are complained about and left out.
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


@dataclass(frozen=True, slots=True)
class Command:
    """A command made of a function."""

    name: str
    run: Run


class Filter:
    """The program around a `Command`."""

    def __init__(self, command: Command, arguments: list[str], *, is_busybox: bool = False) -> None:
        self._command = command
        self._arguments = arguments
        self._is_busybox = is_busybox
        self._input: bytearray | None = None
        self._is_input_done = False
        self._memory: list[Any] = []
        self._typed: bytearray | None = None
        self._until_ms: int | None = None
        self._output = Output()
        #: How much of what it says was said before an interruption.
        self._shown = (0, 0)
        self._code = -1

    def step(self, system: System) -> Outcome:
        """Write out; see to what interrupted the function; run it."""
        waiting = self._output.drain(system)
        if waiting is not None:
            return waiting
        if self._code >= 0:
            return Exited(self._code)
        if self._until_ms is not None:
            if system.now_ms < self._until_ms:
                return Waiting(until_ms=self._until_ms)
            self._until_ms = None
            self._memory.append(None)
        if self._typed is not None:
            return self._take_answer(system, self._typed)
        if self._input is not None and not self._is_input_done:
            return self._collect(system, self._input)
        self._run(system)
        if self._code < 0:
            return AGAIN
        # At once: who ends the container with `kill 1` is told 0 before it ends.
        return self._output.drain(system) or Exited(self._code)

    def signal(self, system: System, number: int) -> bool:
        """Signals have their usual effect."""
        del system, number
        return False

    def _collect(self, system: System, collected: bytearray) -> Outcome:
        try:
            data = system.read(STDIN)
        except Errno:
            data = b""
        if data is None:
            return Waiting(readable=(STDIN,))
        collected += data
        if not data:
            self._is_input_done = True
        elif len(collected) > INPUT_BYTES_MAX:
            name = self._arguments[0].rpartition("/")[2]
            self._output.err += encoded(f"{name}: memory exhausted\n")
            self._code = 1
        return AGAIN

    def _take_answer(self, system: System, typed: bytearray) -> Outcome:
        """Read a line; when nothing more can be typed, all answers are empty."""
        data = system.read(STDIN, 1)
        if data is None:
            return Waiting(readable=(STDIN,))
        typed += data
        if data and data != b"\n" and len(typed) < _ANSWER_BYTES_MAX:
            return AGAIN
        self._memory.append(decoded(bytes(typed)))
        self._typed = None
        return AGAIN

    def _run(self, system: System) -> None:
        held = None if self._input is None else bytes(self._input)
        invocation = Invocation(
            system,
            list(self._arguments),
            held,
            is_busybox=self._is_busybox,
            memory=self._memory,
        )
        try:
            self._code = call(self._command, invocation)
        except InputWanted:
            self._input = bytearray()
        except AnswerWanted as question:
            self._show(invocation)
            self._output.err += encoded(str(question))
            self._typed = bytearray()
        except PauseWanted as pause:
            self._show(invocation)
            self._until_ms = system.now_ms + pause.milliseconds
        else:
            self._show(invocation)
        system.work(1 + (len(held or b"") + len(invocation.out)) // 4096)

    def _show(self, invocation: Invocation) -> None:
        """Take what was said since the last interruption."""
        out, err = self._shown
        self._output.out += invocation.out[out:]
        self._output.err += invocation.err[err:]
        self._shown = len(invocation.out), len(invocation.err)


@dataclass(slots=True)
class Output:
    """What a command has said and nobody has taken yet."""

    out: bytearray = field(default_factory=bytearray)
    err: bytearray = field(default_factory=bytearray)
    #: Nobody reads any more, or the disk is full.
    is_broken: bool = False

    def drain(self, system: System) -> Outcome | None:
        """Write as much as is taken; what to wait for, None when all is written."""
        for fd, data in ((STDERR, self.err), (STDOUT, self.out)):
            while data:
                try:
                    taken = system.write(fd, bytes(data))
                except Errno:
                    self.is_broken = True
                    data.clear()
                    break
                if not taken:
                    return Waiting(writable=(fd,))
                del data[:taken]
        return None


def call(command: Command, invocation: Invocation) -> int:
    """Run a command's function; wrong usage and refused system calls become its complaints.

    Raises Interruption.
    """
    text = help_text(invocation.arguments, is_busybox=invocation.is_busybox)
    if text is not None:
        (invocation.err if invocation.is_busybox else invocation.out).extend(encoded(text))
        return 0
    try:
        return command.run(invocation) & 0xFF
    except UsageError as error:
        return invocation.misused(error)
    except Errno as error:
        invocation.complain(error.text)
        return 1


def encoded(text: str) -> bytes:
    """The bytes of a text; those that are no text stay what they were."""
    return text.encode("utf-8", "surrogateescape")


def decoded(content: bytes) -> str:
    """The text of bytes; what is no text is kept."""
    return content.decode("utf-8", "surrogateescape")


def lines_of(content: bytes) -> list[str]:
    """The lines of a text, without their ends."""
    lines = decoded(content).split("\n")
    if not lines[-1]:
        lines.pop()
    return lines
