"""Python's garbage collector on a heap of many clusters.

A full collection looks at every object: half a second for a thousand clusters, during which nobody
is served. Clusters make little garbage that only a full collection finds, until they are closed. So
it never runs by itself; it runs after a number of clusters have been closed.
"""

from __future__ import annotations

import asyncio
import gc

#: Objects until a look at the young ones, such looks until one at the middle-aged.
_YOUNG_MAX, _MIDDLE_MAX = 50_000, 50
#: And of those until a full collection: for one cluster, for many (never).
_FULL_MAX_ONE, _FULL_MAX_MANY = 100, 1_000_000
_CLOSED_MAX = 50
_DELAY_SECONDS = 0.5


def calm(*, has_many_clusters: bool) -> None:
    """Call once, when a process is ready to serve: what exists now is not looked at again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(
        _YOUNG_MAX, _MIDDLE_MAX, _FULL_MAX_MANY if has_many_clusters else _FULL_MAX_ONE
    )


class Sweeper:
    """Counts closed clusters, and collects when it is worth a pause."""

    def __init__(self) -> None:
        self._closed = 0

    def note_closed(self) -> None:
        """One more cluster is garbage."""
        self._closed += 1
        if self._closed >= _CLOSED_MAX:
            self._closed = 0
            asyncio.get_running_loop().call_later(_DELAY_SECONDS, gc.collect)
