"""What keeps the clusters of a host: the journal, snapshots, leaving memory and coming back.

One task looks, once a second and only while something happens, after clusters that have gone on:
it notes where they are, writes a snapshot when a replay would take too long, and lets clusters
leave memory that nobody uses and in which nothing is due. Idle, it does nothing.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from playground.hosting.engine import Engine
from playground.hosting.host import ClockReading
from playground.hosting.journal.archive import Archive, ArchiveError, Saved, Stored
from playground.hosting.journal.ledger import Ledger
from playground.hosting.journal.memory import MemoryArchive
from playground.hosting.journal.packing import fingerprint, pack, pack_files
from playground.hosting.journal.records import Op
from playground.hosting.journal.waking import Pace, Waking, Woken, head_of
from playground.hosting.journal.writer import Writer
from playground.hosting.resident import Resident

logger = logging.getLogger(__name__)

_LOOK_SECONDS = 1.0
#: A cluster that has done nothing for so long is quiet: a good moment for a snapshot.
_QUIET_SECONDS = 4.0
#: A snapshot may cost this part of the work since the last one; of a quiet cluster, that part.
_BUSY_SHARE, _QUIET_SHARE = 1 / 8, 1 / 2
_QUIET_WORK_SECONDS = 0.015
#: Plain files are made anew after so many times the bytes of a snapshot.
_PORTABLE_EVERY = 4
#: Dozing means that nothing was due in so much wall time.
_DOZE_AHEAD_SECONDS = 600.0
_DOZERS_LOOKED_AT_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class KeepLimits:
    """When clusters are written down and leave memory."""

    #: A snapshot is due after so much work, or so many bytes of records.
    snapshot_work_seconds: float = 0.1
    snapshot_bytes: int = 256 * 1024
    #: An unused cluster in which nothing is due leaves memory; 0: never.
    doze_seconds: float = 300.0
    #: How much wall time a cluster makes up for that was away while something was due in it.
    catch_up_seconds: float = 10.0


class Keeper:
    """See the module. `residents` is the host's own dictionary."""

    def __init__(
        self,
        archive: Archive | None,
        residents: dict[str, Resident],
        limits: KeepLimits,
        doze: Callable[[str], Awaitable[bool]],
    ) -> None:
        """Without an archive nothing is written down before an answer, and clusters that leave
        memory are kept as bytes in it."""
        self.writer = Writer(archive or MemoryArchive())
        self.is_journaled = archive is not None
        self.limits = limits
        #: Clusters that are not in memory, with their clocks where those are known to stand still.
        self.asleep: dict[str, ClockReading | None] = {}
        #: When those began that were there at the start.
        self.began: dict[str, float] = {}
        self._residents = residents
        self._doze = doze
        self._going_on: set[str] = set()
        self._stir = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._costs: dict[str, float] = {}
        self._worked: dict[str, tuple[float, float]] = {}
        self._since_portable: dict[str, int] = {}
        self._looked_for_dozers_s = 0.0
        self.snapshots_total = 0
        self.snapshot_seconds_total = 0.0

    async def start(self) -> None:
        """Begin: learn what there is."""
        if not self.is_journaled:
            return
        self.began = await self.writer.open()
        self.asleep = dict.fromkeys(self.began.keys() - self._residents.keys())
        await asyncio.to_thread(fingerprint)
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run(), name="keeper")

    async def stop(self) -> None:
        """Note where every cluster is, and give them back."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        self._note_all()
        await self.writer.close()

    def note_work(self, cluster_id: str) -> None:
        """A cluster has gone on by itself."""
        resident = self._residents.get(cluster_id)
        if resident is not None and self.is_journaled:
            resident.ledger.is_ahead = True
            self._going_on.add(cluster_id)
            self._stir.set()

    def note_arrival(self) -> None:
        """A cluster has come into memory, so that it may have to leave again."""
        self._stir.set()

    def note_debt(self, ledger: Ledger, replay_seconds: float) -> None:
        """A cluster has come back, and would come back as slowly once more."""
        self._worked[ledger.cluster_id] = (-replay_seconds, time.monotonic())
        if replay_seconds > _QUIET_WORK_SECONDS:
            self._going_on.add(ledger.cluster_id)
            self._stir.set()

    def forget(self, cluster_id: str) -> None:
        """A cluster is gone, or has left memory."""
        self._going_on.discard(cluster_id)
        for held in (self._costs, self._worked, self._since_portable):
            held.pop(cluster_id, None)

    async def load(self, cluster_id: str) -> tuple[Woken, Stored] | None:
        """A cluster from the archive; None: there is none. Raises ArchiveError, and what the engine
        raises when it cannot be brought back."""
        stored = await self.writer.load(cluster_id)
        if stored is None:
            return None

        async def whole() -> Stored:
            found = await self.writer.load(cluster_id, is_whole=True)
            return found or stored

        return await Waking(stored, whole).run(), stored

    def away_ms(self, woken: Woken, stored: Stored) -> int:
        """How much virtual time a cluster has to make up for."""
        if woken.was_asleep or woken.pace.is_paused:
            return 0
        away_s = max(0.0, time.time() - stored.written_at)
        engine = woken.deck.engine
        speed = woken.pace.speed if woken.pace.speed != float("inf") else 1.0
        goal_ms = engine.now_ms + int(away_s * 1000 * speed)
        deadline = engine.next_deadline()
        if deadline is not None and deadline <= goal_ms:
            away_s = min(away_s, self.limits.catch_up_seconds)
        return int(away_s * 1000 * speed)

    async def save(
        self, resident: Resident, *, is_asleep: bool = False, with_portable: bool = False
    ) -> None:
        """Write a snapshot of a cluster as it is now, unless a later one is written meanwhile.
        Raises ArchiveError."""
        ledger, driven = resident.ledger, resident.driven
        begin = time.perf_counter()
        pace = Pace(driven.time.speed, driven.time.is_paused)
        head = head_of(ledger.deck, pace, is_asleep=is_asleep)
        state, number = driven.engine.state(), ledger.number
        cluster_id = ledger.cluster_id
        since = self._since_portable.get(cluster_id, -1)
        if not self.is_journaled:
            twin: Engine | None = None
        elif with_portable or not 0 <= since < _PORTABLE_EVERY * self.limits.snapshot_bytes:
            twin = driven.engine.fork()
            self._since_portable[cluster_id] = 0
        else:
            twin = None
            self._since_portable[cluster_id] = since + ledger.bytes_since
        turn = ledger.begin_save()
        self._worked[cluster_id] = (driven.busy_seconds, time.monotonic())
        try:
            saved = await asyncio.to_thread(_packed, cluster_id, number, head, state, twin)
        except BaseException:
            ledger.saved_number = -1
            raise
        if not ledger.is_newest(turn):
            return
        spent = time.perf_counter() - begin
        self._costs[cluster_id] = spent
        self.snapshots_total += 1
        self.snapshot_seconds_total += spent
        await self.writer.save(ledger, saved)

    def saved_now(self, resident: Resident) -> Saved:
        """A snapshot with plain files, made at once: of a cluster that does nothing meanwhile."""
        ledger, driven = resident.ledger, resident.driven
        head = head_of(ledger.deck, Pace(driven.time.speed, driven.time.is_paused))
        engine = driven.engine
        ledger.begin_save()
        self._since_portable[ledger.cluster_id] = 0
        return _packed(ledger.cluster_id, ledger.number, head, engine.state(), engine)

    def numbers(self) -> dict[str, float]:
        """For /metrics."""
        writer = self.writer
        return {
            "podyard_clusters_hibernated": len(self.asleep),
            "podyard_journal_commits_total": writer.commits_total,
            "podyard_journal_commit_seconds_total": writer.commit_seconds_total,
            "podyard_journal_failures_total": writer.failures_total,
            "podyard_journal_records_total": writer.records_total,
            "podyard_journal_records_waiting": writer.records_waiting,
            "podyard_snapshots_total": self.snapshots_total,
            "podyard_snapshot_seconds_total": self.snapshot_seconds_total,
        }

    # The task

    async def _run(self) -> None:
        while True:
            if not self._going_on:
                self._stir.clear()
                await self._wait_stirred()
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                self._note_all()
                await self._save_due()
                await self._let_doze()
            except ArchiveError:
                logger.exception("the archive cannot be used just now")
            except Exception:
                logger.exception("keeping clusters stumbled; it goes on")

    def _note_all(self) -> None:
        """Where the clusters are that have gone on."""
        for cluster_id in self._going_on:
            resident = self._residents.get(cluster_id)
            if resident is not None and resident.ledger.is_ahead:
                resident.ledger.note(Op.HERE)

    async def _save_due(self) -> None:
        now_s = time.monotonic()
        for cluster_id in list(self._going_on):
            resident = self._residents.get(cluster_id)
            if resident is None or resident.ledger.is_lost:
                self.forget(cluster_id)
                continue
            if self._is_due(resident, now_s):
                await self.save(resident)
            elif self._is_settled_down(resident, now_s):
                self._going_on.discard(cluster_id)

    def _is_due(self, resident: Resident, now_s: float) -> bool:
        ledger, busy = resident.ledger, resident.driven.busy_seconds
        cost = self._costs.get(ledger.cluster_id, 0.0)
        work = busy - self._worked.get(ledger.cluster_id, (0.0, now_s))[0]
        if ledger.bytes_since > self.limits.snapshot_bytes:
            return True
        if work > max(self.limits.snapshot_work_seconds, cost / _BUSY_SHARE):
            return True
        if ledger.is_ahead:
            return False
        is_quiet = now_s - resident.driven.worked_s > _QUIET_SECONDS
        return is_quiet and work > max(_QUIET_WORK_SECONDS, cost / _QUIET_SHARE)

    def _is_settled_down(self, resident: Resident, now_s: float) -> bool:
        is_quiet = now_s - resident.driven.worked_s > 2 * _QUIET_SECONDS
        return is_quiet and not resident.ledger.is_ahead

    async def _wait_stirred(self) -> None:
        """Until something happens, or some cluster may have been left alone for long enough."""
        may_doze = self.limits.doze_seconds and self._residents
        patience = min(_DOZERS_LOOKED_AT_SECONDS, self.limits.doze_seconds) if may_doze else None
        try:
            await asyncio.wait_for(self._stir.wait(), patience)
        except TimeoutError:
            return

    # Dozing

    async def _let_doze(self) -> None:
        now_s = time.monotonic()
        if not self.limits.doze_seconds or now_s < self._looked_for_dozers_s:
            return
        self._looked_for_dozers_s = now_s + min(
            _DOZERS_LOOKED_AT_SECONDS, self.limits.doze_seconds / 4
        )
        for cluster_id, resident in list(self._residents.items()):
            if self._is_dozing(resident, now_s):
                await self._doze(cluster_id)
                await asyncio.sleep(0)

    def _is_dozing(self, resident: Resident, now_s: float) -> bool:
        if resident.is_in_use or now_s - resident.used_s < self.limits.doze_seconds:
            return False
        engine, pace = resident.driven.engine, resident.driven.time
        deadline = engine.next_deadline()
        if deadline is None or pace.is_paused:
            return True
        if pace.is_unlimited:
            return False
        return deadline - engine.now_ms > _DOZE_AHEAD_SECONDS * 1000 * pace.slope


def _packed(cluster_id: str, number: int, head: bytes, state: object, twin: Engine | None) -> Saved:
    portable = pack_files(twin.portable()) if twin is not None else b""
    return Saved(
        cluster_id=cluster_id,
        number=number,
        fingerprint=fingerprint(),
        data=pack(state),
        head=head,
        portable=portable,
        portable_number=number if portable else 0,
    )
