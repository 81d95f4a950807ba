"""The host in this process: clusters in a dictionary, driven by one pump.

An engine error never reaches a caller: the cluster is put out of service and every later call is
answered with a Status that says so.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence

from cluster_engine.apimachinery.errors import internal, too_many_requests
from cluster_engine.apiserver.person_writes import PersonWrite
from cluster_engine.apiserver.requests import ADMIN, Request, Response
from playground.hosting import clock_api, statuses
from playground.hosting.engine import Engine, assemble, build, revive
from playground.hosting.garbage import Sweeper
from playground.hosting.host import (
    Answer,
    ClockReading,
    ClusterPlan,
    HostError,
    HostFull,
    UnknownCluster,
)
from playground.hosting.pump import LEAP_MS_MAX, Driven, Pump
from playground.hosting.quotas import Allowance, HostLimits
from playground.hosting.rehearsal import Rehearsal, RehearsalPlan
from playground.hosting.rehearsing import Rehearsing
from playground.hosting.sleepers import Sleeper, Sleepers
from playground.hosting.streams import LocalConversation
from playground.hosting.timemap import TimeMap
from playground.hosting.viewers import LocalView

logger = logging.getLogger(__name__)

#: What people wrote in a cluster, and its review: not a copy's, but of what takes its place.
REVIEW_PATH = "/podyard/v1/review"


class _Resident:
    """A cluster and what hangs on it."""

    __slots__ = ("allowance", "driven", "streams", "views")

    def __init__(self, driven: Driven, allowance: Allowance) -> None:
        self.driven = driven
        self.allowance = allowance
        self.streams: dict[LocalConversation, None] = {}
        self.views: dict[LocalView, None] = {}


class LocalHost:
    """See host.ClusterHost. Call it from one event loop only."""

    def __init__(
        self,
        *,
        limits: HostLimits | None = None,
        build: Callable[[ClusterPlan], Engine] = build,
        revive: Callable[[bytes], Engine] = revive,
        slice_ms_max: int = 5,
        wall_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self.limits = limits or HostLimits()
        self.pump = Pump(slice_ms_max=slice_ms_max, wall_s=wall_s)
        self._build = build
        self._revive = revive
        self._residents: dict[str, _Resident] = {}
        self._sleepers = Sleepers()
        self._changed: set[str] = set()
        self._change = asyncio.Event()
        self._listeners: list[Callable[[str], None]] = []
        self.pump.on_work = self._note_work
        self._sweeper = Sweeper()
        self._rehearsals = asyncio.Semaphore(self.limits.rehearsals_max)
        self._rehearsals_waiting = 0
        self._requests_total = 0
        self._created_total = 0

    # Clusters

    async def create(self, cluster_id: str, plan: ClusterPlan) -> None:
        """See host.ClusterHost.create. Raises HostFull, ValueError for a senseless plan."""
        self._check_room(cluster_id)
        self._settle(cluster_id, self._build(plan), plan.speed, is_paused=False)

    async def fork(self, cluster_id: str, twin_id: str) -> None:
        """See host.ClusterHost.fork. The twin's clock runs as the original's."""
        original = self._get(cluster_id)
        self._check_room(twin_id)
        twin = original.driven.engine.fork()
        twin.handle(Request("DELETE", REVIEW_PATH, user=ADMIN))
        of = original.driven.time
        self._settle(twin_id, twin, of.speed, is_paused=of.is_paused)

    async def renew(self, cluster_id: str, plan: ClusterPlan) -> None:
        """See host.ClusterHost.renew. Raises ValueError for a senseless plan."""
        resident = self._get(cluster_id)
        review = await self.call(cluster_id, Request("GET", REVIEW_PATH, user=ADMIN))
        time_map = TimeMap(self.pump.wall_s(), 0, plan.speed or 1.0, plan.speed == 0)
        self._replace(cluster_id, resident, self._build(plan), time_map)
        await self._take_over(cluster_id, review)

    async def rewind(self, cluster_id: str, snapshot: bytes) -> None:
        """See host.ClusterHost.rewind."""
        resident = self._get(cluster_id)
        review = await self.call(cluster_id, Request("GET", REVIEW_PATH, user=ADMIN))
        of = resident.driven.time
        time_map = TimeMap(self.pump.wall_s(), 0, of.speed, of.is_paused)
        self._replace(cluster_id, resident, self._revive(snapshot), time_map)
        await self._take_over(cluster_id, review)

    async def _take_over(self, cluster_id: str, review: Answer) -> None:
        """The session's review goes on in its new cluster, and so do the numbers of its writes."""
        if review.status == 200:
            request = Request("PUT", REVIEW_PATH, body=review.body, user=ADMIN)
            await self.call(cluster_id, request)

    def _replace(
        self, cluster_id: str, resident: _Resident, engine: Engine, time_map: TimeMap
    ) -> None:
        """Another engine in the place of a cluster's: streams end, viewers look on."""
        for stream in list(resident.streams):
            stream.close()
        self.pump.forget(resident.driven)
        time_map.anchor(self.pump.wall_s(), engine.now_ms)
        resident.driven = Driven(cluster_id, engine, time_map)
        for view in list(resident.views):
            view.turn_to(engine.viewer())
        self._sweeper.note_closed()
        self._note_changed(cluster_id)
        self.pump.touch(resident.driven)
        self._tell_clock(cluster_id)

    async def snapshot(self, cluster_id: str) -> bytes:
        """See host.ClusterHost.snapshot. A cluster that sleeps is not woken for it."""
        sleeper = self._sleepers.find(cluster_id)
        if sleeper is not None:
            return sleeper.snapshot
        resident = self._get(cluster_id)
        self.pump.catch_up(resident.driven)
        return resident.driven.engine.snapshot()

    async def restore(self, cluster_id: str, snapshot: bytes, speed: float) -> None:
        """See host.ClusterHost.restore. Time went on for nobody meanwhile."""
        self._check_room(cluster_id)
        self._settle(cluster_id, self._revive(snapshot), speed, is_paused=False)

    async def portable(self, cluster_id: str) -> dict[str, bytes]:
        """See host.ClusterHost.portable. A copy is written beside, so that nobody waits for it."""
        resident = self._get(cluster_id)
        self.pump.catch_up(resident.driven)
        return await asyncio.to_thread(resident.driven.engine.fork().portable)

    async def create_portable(
        self,
        cluster_id: str,
        entries: Mapping[str, bytes],
        *,
        speed: float,
        is_paused: bool,
        limits: Mapping[str, int],
    ) -> None:
        """See host.ClusterHost.create_portable. It is read beside, so that nobody waits for it."""
        self._check_room(cluster_id)
        engine = await asyncio.to_thread(assemble, entries, limits)
        self._check_room(cluster_id)
        self._settle(cluster_id, engine, speed, is_paused=is_paused)

    async def hibernate(self, cluster_id: str) -> None:
        """See host.ClusterHost.hibernate. One that has stopped after faults stays as it is."""
        driven = self._get(cluster_id).driven
        if driven.failure is not None or driven.goal_ms is not None:
            return
        clock = self._reading(driven)
        sleeper = Sleeper(driven.engine.snapshot(), clock)
        await self.close(cluster_id)
        self._sleepers.put(cluster_id, sleeper)

    async def close(self, cluster_id: str) -> None:
        """See host.ClusterHost.close."""
        self._sleepers.take(cluster_id)
        resident = self._residents.pop(cluster_id, None)
        if resident is None:
            return
        for stream in list(resident.streams):
            stream.close()
        for view in list(resident.views):
            view.close()
        self.pump.forget(resident.driven)
        self._sweeper.note_closed()

    async def close_all(self) -> None:
        """Forget every cluster and stop."""
        for cluster_id in list(self._residents):
            await self.close(cluster_id)
        self._sleepers.clear()
        await self.pump.stop()

    def has(self, cluster_id: str) -> bool:
        """See host.ClusterHost.has."""
        return cluster_id in self._residents or cluster_id in self._sleepers

    async def wait_changed(self) -> None:
        """See host.ClusterHost.wait_changed."""
        while not self._changed:
            self._change.clear()
            await self._change.wait()

    def take_changed(self) -> list[str]:
        """See host.ClusterHost.take_changed."""
        changed, self._changed = self._changed, set()
        return sorted(changed & self._residents.keys())

    def listen(self, listener: Callable[[str], None]) -> None:
        """See host.ClusterHost.listen."""
        self._listeners.append(listener)

    def ids(self) -> list[str]:
        """The clusters there are."""
        return list(self._residents)

    # Requests

    async def call(self, cluster_id: str, request: Request) -> Answer:
        """See host.ClusterHost.call."""
        resident = self._get(cluster_id)
        self._requests_total += 1
        if not resident.allowance.take(self.pump.wall_s()):
            return statuses.refusal(too_many_requests("this cluster gets too many requests", 1))
        if resident.driven.failure is not None:
            return statuses.refusal(internal("this cluster has stopped after a fault of ours"))
        if request.path.startswith(clock_api.PREFIX):
            return await clock_api.answer(self, cluster_id, request)
        self.pump.catch_up(resident.driven)
        try:
            response = resident.driven.engine.handle(request)
        except Exception:
            logger.exception("a request failed inside the engine")
            return statuses.refusal(internal("a fault of ours"))
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            self._note_changed(cluster_id)
        answer = self._answer(resident, response)
        self.pump.touch(resident.driven)
        return answer

    async def call_all(self, cluster_id: str, requests: Sequence[Request]) -> list[Answer]:
        """See host.ClusterHost.call_all. `call` gives nobody a turn unless the clock is asked."""
        return [await self.call(cluster_id, request) for request in requests]

    async def person_writes(self, cluster_id: str, after: int) -> list[PersonWrite]:
        """See host.ClusterHost.person_writes."""
        engine = self._get(cluster_id).driven.engine
        return engine.person_writes_after(after) if engine.last_person_write > after else []

    async def rehearse(self, cluster_id: str, plan: RehearsalPlan) -> Rehearsal:
        """See host.ClusterHost.rehearse."""
        self._get(cluster_id)
        limits = self.limits
        if self._rehearsals_waiting >= limits.rehearsals_max + limits.rehearsals_waiting_max:
            raise HostFull("too many forecasts are being made; try again in a few seconds")
        self._rehearsals_waiting += 1
        try:
            async with self._rehearsals:
                driven = self._get(cluster_id).driven
                self.pump.catch_up(driven)
                rehearsing = Rehearsing(
                    driven.engine.fork(),
                    slice_s=self.pump.slice_s,
                    work_s_max=limits.rehearsal_work_seconds_max,
                    wall_s=self.pump.wall_s,
                )
                return await rehearsing.run(plan)
        finally:
            self._rehearsals_waiting -= 1
            self._sweeper.note_closed()

    def _answer(self, resident: _Resident, response: Response) -> Answer:
        stream = response.stream
        if stream is None:
            return Answer(response.status, response.body, response.headers, response.warnings)
        limit = self.limits.streams_per_cluster_max
        if limit and len(resident.streams) >= limit:
            stream.close()
            message = f"this cluster has its {limit} streams open; close a watch or a terminal"
            return statuses.refusal(too_many_requests(message, 5))
        conversation = LocalConversation(
            stream,
            touched=lambda: self.pump.touch(resident.driven),
            closed=lambda: resident.streams.pop(conversation, None),
        )
        resident.streams[conversation] = None
        return Answer(
            response.status, b"", response.headers, response.warnings, stream=conversation
        )

    # Looking on

    async def view(self, cluster_id: str) -> LocalView:
        """See host.ClusterHost.view."""
        resident = self._get(cluster_id)
        limit = self.limits.viewers_per_cluster_max
        if limit and len(resident.views) >= limit:
            raise HostFull(f"{limit} viewers look at this cluster already")
        self.pump.catch_up(resident.driven)
        view = LocalView(
            resident.driven.engine.viewer(),
            frames_per_second_max=self.limits.frames_per_second_max,
            wall_s=self.pump.wall_s,
            closed=lambda: resident.views.pop(view, None),
        )
        resident.views[view] = None
        return view

    # The clock

    async def clock(self, cluster_id: str) -> ClockReading:
        """See host.ClusterHost.clock."""
        sleeper = self._sleepers.find(cluster_id)
        if sleeper is not None:
            return sleeper.clock
        return self._reading(self._get(cluster_id).driven)

    async def clock_set(
        self, cluster_id: str, *, speed: float | None = None, is_paused: bool | None = None
    ) -> ClockReading:
        """See host.ClusterHost.clock_set. A speed of 0 is a pause."""
        driven = self._get(cluster_id).driven
        self.pump.catch_up(driven)
        driven.time.change(self.pump.wall_s(), driven.engine.now_ms, speed, is_paused)
        self.pump.touch(driven)
        return self._tell_clock(cluster_id)

    async def clock_advance(self, cluster_id: str, span_ms: int) -> ClockReading:
        """See host.ClusterHost.clock_advance. Raises ValueError for a span out of bounds."""
        if not 0 <= span_ms <= self.limits.advance_ms_max:
            most = self.limits.advance_ms_max // 1000
            raise ValueError(f"seconds {span_ms / 1000:g}: give 0 to {most}")
        driven = self._get(cluster_id).driven
        self.pump.catch_up(driven)
        await self.pump.reach(driven, driven.engine.now_ms + span_ms)
        return self._tell_clock(cluster_id)

    async def clock_step(self, cluster_id: str) -> ClockReading:
        """See host.ClusterHost.clock_step."""
        driven = self._get(cluster_id).driven
        self.pump.catch_up(driven)
        deadline = driven.engine.next_deadline()
        now_ms = driven.engine.now_ms
        if deadline is not None and deadline - now_ms <= LEAP_MS_MAX:
            await self.pump.reach(driven, max(deadline, now_ms))
        return self._tell_clock(cluster_id)

    def numbers(self) -> dict[str, float]:
        """See host.ClusterHost.numbers."""
        residents = self._residents.values()
        return {
            "podyard_clusters": len(self._residents),
            "podyard_clusters_hibernated": len(self._sleepers),
            "podyard_clusters_failed": sum(r.driven.failure is not None for r in residents),
            "podyard_clusters_created_total": self._created_total,
            "podyard_streams": sum(len(r.streams) for r in residents),
            "podyard_views": sum(len(r.views) for r in residents),
            "podyard_requests_total": self._requests_total,
            "podyard_timers": self.pump.plans_waiting,
            "podyard_slices_total": self.pump.slices_total,
            "podyard_engine_busy_seconds_total": self.pump.busy_seconds_total,
        }

    # Inside

    def _note_work(self, driven: Driven) -> None:
        self._note_changed(driven.cluster_id)

    def _note_changed(self, cluster_id: str) -> None:
        self._changed.add(cluster_id)
        self._change.set()
        for listener in self._listeners:
            listener(cluster_id)

    def _check_room(self, cluster_id: str) -> None:
        if self.has(cluster_id):
            raise HostError(f"there is a cluster {cluster_id} already")
        limit = self.limits.clusters_max
        if limit and len(self._residents) >= limit:
            raise HostFull("all places are taken; try again in a few minutes")

    def _settle(self, cluster_id: str, engine: Engine, speed: float, *, is_paused: bool) -> None:
        self.pump.start()
        wall_s = self.pump.wall_s()
        time_map = TimeMap(wall_s, engine.now_ms, speed or 1.0, is_paused or speed == 0)
        driven = Driven(cluster_id, engine, time_map)
        limits = self.limits
        allowance = Allowance(limits.requests_per_second_max, limits.requests_burst_max, wall_s)
        self._residents[cluster_id] = _Resident(driven, allowance)
        self._created_total += 1
        self.pump.touch(driven)

    def _get(self, cluster_id: str) -> _Resident:
        resident = self._residents.get(cluster_id)
        if resident is None:
            resident = self._wake(cluster_id)
        return resident

    def _wake(self, cluster_id: str) -> _Resident:
        """Bring a sleeping cluster back; there is always room for one that was here."""
        sleeper = self._sleepers.take(cluster_id)
        if sleeper is None:
            raise UnknownCluster(f"there is no cluster {cluster_id}")
        clock = sleeper.clock
        engine = self._revive(sleeper.snapshot)
        self._settle(cluster_id, engine, clock.speed, is_paused=clock.is_paused)
        return self._residents[cluster_id]

    def _tell_clock(self, cluster_id: str) -> ClockReading:
        """The clock was changed: all who look on are told."""
        resident = self._get(cluster_id)
        reading = self._reading(resident.driven)
        for view in list(resident.views):
            view.inject({"type": "clock", **reading.body()})
        return reading

    def _reading(self, driven: Driven) -> ClockReading:
        self.pump.catch_up(driven)
        now_ms = driven.engine.now_ms
        return ClockReading(now_ms, driven.time.speed, driven.time.is_paused)
