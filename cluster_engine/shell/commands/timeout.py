"""timeout: a command that may only take so long."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import Exited, Outcome, Waiting
from cluster_engine.runtime.system import Spawn, System
from cluster_engine.shell.commands.running import Runner
from cluster_engine.shell.commands.signals import signal_number
from cluster_engine.shell.commands.sleep import parse_duration_ms

_SIGKILL, _SIGTERM, _TIMED_OUT = 9, 15, 124


class Timeout(Runner):
    """The program."""

    def __init__(self, arguments: list[str]) -> None:
        super().__init__(arguments)
        self._until_ms = 0
        self._kill_after_ms = 0
        self._signal = _SIGTERM
        self._is_late = False

    def plan(self, system: System) -> Spawn | int:
        """Read the options and the duration."""
        words = self.arguments[1:]
        while words and words[0].startswith("-"):
            word = words.pop(0)
            value = word.partition("=")[2] or (
                words.pop(0) if words and word in ("-s", "-k") else ""
            )
            if word.startswith(("-s", "--signal")):
                self._signal = signal_number(value) or _SIGTERM
            elif word.startswith(("-k", "--kill-after")):
                self._kill_after_ms = parse_duration_ms(value) or 0
        duration = parse_duration_ms(words[0]) if words else None
        if duration is None or len(words) < 2:
            shown = (
                f"invalid time interval '{words[0]}'"
                if words and duration is None
                else "missing operand"
            )
            system.write(2, f"timeout: {shown}\n".encode())
            return 125
        self._until_ms = system.now_ms + duration
        return Spawn(words[1:])

    def wait(self, system: System) -> Outcome:
        """Until the child ends or its time is over."""
        if self._until_ms and system.now_ms >= self._until_ms:
            number = _SIGKILL if self._is_late else self._signal
            self._is_late = True
            self._until_ms = system.now_ms + self._kill_after_ms if self._kill_after_ms else 0
            try:
                system.kill(self.child, number)
            except Errno:
                self._until_ms = 0
        until = self._until_ms or None
        return Waiting(children=(self.child,), until_ms=until)

    def ended(self, system: System, status: int) -> Outcome:
        """124 when it took too long."""
        del system
        return Exited(_TIMED_OUT if self._is_late else status)
