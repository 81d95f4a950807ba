"""The pump: drives every cluster of this process, and is the only reader of the wall clock.

One asyncio task runs the clusters that have something due, one after the other, each for a slice
of a few milliseconds, and lets the event loop breathe between slices. A cluster with nothing due
has no timer; one with a deadline has one entry in a heap. So a thousand idle clusters cost nothing,
and no cluster can stall another or the web server.
"""

from __future__ import annotations

import asyncio
import heapq
import logging
import time
from collections import deque
from collections.abc import Callable

from playground.hosting.engine import Engine
from playground.hosting.timemap import TimeMap

logger = logging.getLogger(__name__)

#: Stale timers are swept out when the heap is at least this long and has doubled.
_PRUNE_MIN = 64
#: A fault inside the engine costs the work at hand; a cluster with that many goes out of service.
_FAULTS_MAX = 200
_FAULTS_LOGGED = 5
#: At unlimited speed, what is due later than in a year is as good as never.
LEAP_MS_MAX = 366 * 86_400_000
#: A timer is not set further ahead than that, in wall time.
_PLAN_SECONDS_MAX = 7 * 86_400


class Driven:
    """A cluster as the pump sees it."""

    __slots__ = (
        "busy_seconds",
        "cluster_id",
        "engine",
        "failure",
        "faults",
        "goal_ms",
        "goal_reached",
        "is_queued",
        "plan_due_s",
        "plan_ticket",
        "time",
        "worked_s",
    )

    def __init__(self, cluster_id: str, engine: Engine, time_map: TimeMap) -> None:
        self.cluster_id = cluster_id
        self.engine = engine
        self.time = time_map
        self.is_queued = False
        #: The heap entry that counts; others of this cluster are stale.
        self.plan_ticket = 0
        self.plan_due_s = 0.0
        #: A virtual time to reach without waiting, and who waits for it.
        self.goal_ms: int | None = None
        self.goal_reached: list[asyncio.Future[None]] = []
        self.faults = 0
        #: What its work has cost so far.
        self.busy_seconds = 0.0
        #: When it worked last.
        self.worked_s = 0.0
        #: The bug that stopped this cluster, if any.
        self.failure: BaseException | None = None


