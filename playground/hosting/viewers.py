"""Engine viewers as awaitable views, at most so many frames a second."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from playground.hosting.engine import EngineViewer

#: Frames taken at once; an engine viewer has a scene or delta, then a timeline.
_BURST_MAX = 8


class LocalView:
    """A viewer of a cluster in this process."""

    def __init__(
        self,
        viewer: EngineViewer,
        *,
        frames_per_second_max: int,
        wall_s: Callable[[], float],
        closed: Callable[[], None],
    ) -> None:
        self._viewer = viewer
        self._interval_s = 1 / frames_per_second_max
        self._wall_s = wall_s
        self._closed = closed
        self._ready = asyncio.Event()
        self._waiting: list[dict[str, Any]] = []
        self._last_s = float("-inf")
        self._is_closed = False
        viewer.on_ready = self._ready.set

    async def frame(self) -> dict[str, Any] | None:
        """See host.View.frame."""
        while not self._waiting:
            if self._is_closed:
                return None
            pause_s = self._last_s + self._interval_s - self._wall_s()
            if pause_s > 0:
                await asyncio.sleep(pause_s)
            self._ready.clear()
            self._waiting += self.frames_now()
            if self._waiting:
                self._last_s = self._wall_s()
            elif not self._is_closed:
                await self._ready.wait()
        return self._waiting.pop(0)

    def inject(self, frame: dict[str, Any]) -> None:
        """A frame of the host itself, in front of the engine's next."""
        if not self._is_closed:
            self._waiting.append(frame)
            self._ready.set()

    def frames_now(self) -> list[dict[str, Any]]:
        """See host.View.frames_now."""
        frames: list[dict[str, Any]] = []
        while not self._is_closed and len(frames) < _BURST_MAX:
            frame = self._viewer.frame()
            if frame is None:
                break
            frames.append(frame)
        return frames

    def turn_to(self, viewer: EngineViewer) -> None:
        """Look at another cluster from now on; its full scene is the next frame."""
        self._viewer.on_ready = None
        self._viewer.close()
        self._waiting.clear()
        self._viewer = viewer
        viewer.on_ready = self._ready.set
        self._ready.set()

    def close(self) -> None:
        """See host.View.close."""
        if not self._is_closed:
            self._is_closed = True
            self._viewer.on_ready = None
            self._viewer.close()
            self._ready.set()
            self._closed()
