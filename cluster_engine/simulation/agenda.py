"""What is due, and when: the only way a component gets to run later.

An entry is data, `(due_ms, lane, ticket, actor, message)`, never a closure, so that an agenda can
be copied with a fork and written into a snapshot. The cluster facade pops what is due, in order of
time and then of scheduling, and hands the message to the component registered under the actor's
name.
"""

from __future__ import annotations

import heapq
from collections.abc import Hashable
from typing import NamedTuple


class Entry(NamedTuple):
    """One thing to do: wake `actor` with `message` at `due_ms`."""

    due_ms: int
    lane: int
    ticket: int
    actor: str
    message: Hashable


class Agenda:
    """A heap of entries; cancelled ones are dropped when they surface."""

    def __init__(self) -> None:
        self._heap: list[Entry] = []
        self._cancelled: set[int] = set()
        self._next_ticket = 1

    def __len__(self) -> int:
        return len(self._heap) - len(self._cancelled)

    @property
    def tickets(self) -> int:
        """How many entries there have ever been; it tells whether anything was planned."""
        return self._next_ticket - 1

    def schedule(self, due_ms: int, actor: str, message: Hashable, lane: int = 0) -> int:
        """Wake `actor` with `message` at `due_ms`; returns the ticket that `cancel` takes.

        Of entries due at the same moment those of a lower lane come first: reconcilers wait in
        lane 1, so that they see what a burst of work has led to once, not after each step of it.
        """
        ticket = self._next_ticket
        self._next_ticket += 1
        heapq.heappush(self._heap, Entry(due_ms, lane, ticket, actor, message))
        return ticket

    def cancel(self, ticket: int) -> None:
        """Forget an entry that has not run yet. The caller must not cancel one that has."""
        self._cancelled.add(ticket)

    def next_due_ms(self) -> int | None:
        """When the earliest entry is due, None when nothing is planned."""
        self._drop_cancelled()
        return self._heap[0].due_ms if self._heap else None

    def pop_due(self, now_ms: int) -> Entry | None:
        """Take the earliest entry that is due at `now_ms`."""
        self._drop_cancelled()
        if not self._heap or self._heap[0].due_ms > now_ms:
            return None
        return heapq.heappop(self._heap)

    def state(self) -> tuple[list[Entry], set[int], int]:
        """All entries and the next ticket, for a fork or a snapshot."""
        return list(self._heap), set(self._cancelled), self._next_ticket

    def restore(self, state: tuple[list[Entry], set[int], int]) -> None:
        """Take over what `state` gave, in place of anything planned here."""
        heap, cancelled, self._next_ticket = state
        self._heap, self._cancelled = list(heap), set(cancelled)

    def _drop_cancelled(self) -> None:
        while self._heap and self._heap[0].ticket in self._cancelled:
            self._cancelled.discard(heapq.heappop(self._heap).ticket)
