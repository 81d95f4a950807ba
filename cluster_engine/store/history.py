"""The changes since the last compaction, oldest first, bounded in number."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator

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
        self._changes: list[Change] = []
        self.compacted_revision = 0

    def append(self, change: Change) -> None:
        """Add the newest change; the oldest eighth goes when there are too many."""
        self._changes.append(change)
        if len(self._changes) > self._changes_max:
            self.compact(self._changes[self._changes_max // 8].revision)

    def after(self, revision: int, resource: str | None = None) -> Iterator[Change]:
        """Changes after `revision`, of one resource when given. Raises Compacted at once."""
        if revision < self.compacted_revision:
            raise Compacted(revision, self.compacted_revision)
        start = bisect_right(self._changes, revision, key=_revision)
        changes = self._changes[start:]
        return (c for c in changes if resource is None or c.resource == resource)

    def compact(self, revision: int) -> None:
        """Forget changes up to and including `revision`."""
        del self._changes[: bisect_right(self._changes, revision, key=_revision)]
        self.compacted_revision = max(self.compacted_revision, revision)

    def copy(self) -> History:
        """An independent history that shares the changes."""
        twin = History(self._changes_max)
        twin._changes = list(self._changes)
        twin.compacted_revision = self.compacted_revision
        return twin


def _revision(change: Change) -> int:
    return change.revision
