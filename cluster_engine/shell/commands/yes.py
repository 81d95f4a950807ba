"""yes: the same line without end, as fast as somebody reads."""

from __future__ import annotations

from cluster_engine.runtime.program import AGAIN, Outcome, Waiting
from cluster_engine.runtime.system import System

_LINES = 200


class Yes:
    """The program."""

    def __init__(self, arguments: list[str]) -> None:
        text = " ".join(arguments[1:]) or "y"
        self._block = f"{text}\n".encode() * _LINES
        self._at = 0

    def step(self, system: System) -> Outcome:
        """Write a block."""
        taken = system.write(1, self._block[self._at :])
        system.work(20)
        self._at = (self._at + taken) % len(self._block)
        return AGAIN if taken else Waiting(writable=(1,))

    def signal(self, system: System, number: int) -> bool:
        """Signals have their usual effect."""
        del system, number
        return False
