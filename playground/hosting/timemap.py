"""How a cluster's virtual time hangs on the wall clock. Pure: both times are handed in."""

from __future__ import annotations

import math

#: Work may fall this far behind its clock before the clock waits for it.
LAG_SECONDS_MAX = 0.25


class TimeMap:
    """A line through (wall, virtual) with the speed as its slope.

    At unlimited speed the line runs like the wall clock, and the pump jumps ahead of it to what is
    due next.
    """

    __slots__ = ("_virtual_ms", "_wall_s", "is_paused", "speed")

    def __init__(self, wall_s: float, virtual_ms: int, speed: float, is_paused: bool) -> None:
        self._wall_s = wall_s
        self._virtual_ms = virtual_ms
        self.speed = speed
        self.is_paused = is_paused

    @property
    def slope(self) -> float:
        """Virtual seconds that pass in a second of the wall clock."""
        if self.is_paused:
            return 0.0
        return 1.0 if math.isinf(self.speed) else self.speed

    @property
    def is_unlimited(self) -> bool:
        """What is due next need not be waited for."""
        return math.isinf(self.speed) and not self.is_paused

    def virtual_ms(self, wall_s: float) -> int:
        """The virtual time that belongs to a wall time."""
        return self._virtual_ms + int((wall_s - self._wall_s) * 1000 * self.slope)

    def wall_s(self, virtual_ms: int) -> float | None:
        """The wall time at which a virtual time comes; None: never at this speed."""
        slope = self.slope
        if slope == 0:
            return None
        return self._wall_s + (virtual_ms - self._virtual_ms) / (1000 * slope)

    def anchor(self, wall_s: float, virtual_ms: int) -> None:
        """Go on from here: now is `virtual_ms`."""
        self._wall_s = wall_s
        self._virtual_ms = virtual_ms

    def change(
        self, wall_s: float, virtual_ms: int, speed: float | None, is_paused: bool | None
    ) -> None:
        """Go on from here with another speed. A speed of 0 is a pause."""
        self.anchor(wall_s, virtual_ms)
        if speed == 0:
            self.is_paused = True
        elif speed is not None:
            self.speed = speed
            if is_paused is None:
                self.is_paused = False
        if is_paused is not None and speed != 0:
            self.is_paused = is_paused

    def has_lag(self, wall_s: float, virtual_ms: int) -> bool:
        """Whether work at `virtual_ms` is too far behind."""
        behind_ms = self.virtual_ms(wall_s) - virtual_ms
        return behind_ms > LAG_SECONDS_MAX * 1000 * max(self.slope, 1.0)
