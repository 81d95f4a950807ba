"""watch: a command again and again, on a screen of its own."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import AGAIN, Exited, Outcome, Waiting
from cluster_engine.runtime.system import Spawn, System
from cluster_engine.shell.commands.command import STDERR, STDOUT, UsageError
from cluster_engine.shell.commands.moments import moment
from cluster_engine.shell.commands.options import parse_words

_OUTPUT_BYTES_MAX = 64 * 1024


class Watch:
    """The program."""

    def __init__(self, arguments: list[str]) -> None:
        self._arguments = arguments
        self._command: list[str] = []
        self._every_ms = 2000
        self._has_title = True
        self._child = 0
        self._pipe = -1
        self._output = bytearray()
        self._next_ms = 0

    def step(self, system: System) -> Outcome:
        """Run, collect, show, wait."""
        if not self._command:
            code = self._begin(system)
            if code:
                return Exited(code)
        if self._child:
            return self._collect(system)
        if system.now_ms < self._next_ms:
            return Waiting(until_ms=self._next_ms)
        return self._start(system)

    def signal(self, system: System, number: int) -> bool:
        """Signals have their usual effect."""
        del system, number
        return False

    def _begin(self, system: System) -> int:
        long = {"interval": "n", "no-title": "t", "differences": "d"}
        try:
            options, words = parse_words(
                "watch", self._arguments[1:], "tdegxbc", "n", long, stops_early=True
            )
            self._every_ms = max(round(float(options.get("n", "2")) * 1000), 100)
        except (UsageError, ValueError) as error:
            system.write(STDERR, f"watch: {error}\n".encode())
            return 1
        if not words:
            system.write(STDERR, b"Usage: watch [options] command\n")
            return 1
        self._has_title = "t" not in options
        self._command = words
        return 0

    def _start(self, system: System) -> Outcome:
        reader, writer = system.pipe()
        words = ["sh", "-c", " ".join(self._command)]
        try:
            self._child = system.spawn(Spawn(words, fds={0: 0, 1: writer, 2: writer}))
        except Errno as error:
            system.write(STDERR, f"watch: {error.text}\n".encode())
            return Exited(1)
        system.close(writer)
        self._pipe, self._output = reader, bytearray()
        return AGAIN

    def _collect(self, system: System) -> Outcome:
        if self._pipe >= 0:
            data = system.read(self._pipe)
            if data is None:
                return Waiting(readable=(self._pipe,))
            if data and len(self._output) < _OUTPUT_BYTES_MAX:
                self._output += data
                return AGAIN
            system.close(self._pipe)
            self._pipe = -1
        if system.wait(self._child) is None:
            return Waiting(children=(self._child,))
        self._child = 0
        self._show(system)
        self._next_ms = system.now_ms + self._every_ms
        return Waiting(until_ms=self._next_ms)

    def _show(self, system: System) -> None:
        columns, rows = system.window_size(STDOUT) if system.is_tty(STDOUT) else (80, 24)
        lines = self._output.decode("utf-8", "replace").splitlines()
        if self._has_title:
            left = f"Every {self._every_ms / 1000:.1f}s: {' '.join(self._command)}"
            when = moment(system.now_ms).strftime("%a %b %e %H:%M:%S %Y")
            right = f"{system.hostname}: {when}"
            gap = max(columns - len(left) - len(right), 1)
            lines = [left + " " * gap + right, "", *lines]
        text = "\n".join(line[:columns] for line in lines[: rows - 1])
        system.write(STDOUT, f"\x1b[H\x1b[2J{text}\n".encode())
