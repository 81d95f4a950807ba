"""Engine streams as awaitable conversations."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from cluster_engine.apiserver.requests import Frame, Stream


class LocalConversation:
    """A stream of a cluster in this process. `touched` tells the pump that there may be work."""

    def __init__(
        self, stream: Stream, touched: Callable[[], None], closed: Callable[[], None]
    ) -> None:
        self._stream = stream
        self._touched = touched
        self._closed = closed
        self._ready = asyncio.Event()
        self._is_closed = False
        stream.on_ready = self._ready.set

    async def read(self, bytes_max: int = 65536) -> list[Frame]:
        """See host.Conversation.read."""
        while not self._is_closed:
            self._ready.clear()
            frames = self._stream.read(bytes_max)
            if frames:
                self._touched()
                return frames
            if self._stream.is_done:
                break
            await self._ready.wait()
        return []

    def write(self, frame: Frame) -> None:
        """See host.Conversation.write."""
        if not self._is_closed:
            self._stream.write(frame)
            self._touched()

    def end_input(self, channel: int = 0) -> None:
        """See host.Conversation.end_input."""
        if not self._is_closed:
            self._stream.end_input(channel)
            self._touched()

    def close(self) -> None:
        """See host.Conversation.close."""
        if self._is_closed:
            return
        self._is_closed = True
        self._stream.on_ready = None
        self._stream.close()
        self._ready.set()
        self._closed()
        self._touched()
