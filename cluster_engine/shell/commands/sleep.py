"""sleep: waits, in the cluster's own time."""

from __future__ import annotations

from cluster_engine.runtime.program import Exited, Outcome, Waiting
from cluster_engine.runtime.system import System

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
    return min(round(seconds * 1000 * (factor or 1)), FOREVER_MS) if seconds >= 0 else None


class Sleep:
    """The program."""

    def __init__(self, arguments: list[str]) -> None:
        self._words = arguments[1:]
        self._until_ms = -1

    def step(self, system: System) -> Outcome:
        """Wait for the sum of the durations."""
        if self._until_ms < 0:
            if not self._words:
                system.write(
                    2, b"sleep: missing operand\nTry 'sleep --help' for more information.\n"
                )
                return Exited(1)
            total = 0
            for word in self._words:
                duration = parse_duration_ms(word)
                if duration is None:
                    system.write(2, f"sleep: invalid time interval '{word}'\n".encode())
                    return Exited(1)
                total += duration
            self._until_ms = system.now_ms + total
        if system.now_ms >= self._until_ms:
            return Exited(0)
        return Waiting(until_ms=self._until_ms)

    def signal(self, system: System, number: int) -> bool:
        """Signals have their usual effect."""
        del system, number
        return False
