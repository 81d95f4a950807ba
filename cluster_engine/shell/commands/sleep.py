"""sleep: waits, in the cluster's own time."""

from __future__ import annotations

import math

from cluster_engine.runtime.program import Exited, Outcome, Waiting
from cluster_engine.runtime.system import System
from cluster_engine.shell.commands.command import Invocation, UsageError
from cluster_engine.shell.commands.options import parse
from cluster_engine.shell.commands.running import tell

_FACTORS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
FOREVER_MS = 2**52


def parse_duration_ms(text: str) -> int | None:
    """ "1.5", "2m", "infinity" in milliseconds; None when it is no duration."""
    if text in ("infinity", "inf"):
        return FOREVER_MS
    factor = _FACTORS.get(text[-1:], 0)
    try:
        seconds = float(text[:-1] if factor else text)
    except ValueError:
        return None
    if math.isnan(seconds) or seconds < 0:
        return None
    return round(min(seconds * 1000 * (factor or 1), FOREVER_MS))


class Sleep:
    """The program."""

    def __init__(self, arguments: list[str], *, is_busybox: bool = False) -> None:
        self._arguments = arguments
        self._is_busybox = is_busybox
        self._until_ms = -1

    def step(self, system: System) -> Outcome:
        """Wait for the sum of the durations."""
        if self._until_ms < 0:
            call = Invocation(system, self._arguments, is_busybox=self._is_busybox)
            try:
                self._until_ms = min(system.now_ms + self._total(call), FOREVER_MS)
            except UsageError as error:
                code = call.misused(error)
                tell(system, b"", bytes(call.err))
                return Exited(code)
        if system.now_ms >= self._until_ms:
            return Exited(0)
        return Waiting(until_ms=self._until_ms)

    def signal(self, system: System, number: int) -> bool:
        """Signals have their usual effect."""
        del system, number
        return False

    def _total(self, call: Invocation) -> int:
        _, words = parse(call, "")
        if not words:
            raise UsageError("missing operand", has_hint=True)
        total = 0
        for word in words:
            duration = parse_duration_ms(word)
            if duration is None:
                if self._is_busybox:
                    raise UsageError(f"invalid number '{word}'")
                raise UsageError(f"invalid time interval '{word}'", has_hint=True)
            total += duration
        return total
