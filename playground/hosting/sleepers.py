"""Clusters that nobody needs for now: kept as snapshots, their time stands still."""

from __future__ import annotations

from dataclasses import dataclass

from playground.hosting.host import ClockReading


@dataclass(frozen=True, slots=True)
class Sleeper:
    """A cluster out of memory."""

    snapshot: bytes
    clock: ClockReading


class Sleepers:
    """Sleeping clusters by id."""

    def __init__(self) -> None:
        self._held: dict[str, Sleeper] = {}

    def __contains__(self, cluster_id: str) -> bool:
        return cluster_id in self._held

    def __len__(self) -> int:
        return len(self._held)

    def find(self, cluster_id: str) -> Sleeper | None:
        """One of them; it sleeps on."""
        return self._held.get(cluster_id)

    def put(self, cluster_id: str, sleeper: Sleeper) -> None:
        """One falls asleep."""
        self._held[cluster_id] = sleeper

    def take(self, cluster_id: str) -> Sleeper | None:
        """One is woken, or forgotten."""
        return self._held.pop(cluster_id, None)

    def clear(self) -> None:
        """Forget all."""
        self._held.clear()
