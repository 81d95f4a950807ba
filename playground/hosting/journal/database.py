"""The archive in the site's database, SQLite or PostgreSQL.

Committing is the hot path and goes past the ORM: one INSERT for the pieces of all clusters, one
short transaction. Each thread that calls has a connection of its own, as Django gives it.

A cluster belongs to the host that loaded it last, and only that one's records are taken. A host is
alive while it holds the lock of its file (on the same machine, so that a killed one is known to be
dead at once), or until its lease runs out (on another machine). Should a host that was taken for
dead write again, it is refused; when both write at the same moment, the records of one have numbers
that are taken.
"""

from __future__ import annotations

import fcntl
import os
import secrets
import time
import zlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import IO, Any, TypeVar

from django.db import Error, IntegrityError, close_old_connections, connection, transaction
from django.db.models import F, QuerySet

from playground.hosting.journal.archive import (
    ArchiveError,
    LostCluster,
    Piece,
    Saved,
    Stored,
    TakenElsewhere,
)
from playground.hosting.journal.packing import fingerprint
from playground.hosting.journal.records import decode, encode
from playground.hosting.models import ClusterSnapshot, HostedCluster, HostLease, JournalPiece

LEASE_SECONDS = 30.0
#: Rows of one INSERT, and ids of one DELETE.
_ROWS_MAX = 100
_Result = TypeVar("_Result")


