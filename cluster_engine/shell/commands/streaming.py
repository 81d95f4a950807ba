"""Commands that pass their input through: grep, sed, cut, head …

`InputFilter` reads files, or standard input, piece by piece and hands the pieces to its subclass;
`LineFilter` hands over lines. What the subclass says is written as fast as it is taken, so that
such a command shows each line as it comes, stops its source when it has seen enough, and never
holds more than a few pieces.
"""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import AGAIN, Exited, Outcome, Waiting
from cluster_engine.runtime.system import System
from cluster_engine.shell.commands.command import (
    STDIN,
    Invocation,
    Output,
    UsageError,
    decoded,
    encoded,
)
from cluster_engine.shell.commands.patterns import PatternProblem
from cluster_engine.shell.commands.usages import help_text

_PIECE_BYTES = 16 * 1024
#: A line is broken here, if need be.
_LINE_BYTES_MAX = 1024 * 1024
_LINES_PER_STEP = 200
#: What a step may cost before it lets others go on (see `System.work`).
_WORK_PER_STEP = 300
_OUTPUT_BYTES_FULL = 64 * 1024


class InputFilter:
    """The program. Subclasses override `begin` and what they need of `opened` … `finish`.

    They may set `is_done` (no more input is wanted), `skips_file` (no more of this file) and
    `code` (the exit code).
    """

    def __init__(self, arguments: list[str], *, is_busybox: bool = False) -> None:
        self.arguments = arguments
        self.is_busybox = is_busybox
        self.code = 0
        self.is_done = False
        self.skips_file = False
        self._output = Output()
        self._files: list[str] | None = None
        self._fd = -1
        self._name = ""
        self._is_ending = False
        self._is_finished = False

    # What subclasses do

    def begin(self, call: Invocation) -> list[str]:
        """Read the options; the files to read ("-": standard input). Raises UsageError."""
        raise NotImplementedError

    def within(self, call: Invocation, name: str) -> list[str] | None:
        """The files to read in the place of this one; None to read it."""
        del call, name
        return None

    def opened(self, call: Invocation, name: str) -> None:
        """The next file begins."""

    def piece(self, call: Invocation, data: bytes) -> None:
        """Some bytes of a file."""
        raise NotImplementedError

    def closed(self, call: Invocation, name: str) -> None:
        """That was all of the file."""

    def ending(self, call: Invocation) -> None:
        """That was all of the last file, or `is_done`; there may be `work_left`."""

    def finish(self, call: Invocation) -> None:
        """All work is done."""

    def unreadable(self, call: Invocation, name: str, error: Errno) -> None:
        """A file cannot be opened or read."""
        call.complain(f"{name}: {error.text}")
        self.code = 1

    def meter(self) -> int:
        """What this has cost so far, in steps of less than a microsecond."""
        return 0

    # The program

    def step(self, system: System) -> Outcome:
        """Write what waits, then read on."""
        waiting = self._output.drain(system)
        if waiting is not None:
            return waiting
        if self._is_finished or self._output.is_broken:
            return Exited(self.code if self._is_finished else 1)
        call = Invocation(
            system, self.arguments, None, self._output.out, self._output.err, self.is_busybox
        )
        try:
            return self._go_on(call)
        except UsageError as error:
            self.code = call.misused(error)
        except PatternProblem as problem:
            call.complain(str(problem))
            self.code = 2
        except Errno as error:
            call.complain(error.text)
            self.code = 1
        self._is_finished = True
        return AGAIN

    def signal(self, system: System, number: int) -> bool:
        """Signals have their usual effect."""
        del system, number
        return False

    def _go_on(self, call: Invocation) -> Outcome:
        if self._files is None:
            text = help_text(self.arguments, is_busybox=self.is_busybox)
            if text is not None:
                (call.err if self.is_busybox else call.out).extend(encoded(text))
                self._is_finished = True
                return AGAIN
            self._files = self.begin(call)
            return AGAIN
        if self.work_left(call):
            return AGAIN
        if self.is_done or (self._fd < 0 and not self._files):
            if self._is_ending:
                self.finish(call)
                self._is_finished = True
            else:
                self._is_ending = True
                self.ending(call)
            return AGAIN
        if self._fd < 0:
            name = self._files.pop(0)
            inner = self.within(call, name)
            if inner is None:
                self._open(call, name)
            else:
                self._files[:0] = inner
            return AGAIN
        return self._read(call)

    def _open(self, call: Invocation, name: str) -> None:
        self._name = name
        try:
            self._fd = STDIN if name == "-" else call.system.open(name)
        except Errno as error:
            self.unreadable(call, name, error)
            return
        self.skips_file = False
        self.opened(call, name)

    def _read(self, call: Invocation) -> Outcome:
        if self.skips_file:
            self._close(call)
            return AGAIN
        try:
            data = call.system.read(self._fd, _PIECE_BYTES)
        except Errno as error:
            self.unreadable(call, self._name, error)
            self.skips_file = True
            return AGAIN
        if data is None:
            return Waiting(readable=(self._fd,))
        if not data:
            self._close(call)
            return AGAIN
        call.system.work(len(data) // 1024)
        self.piece(call, data)
        return AGAIN

    def _close(self, call: Invocation) -> None:
        if self._fd != STDIN:
            call.system.close(self._fd)
        self._fd = -1
        self.closed(call, self._name)

    def work_left(self, call: Invocation) -> bool:
        """Go on with what has been read already; False when there is nothing to go on with."""
        del call
        return False


class LineFilter(InputFilter):
    """Takes lines. The last line of a file may not be ended."""

    def __init__(self, arguments: list[str], *, is_busybox: bool = False) -> None:
        super().__init__(arguments, is_busybox=is_busybox)
        self._lines: list[str] = []
        self._at = 0
        self._rest = bytearray()
        #: What ends a line.
        self.separator = "\n"

    def line(self, call: Invocation, text: str, is_ended: bool) -> None:
        """The next line, without its end."""
        raise NotImplementedError

    def piece(self, call: Invocation, data: bytes) -> None:
        """Cut it into lines; what is left over waits for more."""
        del call
        self._rest += data
        end = self._rest.rfind(self.separator.encode())
        if end < 0:
            if len(self._rest) < _LINE_BYTES_MAX:
                return
            end = len(self._rest)
        self._lines = decoded(bytes(self._rest[:end])).split(self.separator)
        self._at = 0
        del self._rest[: end + 1]

    def closed(self, call: Invocation, name: str) -> None:
        """The last line, if it has no end, then `ended`."""
        if self._rest and not self.skips_file:
            self.line(call, decoded(bytes(self._rest)), False)
        self._rest.clear()
        self.ended(call, name)

    def ended(self, call: Invocation, name: str) -> None:
        """That was all of the file."""

    def work_left(self, call: Invocation) -> bool:
        """Take some of the lines that have been read."""
        if self._at >= len(self._lines):
            return False
        before, first = self.meter(), self._at
        while self._at < len(self._lines) and not self.skips_file and not self.is_done:
            text = self._lines[self._at]
            self._at += 1
            self.line(call, text, True)
            if (
                self._at - first >= _LINES_PER_STEP
                or self.meter() - before > _WORK_PER_STEP
                or len(call.out) > _OUTPUT_BYTES_FULL
            ):
                break
        call.system.work(self._at - first + self.meter() - before)
        if self._at >= len(self._lines) or self.skips_file or self.is_done:
            self._lines, self._at = [], 0
            if self.skips_file:
                self._rest.clear()
        return True
