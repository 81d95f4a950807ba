"""The host in this process: clusters in memory, driven by one pump, written down in an archive.

An engine error never reaches a caller: the cluster is put out of service and every later call is
answered with a Status that says so.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence

from cluster_engine.apimachinery.errors import ApiError, internal, too_many_requests
from cluster_engine.apiserver.person_writes import PersonWrite
from cluster_engine.apiserver.requests import ADMIN, Request, Response, Stream
from playground.hosting import clock_api, statuses
from playground.hosting.engine import Engine, assemble, build, revive
from playground.hosting.host import (
    Answer,
    ClockReading,
    ClusterPlan,
    Conversation,
    HostFull,
    UnknownCluster,
    speed_word,
)
from playground.hosting.housing import Housing, dated
from playground.hosting.journal.archive import Archive
from playground.hosting.journal.ledger import NotWritten
from playground.hosting.journal.packing import pack, unpack
from playground.hosting.journal.records import Op
from playground.hosting.journal.waking import Pace, plan_text
from playground.hosting.keeper import KeepLimits
from playground.hosting.pump import LEAP_MS_MAX, Driven, Pump
from playground.hosting.quotas import HostLimits
from playground.hosting.rehearsal import Rehearsal, RehearsalPlan
from playground.hosting.rehearsing import Rehearsing
from playground.hosting.resident import Resident
from playground.hosting.streams import LocalConversation
from playground.hosting.viewers import LocalView

logger = logging.getLogger(__name__)

#: What people wrote in a cluster, and its review: not a copy's, but of what takes its place.
REVIEW_PATH = "/podyard/v1/review"
_READS = ("GET", "HEAD", "OPTIONS")


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
        archive: Archive | None = None,
        keeping: KeepLimits | None = None,
    ) -> None:
        self.limits = limits or HostLimits()
        self.pump = Pump(slice_ms_max=slice_ms_max, wall_s=wall_s)
        self.house = Housing(self.pump, self.limits, archive, keeping or KeepLimits())
        self._build = build
        self._revive = revive
        self._listeners: list[Callable[[str], None]] = []
        self._sleep_listeners: list[Callable[[str], None]] = []
        self.pump.on_work = self._note_work
        self.house.on_awake = self._note_changed
        self.house.on_asleep = self._note_asleep
        self._rehearsals = asyncio.Semaphore(self.limits.rehearsals_max)
        self._rehearsals_waiting = 0
        self._requests_total = 0

    async def open(self) -> None:
        """See host.ClusterHost.open."""
        await self.house.keeper.start()

    # Clusters

    async def create(self, cluster_id: str, plan: ClusterPlan) -> None:
        """See host.ClusterHost.create. Raises HostFull, ValueError for a senseless plan."""
        self.house.check_room(cluster_id)
        plan = dated(plan)
        engine, pace = self._build(plan), Pace(plan.speed or 1.0, plan.speed == 0)
        await self.house.add(cluster_id, engine, pace, plan_text(plan), is_plan_enough=True)

    async def fork(self, cluster_id: str, twin_id: str) -> None:
        """See host.ClusterHost.fork. The twin's clock runs as the original's."""
        original = await self.house.awake(cluster_id)
        self.house.check_room(twin_id)
        twin = original.driven.engine.fork()
        twin.handle(Request("DELETE", REVIEW_PATH, user=ADMIN))
        pace = _pace(original)
        await self.house.add(twin_id, twin, pace, original.plan, is_plan_enough=False)

    async def renew(self, cluster_id: str, plan: ClusterPlan) -> None:
        """See host.ClusterHost.renew. Raises ValueError for a senseless plan."""
        resident = await self.house.awake(cluster_id)
        plan = dated(plan)
        engine, pace = self._build(plan), Pace(plan.speed or 1.0, plan.speed == 0)
        await self._replace(resident, engine, pace, plan_text(plan))

    async def rewind(self, cluster_id: str, snapshot: bytes) -> None:
        """See host.ClusterHost.rewind."""
        await self.house.awake(cluster_id)
        engine = await asyncio.to_thread(self._revive, snapshot)
        resident = await self.house.awake(cluster_id)
        await self._replace(resident, engine, _pace(resident), resident.plan)

    async def _replace(self, resident: Resident, engine: Engine, pace: Pace, plan: str) -> None:
        """The session's review goes on in its new cluster, and so do the numbers of its writes."""
        cluster_id = resident.driven.cluster_id
        review = resident.driven.engine.handle(Request("GET", REVIEW_PATH, user=ADMIN))
        if review.status == 200:
            engine.handle(Request("PUT", REVIEW_PATH, body=review.body, user=ADMIN))
        self._note_changed(cluster_id)
        await self.house.replace(resident, engine, pace, plan)
        self._tell_clock(cluster_id)

    async def snapshot(self, cluster_id: str) -> bytes:
        """See host.ClusterHost.snapshot. It is written beside, so that nobody waits for it."""
        resident = await self.house.awake(cluster_id)
        self.pump.catch_up(resident.driven)
        state = resident.driven.engine.state()
        return await asyncio.to_thread(lambda: unpack(pack(state)))

    async def restore(self, cluster_id: str, snapshot: bytes, speed: float) -> None:
        """See host.ClusterHost.restore. Time went on for nobody meanwhile."""
        self.house.check_room(cluster_id)
        engine, pace = self._revive(snapshot), Pace(speed or 1.0, speed == 0)
        await self.house.add(cluster_id, engine, pace, "", is_plan_enough=False)

    async def portable(self, cluster_id: str) -> dict[str, bytes]:
        """See host.ClusterHost.portable. A copy is written beside, so that nobody waits for it."""
        resident = await self.house.awake(cluster_id)
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
        self.house.check_room(cluster_id)
        engine = await asyncio.to_thread(assemble, entries, limits)
        plan = plan_text(ClusterPlan(speed=speed, limits=limits))
        pace = Pace(speed or 1.0, is_paused or speed == 0)
        await self.house.add(cluster_id, engine, pace, plan, is_plan_enough=False)

    async def hibernate(self, cluster_id: str) -> None:
        """See host.ClusterHost.hibernate. One that has stopped after faults stays as it is."""
        if not await self.house.hibernate(cluster_id) and not self.has(cluster_id):
            raise UnknownCluster(f"there is no cluster {cluster_id}")

    async def close(self, cluster_id: str) -> None:
        """See host.ClusterHost.close."""
        await self.house.remove(cluster_id)

    async def close_all(self) -> None:
        """See host.ClusterHost.close_all."""
        await self.house.close()

    def has(self, cluster_id: str) -> bool:
        """See host.ClusterHost.has."""
        return self.house.has(cluster_id)

    def listen(self, listener: Callable[[str], None]) -> None:
        """See host.ClusterHost.listen."""
        self._listeners.append(listener)

    def listen_asleep(self, listener: Callable[[str], None]) -> None:
        """See host.ClusterHost.listen_asleep."""
        self._sleep_listeners.append(listener)

    def known(self) -> dict[str, float]:
        """See host.ClusterHost.known."""
        return dict(self.house.keeper.began)

    def ids(self) -> list[str]:
        """The clusters in memory."""
        return list(self.house.residents)

    # Requests

    async def call(self, cluster_id: str, request: Request) -> Answer:
        """See host.ClusterHost.call."""
        resident = await self.house.awake(cluster_id)
        if request.path.startswith(clock_api.PREFIX):
            refusal = self._refusal(resident)
            return refusal or await clock_api.answer(self, cluster_id, request)
        answer = self._handle(resident, request)
        return await _safe(resident, [answer]) or answer

    def _refusal(self, resident: Resident) -> Answer | None:
        """Why nothing can be asked of the cluster now, if so."""
        self._requests_total += 1
        if not resident.allowance.take(self.pump.wall_s()):
            return statuses.refusal(too_many_requests("this cluster gets too many requests", 1))
        if resident.driven.failure is not None:
            return statuses.refusal(internal("this cluster has stopped after a fault of ours"))
        return None

    def _handle(self, resident: Resident, request: Request) -> Answer:
        """Have a request answered, and note it when it may have changed something. The answer is
        not to be given before that is safe."""
        refusal = self._refusal(resident)
        if refusal is not None:
            return refusal
        driven, ledger = resident.driven, resident.ledger
        self.pump.catch_up(driven)
        engine, begin = driven.engine, time.perf_counter()
        before = engine.mark
        try:
            response, number = ledger.deck.handle(request)
        except Exception:
            logger.exception("a request failed inside the engine")
            ledger.note_request(request, 0)
            return statuses.refusal(internal("a fault of ours"))
        may_change = request.method not in _READS or "/proxy" in request.path
        if may_change or number or engine.mark != before:
            ledger.note_request(request, number)
            self._note_changed(driven.cluster_id)
        answer = self._answer(resident, response, number)
        driven.busy_seconds += time.perf_counter() - begin
        self.pump.touch(driven)
        return answer

    async def call_all(self, cluster_id: str, requests: Sequence[Request]) -> list[Answer]:
        """See host.ClusterHost.call_all."""
        resident = await self.house.awake(cluster_id)
        answers = [self._handle(resident, request) for request in requests]
        refusal = await _safe(resident, answers)
        return [refusal] * len(answers) if refusal is not None else answers

    async def person_writes(self, cluster_id: str, after: int) -> list[PersonWrite]:
        """See host.ClusterHost.person_writes."""
        resident = await self.house.awake(cluster_id)
        engine = resident.driven.engine
        writes = engine.person_writes_after(after) if engine.last_person_write > after else []
        if writes:
            await resident.ledger.settle()
        return writes

    async def rehearse(self, cluster_id: str, plan: RehearsalPlan) -> Rehearsal:
        """See host.ClusterHost.rehearse."""
        await self.house.awake(cluster_id)
        limits = self.limits
        if self._rehearsals_waiting >= limits.rehearsals_max + limits.rehearsals_waiting_max:
            raise HostFull("too many forecasts are being made; try again in a few seconds")
        self._rehearsals_waiting += 1
        try:
            async with self._rehearsals:
                driven = (await self.house.awake(cluster_id)).driven
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
            self.house.sweeper.note_closed()

    def _answer(self, resident: Resident, response: Response, number: int) -> Answer:
        stream = response.stream
        if stream is None:
            return Answer(response.status, response.body, response.headers, response.warnings)
        limit = self.limits.streams_per_cluster_max
        if limit and len(resident.streams) >= limit:
            stream.close()
            if number:
                resident.ledger.deck.drop(number)
                resident.ledger.note(Op.CLOSE, number)
            message = f"this cluster has its {limit} streams open; close a watch or a terminal"
            return statuses.refusal(too_many_requests(message, 5))
        conversation = self._conversation(resident, stream, number)
        return Answer(
            response.status, b"", response.headers, response.warnings, stream=conversation
        )

    def _conversation(self, resident: Resident, stream: Stream, number: int) -> LocalConversation:
        def closed() -> None:
            resident.streams.pop(conversation, None)
            resident.used_s = self.pump.wall_s()

        conversation = LocalConversation(
            stream,
            touched=lambda: self.pump.touch(resident.driven),
            closed=closed,
            ledger=resident.ledger,
            number=number,
        )
        resident.streams[conversation] = None
        return conversation

    async def kept(self, cluster_id: str) -> dict[str, Conversation]:
        """See host.ClusterHost.kept."""
        resident = await self.house.awake(cluster_id)
        held = {one.label: one for one in resident.streams if one.is_kept}
        for number, stream in resident.ledger.deck.streams.items():
            label = getattr(stream, "label", None)
            if label is not None and label not in held:
                stream.look_from(0)  # type: ignore[attr-defined]
                held[label] = self._conversation(resident, stream, number)
        return dict(held)

    # Looking on

    async def view(self, cluster_id: str) -> LocalView:
        """See host.ClusterHost.view."""
        resident = await self.house.awake(cluster_id)
        limit = self.limits.viewers_per_cluster_max
        if limit and len(resident.views) >= limit:
            raise HostFull(f"{limit} viewers look at this cluster already")
        self.pump.catch_up(resident.driven)

        def closed() -> None:
            resident.views.pop(view, None)
            resident.used_s = self.pump.wall_s()

        view = LocalView(
            resident.driven.engine.viewer(),
            frames_per_second_max=self.limits.frames_per_second_max,
            wall_s=self.pump.wall_s,
            closed=closed,
        )
        resident.views[view] = None
        return view

    # The clock

    async def clock(self, cluster_id: str) -> ClockReading:
        """See host.ClusterHost.clock."""
        asleep = self.house.clock_asleep(cluster_id)
        if asleep is not None:
            return asleep
        return self._reading((await self.house.awake(cluster_id)).driven)

    async def clock_set(
        self, cluster_id: str, *, speed: float | None = None, is_paused: bool | None = None
    ) -> ClockReading:
        """See host.ClusterHost.clock_set. A speed of 0 is a pause."""
        resident = await self.house.awake(cluster_id)
        driven = resident.driven
        self.pump.catch_up(driven)
        driven.time.change(self.pump.wall_s(), driven.engine.now_ms, speed, is_paused)
        resident.ledger.note(Op.PACE, speed_word(driven.time.speed), driven.time.is_paused)
        self.pump.touch(driven)
        await resident.ledger.settle()
        return self._tell_clock(cluster_id)

    async def clock_advance(self, cluster_id: str, span_ms: int) -> ClockReading:
        """See host.ClusterHost.clock_advance. Raises ValueError for a span out of bounds."""
        if not 0 <= span_ms <= self.limits.advance_ms_max:
            most = self.limits.advance_ms_max // 1000
            raise ValueError(f"seconds {span_ms / 1000:g}: give 0 to {most}")
        resident = await self.house.awake(cluster_id)
        self.pump.catch_up(resident.driven)
        return await self._reach(resident, resident.driven.engine.now_ms + span_ms)

    async def clock_step(self, cluster_id: str) -> ClockReading:
        """See host.ClusterHost.clock_step."""
        resident = await self.house.awake(cluster_id)
        driven = resident.driven
        self.pump.catch_up(driven)
        deadline = driven.engine.next_deadline()
        now_ms = driven.engine.now_ms
        if deadline is not None and deadline - now_ms <= LEAP_MS_MAX:
            return await self._reach(resident, max(deadline, now_ms))
        return self._tell_clock(cluster_id)

    async def _reach(self, resident: Resident, goal_ms: int) -> ClockReading:
        """Let time pass; the answer is that it has, so it has to be safe."""
        await self.pump.reach(resident.driven, goal_ms)
        resident.ledger.note(Op.HERE)
        await resident.ledger.settle()
        return self._tell_clock(resident.driven.cluster_id)

    def numbers(self) -> dict[str, float]:
        """See host.ClusterHost.numbers."""
        house = self.house
        residents = house.residents.values()
        return {
            "podyard_clusters": len(residents),
            "podyard_clusters_failed": sum(r.driven.failure is not None for r in residents),
            "podyard_clusters_created_total": house.created_total,
            "podyard_streams": sum(len(r.streams) for r in residents),
            "podyard_views": sum(len(r.views) for r in residents),
            "podyard_requests_total": self._requests_total,
            "podyard_timers": self.pump.plans_waiting,
            "podyard_slices_total": self.pump.slices_total,
            "podyard_engine_busy_seconds_total": self.pump.busy_seconds_total,
            **house.numbers(),
        }

    # Inside

    def _note_work(self, driven: Driven) -> None:
        self.house.keeper.note_work(driven.cluster_id)
        self._note_changed(driven.cluster_id)

    def _note_changed(self, cluster_id: str) -> None:
        for listener in self._listeners:
            listener(cluster_id)

    def _note_asleep(self, cluster_id: str) -> None:
        for listener in self._sleep_listeners:
            listener(cluster_id)

    def _tell_clock(self, cluster_id: str) -> ClockReading:
        """The clock was changed: all who look on are told."""
        resident = self.house.get(cluster_id)
        reading = self._reading(resident.driven)
        for view in list(resident.views):
            view.inject({"type": "clock", **reading.body()})
        return reading

    def _reading(self, driven: Driven) -> ClockReading:
        self.pump.catch_up(driven)
        now_ms = driven.engine.now_ms
        return ClockReading(now_ms, driven.time.speed, driven.time.is_paused)


def _pace(resident: Resident) -> Pace:
    return Pace(resident.driven.time.speed, resident.driven.time.is_paused)


async def _safe(resident: Resident, answers: Sequence[Answer]) -> Answer | None:
    """Wait until all that the answers tell is safe; a refusal when that does not come about."""
    if resident.ledger.is_settled:
        return None
    try:
        await resident.ledger.settle()
    except NotWritten as error:
        for answer in answers:
            if answer.stream is not None:
                answer.stream.close()
        return statuses.refusal(ApiError(503, "ServiceUnavailable", str(error)))
    return None
