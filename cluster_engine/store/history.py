"""The changes since the last compaction, oldest first, bounded in number.

Most of a snapshot is history that nobody asks for again, so it lies in there as bytes of its own
and is read when somebody does: a cluster that comes back from a snapshot is quick, and so is the
next snapshot of it.
"""

from __future__ import annotations

import pickle
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from cluster_engine.store.changes import Change


class Compacted(Exception):
    """The revision asked for is older than what is kept."""

    def __init__(self, asked: int, compacted: int) -> None:
        super().__init__(f"too old resource version: {asked} ({compacted})")
        self.asked = asked
        self.compacted = compacted


class History:
    """A list of changes that forgets its oldest when it is full."""

    def __init__(self, changes_max: int) -> None:
        self._changes_max = changes_max
        #: Those that are not packed, newer than those that are.
        self._changes: list[Change] = []
        #: Packed changes, oldest first, how many they are, and the revision of the last.
        self._packed: tuple[bytes, ...] = ()
        self._packed_count = 0
        self._packed_revision = 0
        self.compacted_revision = 0

    def __len__(self) -> int:
        return self._packed_count + len(self._changes)

    def append(self, change: Change) -> None:
        """Add the newest change; the oldest eighth goes when there are too many."""
        self._changes.append(change)
        if len(self) > self._changes_max:
            self._unpack()
            self.compact(self._changes[self._changes_max // 8].revision)

    def after(self, revision: int, resource: str | None = None) -> Iterator[Change]:
        """Changes after `revision`, of one resource when given. Raises Compacted at once."""
        if revision < self.compacted_revision:
            raise Compacted(revision, self.compacted_revision)
        if revision < self._packed_revision:
            self._unpack()
        start = bisect_right(self._changes, revision, key=_revision)
        changes = self._changes[start:]
        return (c for c in changes if resource is None or c.resource == resource)

    def compact(self, revision: int) -> None:
        """Forget changes up to and including `revision`."""
        self._unpack()
        del self._changes[: bisect_right(self._changes, revision, key=_revision)]
        self.compacted_revision = max(self.compacted_revision, revision)

    def copy(self) -> History:
        """An independent history that shares the changes."""
        twin = History(self._changes_max)
        twin._changes = list(self._changes)
        twin._packed = self._packed
        twin._packed_count = self._packed_count
        twin._packed_revision = self._packed_revision
        twin.compacted_revision = self.compacted_revision
        return twin

    def __getstate__(self) -> tuple[Any, ...]:
        packed, count, revision = self._packed, self._packed_count, self._packed_revision
        if self._changes:
            packed = (*packed, pickle.dumps(self._changes, protocol=5))
            count += len(self._changes)
            revision = self._changes[-1].revision
        return self._changes_max, packed, count, revision, self.compacted_revision

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        self._changes = []
        self._changes_max, self._packed, self._packed_count, *rest = state
        self._packed_revision, self.compacted_revision = rest

    def _unpack(self) -> None:
        """Somebody asks for the old ones."""
        if self._packed:
            found = [change for packed in self._packed for change in pickle.loads(packed)]
            self._changes = found + self._changes
            self._packed, self._packed_count, self._packed_revision = (), 0, 0


def _revision(change: Change) -> int:
    return change.revision
