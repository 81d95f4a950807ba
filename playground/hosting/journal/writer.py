"""Group commit: the records of all clusters, written in one transaction after another.

While one is being written, what comes in waits for the next, so the busier the site, the more goes
into each. Whoever has to answer waits until what it answers is written. Records of one cluster are
written in their order; nothing is ever left out: while the database cannot be written, everybody
waits.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Protocol, TypeVar

from playground.hosting.journal.archive import (
    Archive,
    ArchiveError,
    LostCluster,
    Piece,
    Saved,
    Stored,
)
from playground.hosting.journal.records import Record

logger = logging.getLogger(__name__)

_RETRY_SECONDS = (0.05, 0.1, 0.2, 0.5, 1.0)
_RENEW_SECONDS = 10.0
#: Readers beside the one writer.
_READERS = 2
_Result = TypeVar("_Result")


class Author(Protocol):
    """Whose records are written: a ledger."""

    cluster_id: str

    def written(self, number: int) -> None:
        """All records before that number are safe."""

    def lost(self) -> None:
        """The cluster is another host's."""


class Writer:
    """See the module. Call it from the event loop that it was started on."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._start_threads()
        self._waiting: dict[Author, tuple[int, list[Record]]] = {}
        self._saves: list[tuple[Author, Saved, asyncio.Future[None]]] = []
        self._flushing: asyncio.Task[None] | None = None
        self._renewing: asyncio.Task[None] | None = None
        self.commits_total = 0
        self.records_total = 0
        self.commit_seconds_total = 0.0
        self.failures_total = 0

    @property
    def records_waiting(self) -> int:
        """How many records are not safe yet."""
        return sum(len(records) for _, records in self._waiting.values())

    async def open(self) -> dict[str, float]:
        """Begin; the clusters that the archive has, with when they began."""
        found = await self._in(self._thread, self._archive.open)
        if self._renewing is None:
            self._renewing = asyncio.get_running_loop().create_task(self._renew(), name="lease")
        return found

    async def close(self) -> None:
        """Write what waits, and give all clusters back."""
        while self._flushing is not None:
            await asyncio.gather(self._flushing, return_exceptions=True)
        if self._renewing is not None:
            self._renewing.cancel()
            self._renewing = None
        try:
            await self._in(self._thread, self._archive.close)
        except ArchiveError:
            logger.exception("clusters could not be given back; their lease runs out")
        for threads in (self._thread, self._readers):
            threads.shutdown(wait=False)
        self._start_threads()

    def _start_threads(self) -> None:
        """They begin with their first work."""
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._readers = ThreadPoolExecutor(_READERS, thread_name_prefix="archive")

    def append(self, author: Author, number: int, record: Record) -> None:
        """Write one more record of a cluster, soon."""
        held = self._waiting.get(author)
        if held is None:
            self._waiting[author] = (number, [record])
        else:
            held[1].append(record)
        self._kick()

    def save(self, author: Author, saved: Saved) -> asyncio.Future[None]:
        """Write a snapshot, with or after all records that have come before."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._saves.append((author, saved, done))
        self._kick()
        return done

    async def create(self, cluster_id: str, plan: str, saved: Saved | None) -> None:
        """Write a new cluster down."""
        await self._in(self._thread, lambda: self._archive.create(cluster_id, plan, saved))

    async def delete(self, cluster_ids: Iterable[str]) -> None:
        """Forget clusters."""
        ids = list(cluster_ids)
        await self._in(self._thread, lambda: self._archive.delete(ids))

    async def load(self, cluster_id: str, *, is_whole: bool = False) -> Stored | None:
        """Read a cluster. Raises ArchiveError."""
        return await self._in(
            self._readers, lambda: self._archive.load(cluster_id, is_whole=is_whole)
        )

    def drop(self, author: Author) -> None:
        """Its cluster is gone: what waits of it need not be written."""
        self._waiting.pop(author, None)

    def _kick(self) -> None:
        if self._flushing is None:
            loop = asyncio.get_running_loop()
            self._flushing = loop.create_task(self._flush(), name="journal")

    async def _flush(self) -> None:
        try:
            while self._waiting or self._saves:
                taken, self._waiting = self._waiting, {}
                saves, self._saves = self._saves, []
                await self._write(taken, saves)
        finally:
            self._flushing = None

    async def _write(
        self,
        taken: dict[Author, tuple[int, list[Record]]],
        saves: list[tuple[Author, Saved, asyncio.Future[None]]],
    ) -> None:
        """Write them, however long it takes."""
        attempt = 0
        while taken or saves:
            pieces = [Piece(a.cluster_id, first, rows) for a, (first, rows) in taken.items()]
            commit = partial(self._archive.commit, pieces, [saved for _, saved, _ in saves])
            begin = time.perf_counter()
            try:
                await self._in(self._thread, commit)
            except LostCluster as lost:
                taken, saves = _without(lost.cluster_id, taken, saves)
                continue
            except ArchiveError as error:
                self.failures_total += 1
                if attempt == 0:
                    logger.error("the journal cannot be written, answers wait: %s", error)
                await asyncio.sleep(_RETRY_SECONDS[min(attempt, len(_RETRY_SECONDS) - 1)])
                attempt += 1
                continue
            except Exception:
                # A bug of ours. The clusters are ahead of the journal now, and must not go on so.
                logger.exception("records of %d clusters cannot be written", len(taken))
                _give_up(taken, saves)
                return
            self.commit_seconds_total += time.perf_counter() - begin
            self.commits_total += 1
            self.records_total += sum(len(piece.records) for piece in pieces)
            break
        for author, (first, rows) in taken.items():
            author.written(first + len(rows))
        for _, _, done in saves:
            if not done.done():
                done.set_result(None)

    async def _renew(self) -> None:
        while True:
            await asyncio.sleep(_RENEW_SECONDS)
            try:
                await self._in(self._thread, self._archive.renew)
            except ArchiveError:
                logger.exception("the lease could not be renewed")

    async def _in(self, threads: ThreadPoolExecutor, work: Callable[[], _Result]) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(threads, work)


def _give_up(
    taken: Iterable[Author], saves: Iterable[tuple[Author, Saved, asyncio.Future[None]]]
) -> None:
    """Their clusters are read again from what is written, when somebody asks for them."""
    for author in taken:
        author.lost()
    for author, _, done in saves:
        author.lost()
        if not done.done():
            done.set_exception(ArchiveError(f"{author.cluster_id} cannot be written"))


def _without(
    cluster_id: str,
    taken: dict[Author, tuple[int, list[Record]]],
    saves: list[tuple[Author, Saved, asyncio.Future[None]]],
) -> tuple[
    dict[Author, tuple[int, list[Record]]], list[tuple[Author, Saved, asyncio.Future[None]]]
]:
    """All but one cluster, whose author is told that it is another host's."""
    logger.error("cluster %s has been taken over by another process", cluster_id)
    authors = [a for a in taken if a.cluster_id == cluster_id]
    authors += [a for a, _, _ in saves if a.cluster_id == cluster_id]
    for author in dict.fromkeys(authors):
        author.lost()
    for author, _, done in saves:
        if author.cluster_id == cluster_id and not done.done():
            done.set_exception(LostCluster(cluster_id))
    left = {author: held for author, held in taken.items() if author.cluster_id != cluster_id}
    return left, [held for held in saves if held[0].cluster_id != cluster_id]
