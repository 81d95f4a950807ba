"""Few files are written or read at the same time, the others wait for their turn."""

from __future__ import annotations

import asyncio


class Turns:
    """Turns on one event loop."""

    def __init__(self, at_once_max: int) -> None:
        self._at_once_max = at_once_max
        self._turns: asyncio.Semaphore | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def one(self) -> asyncio.Semaphore:
        """To be entered for a while."""
        loop = asyncio.get_running_loop()
        if self._turns is None or self._loop is not loop:
            self._loop = loop
            self._turns = asyncio.Semaphore(self._at_once_max)
        return self._turns
