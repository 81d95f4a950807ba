"""pause: waits for its end."""

from __future__ import annotations

from cluster_engine.runtime.program import Exited, Outcome, Waiting
from cluster_engine.runtime.system import System

_NAMES = {2: "interrupt", 15: "terminated"}
_FOREVER_MS = 2**62


class Pause:
    """The program."""

    def __init__(self, arguments: list[str]) -> None:
        self._arguments = arguments
        self._ending = 0

    def step(self, system: System) -> Outcome:
        """Nothing to do."""
        if "-v" in self._arguments:
            system.write(1, b"pause.c 3.10.2\n")
            return Exited(0)
        if self._ending:
            line = f"Shutting down, got signal: {_NAMES[self._ending].capitalize()}\n"
            system.write(2, line.encode())
            return Exited(0)
        return Waiting(until_ms=_FOREVER_MS)

    def signal(self, system: System, number: int) -> bool:
        """Ends on SIGTERM and SIGINT."""
        del system
        if number not in _NAMES:
            return False
        self._ending = number
        return True
