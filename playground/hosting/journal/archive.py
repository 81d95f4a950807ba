"""Where clusters are written down: what a host asks of the archive, and the values it gives it.

`database.DatabaseArchive` keeps them in the site's database. All calls block; the host makes them
in threads.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from playground.hosting.journal.records import Record


class ArchiveError(Exception):
    """The archive cannot be read or written just now."""


class LostCluster(ArchiveError):
    """Another host has taken over: it has written what this one was going to write."""

    def __init__(self, cluster_id: str) -> None:
        super().__init__(f"another process has taken over {cluster_id}")
        self.cluster_id = cluster_id


class TakenElsewhere(ArchiveError):
    """The cluster lives in another process that is alive."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Consecutive records of one cluster; `first` is the number of the first."""

    cluster_id: str
    first: int
    records: Sequence[Record]


@dataclass(frozen=True, slots=True)
class Saved:
    """A cluster as it was when it had `number` records."""

    cluster_id: str
    number: int
    #: Of the engine that wrote `data`, which only the same engine reads.
    fingerprint: str
    data: bytes
    #: How the clock ran and which streams were open; builtins, pickled.
    head: bytes
    #: Plain files for any other engine, not made each time: empty leaves those of an earlier
    #: snapshot, of when there were `portable_number` records.
    portable: bytes = b""
    portable_number: int = 0
    written_at: float = 0.0


@dataclass(frozen=True, slots=True)
class Stored:
    """All that the archive has of a cluster."""

    #: What it was made from, as JSON; empty when it began as a snapshot.
    plan: str
    saved: Saved | None
    pieces: list[Piece] = field(default_factory=list)
    #: When the last of it was written, in seconds since 1970.
    written_at: float = 0.0


class Archive(Protocol):
    """See the module."""

    def open(self) -> dict[str, float]:
        """Be ready; the clusters there are, with when they began (seconds since 1970)."""

    def create(self, cluster_id: str, plan: str, saved: Saved | None) -> None:
        """A new cluster, this host's. What there was of that name is forgotten."""

    def load(self, cluster_id: str, *, is_whole: bool = False) -> Stored | None:
        """A cluster, from now on this host's; None: there is none. Raises TakenElsewhere. With all
        records there are, or those that bringing it back needs."""

    def commit(self, pieces: Sequence[Piece], saved: Sequence[Saved]) -> None:
        """Write all of it, or nothing. Records that the plain files hold are forgotten; so are
        those before the first snapshot only once there are plain files.

        Raises LostCluster when one of the clusters is another's by now, ArchiveError when it should
        be tried again.
        """

    def delete(self, cluster_ids: Iterable[str]) -> None:
        """Forget clusters."""

    def renew(self) -> None:
        """This host still lives. To be called again and again."""

    def close(self) -> None:
        """Give every cluster back."""
