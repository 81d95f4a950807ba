"""Limits of the host: how many clusters, streams, viewers, and requests a second."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class HostLimits:
    """Zero means no limit."""

    clusters_max: int = 0
    streams_per_cluster_max: int = 0
    viewers_per_cluster_max: int = 0
    requests_per_second_max: int = 0
    requests_burst_max: int = 0
    frames_per_second_max: int = 20
    advance_ms_max: int = 366 * 86_400_000


class Allowance:
    """A token bucket. Without a rate it always says yes."""

    __slots__ = ("_burst", "_level", "_rate", "_then_s")

    def __init__(self, per_second: float, burst: int, now_s: float) -> None:
        self._rate = per_second
        self._burst = float(max(burst, 1))
        self._level = self._burst
        self._then_s = now_s

    def take(self, now_s: float) -> bool:
        """Whether one more is allowed now; if so it is counted."""
        if self._rate <= 0:
            return True
        self._level = min(self._burst, self._level + (now_s - self._then_s) * self._rate)
        self._then_s = now_s
        if self._level < 1:
            return False
        self._level -= 1
        return True
