"""Copies what people write from the clusters into the database, some milliseconds later.

One task for all clusters: it is told which have done something, waits a moment so that a burst is
one batch, and asks those for what is new since its cursor. Nothing is lost when the server dies:
the clusters keep their last writes, and the cursor is stored with the rows.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from asgiref.sync import sync_to_async

from cluster_engine.apiserver.person_writes import PersonWrite
from playground.hosting.host import ClusterHost, HostError
from playground.hosting.selectors import site_host
from playground.reviews.intake import writes_take
from playground.reviews.models import Desk
from playground.reviews.telling import review_show

logger = logging.getLogger(__name__)

#: A burst of writes becomes one batch.
_PAUSE_SECONDS = 0.1
#: After a fault of the database.
_PATIENCE_SECONDS = 2.0
_CURSORS_MAX = 20_000


class WriteRecorder:
    """Start it on the event loop that the site runs on."""

    def __init__(self) -> None:
        self._touched: set[str] = set()
        #: Those that are being read right now.
        self._in_hand: frozenset[str] = frozenset()
        self._wakeup = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._heard: ClusterHost | None = None
        #: How far each cluster has been read.
        self._cursors: dict[str, int] = {}
        self._taking = asyncio.Lock()
        #: Called after something new was stored.
        self.on_taken: Callable[[], None] | None = None

    def start(self) -> None:
        """Begin (again) on the running event loop. Idempotent."""
        host = site_host()
        if self._heard is not host:
            self._heard = host
            host.listen(self._note)
        loop = asyncio.get_running_loop()
        if self._task is None or self._task.get_loop() is not loop:
            self._wakeup, self._taking = asyncio.Event(), asyncio.Lock()
            self._task = loop.create_task(self._run(), name="write recorder")

    async def stop(self) -> None:
        """Copy what there is, then end the task."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        await self._sweep()

    async def drain(self, session_id: str) -> None:
        """Copy what one cluster has that is new, now. One that has done nothing since it was read
        is not asked: it may be asleep."""
        if session_id in self._in_hand:
            async with self._taking:
                pass  # what was being read is there now, or is among the touched again
        is_listening = self._task is not None and self._heard is site_host()
        if is_listening and session_id in self._cursors and session_id not in self._touched:
            return
        await self._take([session_id])
        self._touched.discard(session_id)

    def _note(self, cluster_id: str) -> None:
        if cluster_id not in self._touched:
            self._touched.add(cluster_id)
            self._wakeup.set()

    async def _run(self) -> None:
        while True:
            await self._wakeup.wait()
            await asyncio.sleep(_PAUSE_SECONDS)
            try:
                await self._sweep()
            except Exception:
                logger.exception("writes could not be recorded; they are kept and tried again")
                await asyncio.sleep(_PATIENCE_SECONDS)

    async def _sweep(self) -> None:
        self._wakeup.clear()
        touched, self._touched = sorted(self._touched), set()
        self._in_hand = frozenset(touched)
        try:
            await self._take(touched)
        except Exception:
            self._touched.update(touched)
            self._wakeup.set()
            raise
        finally:
            self._in_hand = frozenset()

    async def _take(self, session_ids: Sequence[str]) -> None:
        async with self._taking:
            batches: dict[str, list[PersonWrite]] = {}
            for session_id in session_ids:
                writes = await self._new_writes(session_id)
                if writes:
                    batches[session_id] = writes
            if not batches:
                return
            await sync_to_async(writes_take)(batches)
            if self.on_taken is not None:
                self.on_taken()
            for session_id, writes in batches.items():
                self._cursors[session_id] = writes[-1].sequence
                if any(write.submission for write in writes):
                    review_show(session_id)
            while len(self._cursors) > _CURSORS_MAX:
                del self._cursors[next(iter(self._cursors))]

    async def _new_writes(self, session_id: str) -> list[PersonWrite]:
        host = site_host()
        if not host.has(session_id):
            self._cursors.pop(session_id, None)
            return []
        try:
            writes = await host.person_writes(session_id, self._cursors.get(session_id, 0))
        except HostError:
            return []
        if not writes or session_id in self._cursors:
            return writes
        desk = await Desk.objects.filter(session_id=session_id).afirst()
        cursor = desk.drained if desk is not None else 0
        self._cursors[session_id] = cursor
        return [write for write in writes if write.sequence > cursor]
