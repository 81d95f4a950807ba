"""Limits of the host: how many clusters, streams, viewers, and requests a second."""

from __future__ import annotations

from collections import OrderedDict
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
    #: Copies that are tried things on at the same time, how many more may wait, and how much work
    #: one may be.
    rehearsals_max: int = 2
    rehearsals_waiting_max: int = 20
    rehearsal_work_seconds_max: int = 10


class Allowance:
    """A token bucket. Without a rate it always says yes."""

    __slots__ = ("_burst", "_level", "_rate", "_then_s")

    def __init__(self, per_second: float, burst: int, now_s: float) -> None:
        self._rate = per_second
        self._burst = float(max(burst, 1))
        self._level = self._burst
        self._then_s = now_s

    def take(self, now_s: float, cost: float = 1.0) -> bool:
        """Whether so much more is allowed now; if so it is counted. A cost of more than the whole
        bucket takes the whole bucket."""
        cost = min(cost, self._burst)
        if self._rate <= 0:
            return True
        self._level = min(self._burst, self._level + (now_s - self._then_s) * self._rate)
        self._then_s = now_s
        if self._level < cost:
            return False
        self._level -= cost
        return True


class Allowances:
    """A bucket per key, such as a visitor's address; the longest unused are forgotten."""

    def __init__(self, keys_max: int = 20_000) -> None:
        self._buckets: OrderedDict[str, Allowance] = OrderedDict()
        self._keys_max = keys_max

    def take(
        self, key: str, now_s: float, *, per_second: float, burst: int, cost: float = 1.0
    ) -> bool:
        """Whether `key` may do so much more now."""
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = Allowance(per_second, burst, now_s)
            if len(self._buckets) > self._keys_max:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(key)
        return bucket.take(now_s, cost)