class DatabaseArchive:
    """See archive.Archive."""

    def __init__(self, folder: Path, *, wall_s: Callable[[], float] = time.time) -> None:
        """`folder` is for the lock files of the hosts of this machine."""
        self._folder = folder
        self._wall_s = wall_s
        #: This machine and folder: hosts with the same see each other's lock files.
        self._place = f"{os.uname().nodename[:30]}:{zlib.crc32(str(folder.resolve()).encode()):x}"
        self.owner = f"{self._place}:{os.getpid()}:{secrets.token_hex(6)}"
        self._lock: IO[bytes] | None = None

    def open(self) -> dict[str, float]:
        """See archive.Archive.open."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._remove_stale_locks()
        while self._lock is None:
            # Held open as long as this host lives: the kernel gives the lock back when it dies.
            self._lock = _locked(self._path(self.owner))
        return _guarded(self._open)

    def create(self, cluster_id: str, plan: str, saved: Saved | None) -> None:
        """See archive.Archive.create."""

        def write() -> None:
            with transaction.atomic():
                _delete([cluster_id])
                HostedCluster(
                    cluster_id=cluster_id,
                    plan=plan,
                    owner=self.owner,
                    created_at=self._wall_s(),
                ).save(force_insert=True)
                if saved is not None:
                    self._save(saved)

        _guarded(write)

    def load(self, cluster_id: str, *, is_whole: bool = False) -> Stored | None:
        """See archive.Archive.load."""
        return _guarded(lambda: self._load(cluster_id, is_whole=is_whole))

    def commit(self, pieces: Sequence[Piece], saved: Sequence[Saved]) -> None:
        """See archive.Archive.commit."""
        now = self._wall_s()
        rows = [
            (piece.cluster_id, piece.first, len(piece.records), encode(piece.records), now)
            for piece in pieces
        ]

        def write() -> None:
            with transaction.atomic():
                self._check_owner([piece.cluster_id for piece in pieces])
                for start in range(0, len(rows), _ROWS_MAX):
                    _insert(rows[start : start + _ROWS_MAX])
                for one in saved:
                    self._save(one)

        try:
            _guarded(write)
        except IntegrityError as error:
            raise LostCluster(self._find_lost(pieces)) from error

    def delete(self, cluster_ids: Iterable[str]) -> None:
        """See archive.Archive.delete."""
        ids = list(cluster_ids)

        def write() -> None:
            with transaction.atomic():
                for start in range(0, len(ids), _ROWS_MAX):
                    _delete(ids[start : start + _ROWS_MAX])

        _guarded(write)

    def renew(self) -> None:
        """See archive.Archive.renew."""
        expires_at = self._wall_s() + LEASE_SECONDS
        _guarded(
            lambda: HostLease.objects.update_or_create(
                owner=self.owner, defaults={"expires_at": expires_at}
            )
        )

    def close(self) -> None:
        """See archive.Archive.close."""

        def give_back() -> None:
            HostedCluster.objects.filter(owner=self.owner).update(owner="")
            HostLease.objects.filter(owner=self.owner).delete()

        try:
            _guarded(give_back)
        finally:
            if self._lock is not None:
                self._path(self.owner).unlink(missing_ok=True)
                self._lock.close()
                self._lock = None

    def _open(self) -> dict[str, float]:
        HostLease.objects.filter(expires_at__lt=self._wall_s() - 3600).delete()
        self.renew()
        return dict(HostedCluster.objects.values_list("cluster_id", "created_at"))

    def _load(self, cluster_id: str, *, is_whole: bool) -> Stored | None:
        with transaction.atomic():
            row = HostedCluster.objects.select_for_update().filter(pk=cluster_id).first()
            if row is None:
                return None
            if row.owner and row.owner != self.owner and self._is_alive(row.owner):
                raise TakenElsewhere(f"{cluster_id} is used by another process just now")
            if row.owner != self.owner:
                row.owner = self.owner
                row.save(update_fields=["owner"])
            held = ClusterSnapshot.objects.filter(pk=cluster_id).first()
            pieces = list(_pieces_after(cluster_id, None if is_whole else held))
        saved = None if held is None else _saved(held)
        times = [0.0 if held is None else held.written_at, *(one.written_at for one in pieces)]
        return Stored(
            plan=row.plan,
            saved=saved,
            pieces=[Piece(cluster_id, one.first, decode(bytes(one.data))) for one in pieces],
            written_at=max(times),
        )

    def _check_owner(self, ids: Sequence[str]) -> None:
        for start in range(0, len(ids), _ROWS_MAX):
            some = ids[start : start + _ROWS_MAX]
            ours = HostedCluster.objects.filter(pk__in=some, owner=self.owner)
            held = set(ours.values_list("cluster_id", flat=True))
            lost = next((one for one in some if one not in held), None)
            if lost is not None:
                raise LostCluster(lost)

    def _save(self, saved: Saved) -> None:
        held = HostedCluster.objects.filter(pk=saved.cluster_id).values_list("owner", flat=True)
        owner = held.first()
        if owner is None:
            return
        if owner != self.owner:
            raise LostCluster(saved.cluster_id)
        fields: dict[str, Any] = {
            "number": saved.number,
            "fingerprint": saved.fingerprint,
            "head": saved.head,
            "data": saved.data,
            "written_at": saved.written_at or self._wall_s(),
        }
        made = {"portable": saved.portable, "portable_number": saved.number}
        ClusterSnapshot.objects.update_or_create(
            cluster_id=saved.cluster_id,
            defaults=fields | made if saved.portable else fields,
            create_defaults=fields | (made if saved.portable else {"portable": b""}),
        )
        if saved.portable:
            with connection.cursor() as cursor:
                cursor.execute(
                    "DELETE FROM hosting_journalpiece"
                    " WHERE cluster_id = %s AND first + count <= %s",
                    [saved.cluster_id, saved.number],
                )

    def _is_alive(self, owner: str) -> bool:
        """Whether a host lives: on this machine its file tells, elsewhere its lease."""
        path = self._path(owner)
        if owner.startswith(f"{self._place}:"):
            return path.exists() and _is_locked(path)
        lease = HostLease.objects.filter(pk=owner).first()
        return lease is not None and lease.expires_at > self._wall_s()

    def _find_lost(self, pieces: Sequence[Piece]) -> str:
        for piece in pieces:
            held = JournalPiece.objects.filter(cluster_id=piece.cluster_id, first=piece.first)
            if held.exists():
                return piece.cluster_id
        return pieces[0].cluster_id if pieces else ""

    def _path(self, owner: str) -> Path:
        return self._folder / owner.replace("/", "-")

    def _remove_stale_locks(self) -> None:
        for path in self._folder.iterdir():
            if not _is_locked(path):
                path.unlink(missing_ok=True)


def _guarded(work: Callable[[], _Result]) -> _Result:
    """Do it on a connection that is alive. Raises ArchiveError instead of database errors, but
    IntegrityError goes through."""
    if not connection.in_atomic_block:
        close_old_connections()
    try:
        return work()
    except IntegrityError:
        raise
    except Error as error:
        if not connection.in_atomic_block:
            connection.close()
        raise ArchiveError(str(error)) from error


def _pieces_after(cluster_id: str, held: ClusterSnapshot | None) -> QuerySet[JournalPiece]:
    """The records that a snapshot does not contain, for the engine that made it; for another, those
    that its plain files do not contain."""
    found = JournalPiece.objects.filter(cluster_id=cluster_id).order_by("first")
    if held is None:
        return found
    is_ours = held.fingerprint == fingerprint()
    number = held.number if is_ours else held.portable_number
    return found.alias(end=F("first") + F("count")).filter(end__gt=number)


def _insert(rows: Sequence[tuple[Any, ...]]) -> None:
    if not rows:
        return
    values = ", ".join(["(%s, %s, %s, %s, %s)"] * len(rows))
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO hosting_journalpiece (cluster_id, first, count, data, written_at) "
            f"VALUES {values}",
            [value for row in rows for value in row],
        )


def _delete(ids: Sequence[str]) -> None:
    JournalPiece.objects.filter(cluster_id__in=ids).delete()
    ClusterSnapshot.objects.filter(cluster_id__in=ids).delete()
    HostedCluster.objects.filter(cluster_id__in=ids).delete()


def _saved(row: ClusterSnapshot) -> Saved:
    return Saved(
        cluster_id=row.cluster_id,
        number=row.number,
        fingerprint=row.fingerprint,
        data=bytes(row.data),
        head=bytes(row.head),
        portable=bytes(row.portable),
        portable_number=row.portable_number,
        written_at=row.written_at,
    )


def _locked(path: Path) -> IO[bytes] | None:
    """A new file with its lock; None when another host, which took it for a dead one's, has removed
    it before it was locked."""
    file = path.open("wb")
    fcntl.flock(file, fcntl.LOCK_EX)
    if path.exists() and path.stat().st_ino == os.fstat(file.fileno()).st_ino:
        return file
    file.close()
    return None


def _is_locked(path: Path) -> bool:
    try:
        with open(path, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