class Pump:
    """Runs what is due. Call `touch` after anything was done to a cluster."""

    def __init__(
        self, *, slice_ms_max: int = 5, wall_s: Callable[[], float] = time.monotonic
    ) -> None:
        self.slice_s = slice_ms_max / 1000
        self.wall_s = wall_s
        self._queue: deque[Driven] = deque()
        self._plans: list[tuple[float, int, Driven]] = []
        self._next_ticket = 1
        self._prune_at = _PRUNE_MIN
        self._task: asyncio.Task[None] | None = None
        self._wakeup: asyncio.Event | None = None
        #: Called after a cluster did something.
        self.on_work: Callable[[Driven], None] | None = None
        self.slices_total = 0
        self.busy_seconds_total = 0.0

    @property
    def plans_waiting(self) -> int:
        """How many timers there are, stale ones included."""
        return len(self._plans)

    def start(self) -> None:
        """Begin (again) on the running event loop. Idempotent."""
        loop = asyncio.get_running_loop()
        if self._task is not None and not self._task.done() and self._task.get_loop() is loop:
            return
        self._wakeup = asyncio.Event()
        self._task = loop.create_task(self._run(), name="pump")

    async def stop(self) -> None:
        """End the task. Clusters stay as they are."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    def touch(self, driven: Driven) -> None:
        """Look again at what is due in this cluster."""
        if driven.is_queued or driven.failure is not None:
            return
        if driven.goal_ms is not None:
            self._enqueue(driven)
            return
        deadline = driven.engine.next_deadline()
        if deadline is None:
            driven.plan_ticket = 0
        elif deadline <= driven.engine.now_ms or _is_leapt_to(driven, deadline):
            self._enqueue(driven)
        else:
            self._plan(driven, driven.time.wall_s(deadline))

    def forget(self, driven: Driven) -> None:
        """The cluster is closed."""
        driven.plan_ticket = 0
        driven.failure = driven.failure or asyncio.CancelledError("closed")
        self._release(driven)

    def catch_up(self, driven: Driven) -> None:
        """Move an idle cluster's clock to now, so that a request sees the right time."""
        if driven.is_queued:
            return
        target = driven.time.virtual_ms(self.wall_s())
        if target > driven.engine.now_ms:
            deadline = driven.engine.next_deadline()
            if deadline is None or deadline > target:
                driven.engine.advance(target)

    async def reach(self, driven: Driven, goal_ms: int) -> None:
        """Run everything up to a virtual time without waiting for the wall clock."""
        reached = asyncio.get_running_loop().create_future()
        driven.goal_ms = max(goal_ms, driven.goal_ms or 0)
        driven.goal_reached.append(reached)
        self.touch(driven)
        await reached

    def _enqueue(self, driven: Driven) -> None:
        driven.is_queued = True
        driven.plan_ticket = 0
        self._queue.append(driven)
        if self._wakeup is not None:
            self._wakeup.set()

    def _plan(self, driven: Driven, due_s: float | None) -> None:
        if driven.plan_ticket and driven.plan_due_s == due_s:
            return
        driven.plan_ticket = 0
        if due_s is None or due_s > self.wall_s() + _PLAN_SECONDS_MAX:
            return
        driven.plan_ticket = self._next_ticket
        driven.plan_due_s = due_s
        self._next_ticket += 1
        is_first = not self._plans or due_s < self._plans[0][0]
        heapq.heappush(self._plans, (due_s, driven.plan_ticket, driven))
        if len(self._plans) >= self._prune_at:
            self._drop_stale()
        if is_first and self._wakeup is not None:
            self._wakeup.set()

    def _drop_stale(self) -> None:
        self._plans = [plan for plan in self._plans if plan[2].plan_ticket == plan[1]]
        heapq.heapify(self._plans)
        self._prune_at = max(_PRUNE_MIN, 2 * len(self._plans))

    async def _run(self) -> None:
        assert self._wakeup is not None
        loop = asyncio.get_running_loop()
        while True:
            self._wakeup.clear()
            next_due = self._collect(self.wall_s())
            if self._queue:
                self._slice(self._queue.popleft())
                await asyncio.sleep(0)
                continue
            timer = None
            if next_due is not None:
                delay = max(0.0, next_due - self.wall_s())
                timer = loop.call_later(delay, self._wakeup.set)
            await self._wakeup.wait()
            if timer is not None:
                timer.cancel()

    def _collect(self, now: float) -> float | None:
        """Queue what has come due; the wall time of the next plan, if any."""
        while self._plans:
            due, ticket, driven = self._plans[0]
            if driven.plan_ticket != ticket:
                heapq.heappop(self._plans)
            elif due <= now:
                heapq.heappop(self._plans)
                driven.plan_ticket = 0
                if not driven.is_queued:
                    self._enqueue(driven)
            else:
                return due
        return None

    def _slice(self, driven: Driven) -> None:
        driven.is_queued = False
        if driven.failure is not None:
            return
        start = self.wall_s()
        end = start + self.slice_s
        try:
            self._work(driven, start, end)
        except Exception as bug:
            self._note_fault(driven, bug)
        finally:
            driven.worked_s = self.wall_s()
            spent = driven.worked_s - start
            self.slices_total += 1
            self.busy_seconds_total += spent
            driven.busy_seconds += spent
        if self.on_work is not None:
            self.on_work(driven)
        self.touch(driven)

    def _note_fault(self, driven: Driven, bug: Exception) -> None:
        """The work that failed is dropped, the cluster goes on; after too many it stops."""
        driven.faults += 1
        if driven.faults <= _FAULTS_LOGGED:
            logger.exception("work inside a cluster failed")
        if driven.faults >= _FAULTS_MAX:
            logger.error("a cluster stopped after %d faults", driven.faults)
            driven.failure = bug
            self._release(driven)

    def _work(self, driven: Driven, start: float, end: float) -> None:
        engine = driven.engine

        def should_stop() -> bool:
            return self.wall_s() >= end

        target = max(driven.time.virtual_ms(start), engine.now_ms)
        if driven.goal_ms is not None:
            self._work_towards(driven, should_stop)
            return
        is_done = engine.advance(target, should_stop)
        while is_done and driven.time.is_unlimited and not should_stop():
            deadline = engine.next_deadline()
            if deadline is None or not _is_leapt_to(driven, deadline):
                break
            is_done = engine.advance(max(deadline, engine.now_ms), should_stop)
        if driven.time.is_unlimited:
            if engine.now_ms > driven.time.virtual_ms(start):
                driven.time.anchor(start, engine.now_ms)
        elif not is_done and driven.time.has_lag(start, engine.now_ms):
            driven.time.anchor(start, engine.now_ms)

    def _work_towards(self, driven: Driven, should_stop: Callable[[], bool]) -> None:
        goal = driven.goal_ms or 0
        is_done = driven.engine.advance(max(goal, driven.engine.now_ms), should_stop)
        driven.time.anchor(self.wall_s(), driven.engine.now_ms)
        if is_done:
            driven.goal_ms = None
            self._release(driven)

    def _release(self, driven: Driven) -> None:
        for waiter in driven.goal_reached:
            if not waiter.done():
                waiter.set_result(None)
        driven.goal_reached.clear()


def _is_leapt_to(driven: Driven, deadline_ms: int) -> bool:
    """Whether that moment need not be waited for."""
    return driven.time.is_unlimited and deadline_ms - driven.engine.now_ms <= LEAP_MS_MAX
