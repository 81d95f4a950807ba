"""timeout: a command that may only take so long."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import Exited, Outcome, Waiting
from cluster_engine.runtime.system import Ended, Spawn, System
from cluster_engine.shell.commands.command import Invocation, UsageError
from cluster_engine.shell.commands.options import parse
from cluster_engine.shell.commands.running import Runner
from cluster_engine.shell.commands.signals import signal_number
from cluster_engine.shell.commands.sleep import parse_duration_ms

_SIGKILL, _SIGTERM, _TIMED_OUT, _FAILED = 9, 15, 124, 125
_LONG = {
    "signal": "s",
    "kill-after": "k",
    "preserve-status": "preserve-status",
    "foreground": "foreground",
    "verbose": "v",
}


class Timeout(Runner):
    """The program."""

    def __init__(self, arguments: list[str], *, is_busybox: bool = False) -> None:
        super().__init__(arguments, is_busybox=is_busybox)
        self._until_ms = 0
        self._kill_after_ms = 0
        self._signal = _SIGTERM
        self._is_late = False
        self._keeps_status = False

    def plan(self, call: Invocation) -> Spawn | int:
        """Read the options and the duration."""
        options, words = parse(call, "v", "sk", _LONG, code=_FAILED, stops_early=True)
        if len(words) < 2:
            raise UsageError("", _FAILED, has_hint=True)
        self._signal = self._number(options.get("s", "TERM"))
        self._kill_after_ms = self._duration(options.get("k", "0"))
        self._keeps_status = "preserve-status" in options or self.is_busybox
        duration = self._duration(words[0])
        self._until_ms = call.system.now_ms + duration if duration else 0
        return Spawn(words[1:])

    def _number(self, word: str) -> int:
        number = signal_number(word)
        if number is None:
            gnu = f"'{word}': invalid signal"
            text = f"bad signal name '{word}'" if self.is_busybox else gnu
            raise UsageError(text, _FAILED, has_hint=not self.is_busybox)
        return number

    def _duration(self, word: str) -> int:
        duration = parse_duration_ms(word)
        if duration is None:
            if self.is_busybox:
                raise UsageError(f"invalid number '{word}'")
            raise UsageError(f"invalid time interval '{word}'", _FAILED, has_hint=True)
        return duration

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

    def ended(self, system: System, ended: Ended) -> Outcome:
        """124 when it took too long; 137 when it had to be killed."""
        del system
        is_killed = ended.signal == _SIGKILL
        is_late = self._is_late and not self._keeps_status and not is_killed
        return Exited(_TIMED_OUT if is_late else ended.status)
