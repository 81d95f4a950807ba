"""The cluster's virtual clock.

Virtual time is an int of milliseconds since the Unix epoch. Only the cluster facade moves it; every
other part reads it. Nothing in the engine knows any other time.
"""

from __future__ import annotations


class Clock:
    """A clock that stands still until it is moved."""

    __slots__ = ("_now_ms",)

    def __init__(self, now_ms: int) -> None:
        self._now_ms = now_ms

    @property
    def now_ms(self) -> int:
        """Milliseconds since the Unix epoch, in the cluster's own time."""
        return self._now_ms

    def move_to(self, now_ms: int) -> None:
        """Move forward to `now_ms`; a moment in the past is ignored, time never runs back."""
        if now_ms > self._now_ms:
            self._now_ms = now_ms
