"""The archive of a host that writes nothing down: clusters that leave memory are kept as bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from playground.hosting.journal.archive import Piece, Saved, Stored


class MemoryArchive:
    """See archive.Archive. Records are not kept: there are none without a journal."""

    def __init__(self) -> None:
        self._saved: dict[str, Saved] = {}

    def open(self) -> dict[str, float]:
        """See archive.Archive.open."""
        return dict.fromkeys(self._saved, 0.0)

    def create(self, cluster_id: str, plan: str, saved: Saved | None) -> None:
        """See archive.Archive.create."""

    def load(self, cluster_id: str, *, is_whole: bool = False) -> Stored | None:
        """See archive.Archive.load."""
        saved = self._saved.pop(cluster_id, None)
        return None if saved is None else Stored("", saved, [], saved.written_at)

    def commit(self, pieces: Sequence[Piece], saved: Sequence[Saved]) -> None:
        """See archive.Archive.commit."""
        self._saved.update((one.cluster_id, one) for one in saved)

    def delete(self, cluster_ids: Iterable[str]) -> None:
        """See archive.Archive.delete."""
        for cluster_id in cluster_ids:
            self._saved.pop(cluster_id, None)

    def renew(self) -> None:
        """See archive.Archive.renew."""

    def close(self) -> None:
        """See archive.Archive.close."""
        self._saved.clear()
