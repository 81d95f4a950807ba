"""What waits to be sent to one browser: bounded, and thrown away when the browser is too slow.

A slow viewer gets fewer, newer frames: when too much waits, all of it is dropped and the viewer
gets the full scene instead, as soon as it can take it.
"""

from __future__ import annotations

import asyncio
from collections import deque


class Mailbox:
    """Texts on their way to one browser."""

    def __init__(self, texts_max: int) -> None:
        self._texts: deque[str] = deque()
        self._texts_max = texts_max
        self._filled = asyncio.Event()
        #: Deltas were dropped: the full scene must be sent before anything else.
        self.needs_scene = False
        self.is_closed = False

    def put(self, text: str) -> None:
        """One more."""
        if len(self._texts) >= self._texts_max:
            self._texts.clear()
            self.needs_scene = True
        self._texts.append(text)
        self._filled.set()

    def ask_scene(self) -> None:
        """Drop what waits: the full scene comes instead."""
        self._texts.clear()
        self.needs_scene = True
        self._filled.set()

    def close(self) -> None:
        """No more will come; what waits is still given out."""
        self.is_closed = True
        self._filled.set()

    async def wait(self) -> None:
        """Until something waits, or the box is closed."""
        while not self._texts and not self.needs_scene and not self.is_closed:
            self._filled.clear()
            await self._filled.wait()

    def take(self) -> str | None:
        """The next text, None when none waits."""
        return self._texts.popleft() if self._texts else None
