"""The clusters of a host: those in memory, those written down, and how they change places.

Whoever needs a cluster asks `awake`; it is brought back when it is not in memory. Without an
archive all clusters are in memory, and gone with it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import replace

from playground.hosting.engine import Engine
from playground.hosting.garbage import Sweeper
from playground.hosting.host import ClockReading, ClusterPlan, HostError, HostFull, UnknownCluster
from playground.hosting.journal.archive import Archive, ArchiveError, TakenElsewhere
from playground.hosting.journal.deck import Deck
from playground.hosting.journal.ledger import Ledger
from playground.hosting.journal.records import Op
from playground.hosting.journal.waking import Pace, Woken, passive_streams
from playground.hosting.keeper import Keeper, KeepLimits
from playground.hosting.pump import Driven, Pump
from playground.hosting.quotas import Allowance, HostLimits
from playground.hosting.resident import Resident
from playground.hosting.timemap import TimeMap

logger = logging.getLogger(__name__)

#: How long others wait at most while a cluster makes up for the time it was away.
_CATCH_UP_WORK_SECONDS = 0.2
_SLICE_SECONDS = 0.005


class Housing:
    """See the module. Call it from one event loop only."""

    def __init__(
        self, pump: Pump, limits: HostLimits, archive: Archive | None, keeping: KeepLimits
    ) -> None:
        self.pump = pump
        self.residents: dict[str, Resident] = {}
        self.keeper = Keeper(archive, self.residents, keeping, self.doze)
        #: Called with the id of a cluster that leaves memory.
        self.on_asleep: Callable[[str], None] | None = None
        #: Called with the id of a cluster that has come back.
        self.on_awake: Callable[[str], None] | None = None
        self._limits = limits
        self._moving: dict[str, asyncio.Future[None]] = {}
        self.sweeper = Sweeper()
        self.created_total = 0
        self.woken_total = 0
        self.wake_seconds_total = 0.0
        self.asleep_total = 0

    # Questions

    def has(self, cluster_id: str) -> bool:
        """Whether there is such a cluster, in memory or not."""
        if cluster_id in self.residents or cluster_id in self._moving:
            return True
        return cluster_id in self.keeper.asleep

    def clock_asleep(self, cluster_id: str) -> ClockReading | None:
        """The clock of a cluster that hibernates, without waking it; None when it has to be."""
        return self.keeper.asleep.get(cluster_id)

    def get(self, cluster_id: str) -> Resident:
        """A cluster in memory. Raises UnknownCluster."""
        resident = self.residents.get(cluster_id)
        if resident is None:
            raise UnknownCluster(f"there is no cluster {cluster_id}")
        return resident

    def check_room(self, cluster_id: str) -> None:
        """Raises HostError when the id is taken, HostFull when there is no place."""
        if self.has(cluster_id):
            raise HostError(f"there is a cluster {cluster_id} already")
        self._check_places()

    async def awake(self, cluster_id: str) -> Resident:
        """A cluster, brought back when it is not in memory. Raises UnknownCluster, HostFull,
        HostError when the archive cannot be read."""
        while True:
            resident = self.residents.get(cluster_id)
            if resident is not None and not resident.ledger.is_lost:
                resident.used_s = self.pump.wall_s()
                return resident
            if resident is not None:
                self._drop(resident)
            moving = self._moving.get(cluster_id)
            if moving is not None:
                await asyncio.wait([moving])
                continue
            await self._wake(cluster_id)

    def numbers(self) -> dict[str, float]:
        """For /metrics."""
        return {
            "podyard_clusters_woken_total": self.woken_total,
            "podyard_clusters_wake_seconds_total": self.wake_seconds_total,
            "podyard_clusters_left_memory_total": self.asleep_total,
            **self.keeper.numbers(),
        }

    # Coming

    async def add(
        self, cluster_id: str, engine: Engine, pace: Pace, plan: str, *, is_plan_enough: bool
    ) -> None:
        """A new cluster, safe when this returns. `is_plan_enough`: it is as its plan makes it."""
        self.check_room(cluster_id)
        _end_terminals(engine)
        deck = Deck(engine)
        resident = self._resident(cluster_id, deck, pace, plan, self._ledger(cluster_id, deck))
        if self.keeper.is_journaled:
            moved = self._begin_move(cluster_id)
            try:
                saved = None
                if not is_plan_enough:
                    # Nobody else has this cluster yet, so it may be written beside.
                    saved = await asyncio.to_thread(self.keeper.saved_now, resident)
                await self.keeper.writer.create(cluster_id, plan, saved)
            except ArchiveError as error:
                raise HostError("the session cannot be written down just now") from error
            finally:
                moved()
        self.created_total += 1
        self._settle(resident)

    async def replace(self, resident: Resident, engine: Engine, pace: Pace, plan: str) -> None:
        """Another engine in the place of a cluster's: streams end, viewers look on."""
        cluster_id = resident.driven.cluster_id
        for stream in list(resident.streams):
            stream.close()
        _end_terminals(engine)
        self.pump.forget(resident.driven)
        time_map = TimeMap(self.pump.wall_s(), engine.now_ms, pace.speed, pace.is_paused)
        resident.driven, resident.plan = Driven(cluster_id, engine, time_map), plan
        resident.ledger.turn_to(Deck(engine))
        safe = None
        if resident.ledger.is_kept:
            safe = self.keeper.writer.save(resident.ledger, self.keeper.saved_now(resident))
        for view in list(resident.views):
            view.turn_to(engine.viewer())
        self.sweeper.note_closed()
        self.pump.touch(resident.driven)
        if safe is not None:
            await safe

    async def _wake(self, cluster_id: str) -> None:
        """Bring a cluster back; there is always room for one that was here."""
        keeper = self.keeper
        moved, begin = self._begin_move(cluster_id), time.perf_counter()
        try:
            found = await keeper.load(cluster_id)
            if found is None:
                keeper.asleep.pop(cluster_id, None)
                raise UnknownCluster(f"there is no cluster {cluster_id}")
            woken, stored = found
            away_ms = keeper.away_ms(woken, stored)
            await _make_up(woken.deck.engine, away_ms)
            self._settle_woken(cluster_id, woken, stored.plan)
        except TakenElsewhere as error:
            raise HostError(str(error)) from error
        except ArchiveError as error:
            raise HostError("the session cannot be read just now; try again") from error
        except HostError:
            raise
        except Exception as error:
            logger.exception("cluster %s could not be brought back; it is kept", cluster_id)
            raise HostError("this session cannot be brought back; we keep what there is") from error
        finally:
            moved()
        self.woken_total += 1
        self.wake_seconds_total += time.perf_counter() - begin
        if self.on_awake is not None:
            self.on_awake(cluster_id)

    def _settle_woken(self, cluster_id: str, woken: Woken, plan: str) -> None:
        ledger = self._ledger(cluster_id, woken.deck, woken.number)
        ledger.saved_number = woken.saved_number
        # Its snapshot says that time stands still, which it does no longer.
        ledger.is_ahead = woken.was_asleep
        self.keeper.note_debt(ledger, woken.replay_seconds)
        resident = self._resident(cluster_id, woken.deck, woken.pace, plan, ledger)
        for number in passive_streams(woken.deck):
            # Their clients have gone with the connection.
            woken.deck.streams.pop(number).close()
            ledger.note(Op.CLOSE, number)
        self.keeper.asleep.pop(cluster_id, None)
        self._settle(resident)
        if woken.is_new_engine:
            ledger.is_ahead = True
            self.keeper.writer.save(ledger, self.keeper.saved_now(resident))

    def _ledger(self, cluster_id: str, deck: Deck, number: int = 0) -> Ledger:
        writer = self.keeper.writer if self.keeper.is_journaled else None
        return Ledger(cluster_id, deck, writer, number)

    def _resident(
        self, cluster_id: str, deck: Deck, pace: Pace, plan: str, ledger: Ledger
    ) -> Resident:
        wall_s, limits = self.pump.wall_s(), self._limits
        time_map = TimeMap(wall_s, deck.engine.now_ms, pace.speed, pace.is_paused)
        driven = Driven(cluster_id, deck.engine, time_map)
        allowance = Allowance(limits.requests_per_second_max, limits.requests_burst_max, wall_s)
        return Resident(driven, ledger, allowance, plan, wall_s)

    def _settle(self, resident: Resident) -> None:
        self.pump.start()
        driven = resident.driven
        driven.time.anchor(self.pump.wall_s(), driven.engine.now_ms)
        self.residents[driven.cluster_id] = resident
        self.keeper.note_arrival()
        self.pump.touch(driven)

    # Going

    async def hibernate(self, cluster_id: str) -> bool:
        """Let a cluster leave memory, whoever uses it; its time stands still. False when it cannot:
        after faults of ours, or while somebody waits for its clock."""
        return await self._leave(cluster_id, is_asleep=True)

    async def doze(self, cluster_id: str) -> bool:
        """Let a cluster leave memory that nobody uses and in which nothing is due; its time goes
        on. False when it cannot."""
        resident = self.residents.get(cluster_id)
        if resident is None or resident.is_in_use:
            return False
        return await self._leave(cluster_id, is_asleep=False)

    async def remove(self, cluster_id: str) -> None:
        """Forget a cluster for good."""
        while (moving := self._moving.get(cluster_id)) is not None:
            await asyncio.wait([moving])
        resident = self.residents.get(cluster_id)
        if resident is not None:
            self._drop(resident)
        if self.keeper is not None and (resident is not None or cluster_id in self.keeper.asleep):
            self.keeper.asleep.pop(cluster_id, None)
            try:
                await self.keeper.writer.delete([cluster_id])
            except ArchiveError:
                logger.exception("cluster %s could not be forgotten; it will be", cluster_id)

    async def close(self) -> None:
        """Forget what is in memory; what is written down stays."""
        await self.keeper.stop()
        for resident in list(self.residents.values()):
            self._drop(resident)
        await self.pump.stop()

    async def _leave(self, cluster_id: str, *, is_asleep: bool) -> bool:
        resident, keeper = self.residents.get(cluster_id), self.keeper
        if resident is None:
            return self.has(cluster_id)
        driven = resident.driven
        if driven.failure is not None or driven.goal_ms is not None or resident.ledger.is_lost:
            return False
        self.pump.catch_up(driven)
        clock = ClockReading(driven.engine.now_ms, driven.time.speed, driven.time.is_paused)
        moved = self._begin_move(cluster_id)
        for stream in list(resident.streams):
            if stream.is_kept:
                stream.leave()
            else:
                stream.close()
        for view in list(resident.views):
            view.close()
        del self.residents[cluster_id]
        self.pump.forget(driven)
        if self.on_asleep is not None:
            self.on_asleep(cluster_id)
        try:
            if is_asleep or resident.ledger.is_unsaved:
                await keeper.save(resident, is_asleep=is_asleep, with_portable=True)
            keeper.asleep[cluster_id] = clock if is_asleep else None
            self.asleep_total += 1
        except Exception:
            logger.exception("cluster %s stays in memory", cluster_id)
            self._stay(resident)
            return False
        except asyncio.CancelledError:
            self._stay(resident)
            raise
        finally:
            moved()
        keeper.forget(cluster_id)
        self.sweeper.note_closed()
        return True

    def _stay(self, resident: Resident) -> None:
        resident.driven.failure = None
        self._settle(resident)

    def _drop(self, resident: Resident) -> None:
        """Out of memory, as it is."""
        cluster_id = resident.driven.cluster_id
        self.residents.pop(cluster_id, None)
        resident.ledger.end()
        self.keeper.writer.drop(resident.ledger)
        self.keeper.forget(cluster_id)
        for stream in list(resident.streams):
            stream.close()
        for view in list(resident.views):
            view.close()
        self.pump.forget(resident.driven)
        self.sweeper.note_closed()

    def _check_places(self) -> None:
        limit = self._limits.clusters_max
        if limit and len(self.residents) >= limit:
            raise HostFull("all places are taken; try again in a few minutes")

    def _begin_move(self, cluster_id: str) -> Callable[[], None]:
        """A cluster is on its way in or out; call what is returned when it has arrived."""
        moving: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._moving[cluster_id] = moving

        def moved() -> None:
            del self._moving[cluster_id]
            moving.set_result(None)

        return moved


def _end_terminals(engine: Engine) -> None:
    """What people typed and saw belongs to the original, not to its copies."""
    for recipe in engine.kept_terminals().values():
        stream = engine.revive(recipe)
        if stream is not None:
            stream.close()


async def _make_up(engine: Engine, away_ms: int) -> None:
    """Let the time pass that a cluster was away, as far as that is quick."""
    if not away_ms:
        return
    goal_ms, give_up_s = engine.now_ms + away_ms, time.perf_counter() + _CATCH_UP_WORK_SECONDS
    end_s = 0.0

    def is_over() -> bool:
        return time.perf_counter() >= end_s

    while time.perf_counter() < give_up_s:
        end_s = time.perf_counter() + _SLICE_SECONDS
        try:
            if engine.advance(goal_ms, is_over):
                return
        except Exception:
            logger.exception("work inside a cluster failed")
        await asyncio.sleep(0)


def dated(plan: ClusterPlan) -> ClusterPlan:
    """A plan that says when its cluster's time begins."""
    if plan.start_ms is not None:
        return plan
    return replace(plan, start_ms=int(time.time() * 1000))
