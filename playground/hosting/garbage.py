"""Python's garbage collector on a heap of many clusters.

A full collection looks at every object: half a second for a thousand clusters, during which nobody
is served. Clusters make little garbage that only a full collection finds, until they are closed. So
it never runs by itself; it runs after a number of clusters have been closed.
"""

from __future__ import annotations

import asyncio
import gc

#: Objects until a look at the young ones, such looks until one at the middle-aged, and those until
#: a full collection. For one cluster: seldom, a pause hurts nobody. For many: short looks (2 and
#: 20 ms), and never a full one.
_ONE = (50_000, 50, 100)
_MANY = (10_000, 10, 1_000_000)
_CLOSED_MAX = 50
_DELAY_SECONDS = 0.5


def calm(*, has_many_clusters: bool) -> None:
    """Call once, when a process is ready to serve: what exists now is not looked at again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*(_MANY if has_many_clusters else _ONE))


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
