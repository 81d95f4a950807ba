"""What waits to be sent to one browser: bounded, and thrown away when the browser is too slow.

A slow viewer gets fewer, newer frames: when too much waits, numbered frames are dropped and the
viewer gets the full scene instead, as soon as it can take it. Words that are said once (presence,
errors, the session's end) are kept.
"""

from __future__ import annotations

import asyncio
from collections import deque


class Mailbox:
    """Texts on their way to one browser."""

    def __init__(self, texts_max: int) -> None:
        self._texts: deque[tuple[str, bool]] = deque()
        self._texts_max = texts_max
        self._filled = asyncio.Event()
        #: Frames were dropped: the full scene must be sent before anything else.
        self.needs_scene = False
        self.is_closed = False
        #: Why no more will come, for the close frame.
        self.reason = ""
        self.close_code = 0

    def put(self, text: str, *, is_kept: bool = True) -> None:
        """One more; one that is not kept can be replaced by the full scene."""
        if len(self._texts) >= self._texts_max:
            self.ask_scene()
        self._texts.append((text, is_kept))
        self._filled.set()

    def ask_scene(self) -> None:
        """Drop what the full scene replaces, and of the rest the oldest when there is too much."""
        kept = [item for item in self._texts if item[1]]
        self._texts = deque(kept[-(self._texts_max // 2) :])
        self.needs_scene = True
        self._filled.set()

    def close(self, reason: str = "", code: int = 0) -> None:
        """No more will come; what waits is still given out. A code of 0: as for an end."""
        self.is_closed = True
        self.close_code = self.close_code or code
        self.reason = reason or self.reason
        self._filled.set()

    async def wait(self) -> None:
        """Until something waits, or the box is closed."""
        while not self._texts and not self.needs_scene and not self.is_closed:
            self._filled.clear()
            await self._filled.wait()

    def take(self) -> str | None:
        """The next text, None when none waits."""
        return self._texts.popleft()[0] if self._texts else None
