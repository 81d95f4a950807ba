"""A path and everything below it, in order, for the recursive commands."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import System

DEPTH_MAX = 64
PLACES_MAX = 50_000


def walk(system: System, path: str) -> Iterator[str]:
    """The path, then what is below it; links are not followed."""
    waiting = [(path, 0)]
    for _ in range(PLACES_MAX):
        if not waiting:
            return
        place, depth = waiting.pop()
        yield place
        try:
            if system.lstat(place).kind != "directory" or depth == DEPTH_MAX:
                continue
            names = system.list_directory(place)
        except Errno:
            continue
        base = place.rstrip("/")
        waiting += [(f"{base}/{name}", depth + 1) for name in reversed(names)]
