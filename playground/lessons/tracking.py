"""Steps pass by themselves: when a cluster has done something, the checks of its current step are
looked at again.

Changes are coalesced: a session is looked at most about twice a second, and all looks together take
a bounded share of the event loop, so a hundred busy sessions are looked at less often, not slower
served. A session in which nothing happens costs nothing.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import TypeAlias
from weakref import WeakValueDictionary

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from playground.hosting.host import ClusterHost, HostError
from playground.hosting.selectors import site_host
from playground.lab_sessions.life import State
from playground.lab_sessions.models import Session
from playground.lessons.checkpoints import checkpoint_write
from playground.lessons.checks.check import Check, Outcome
from playground.lessons.checks.reader import NotNow, Reader
from playground.lessons.format.lesson import Step, StepKind
from playground.lessons.models import StepRun
from playground.lessons.progress import Progress, frame, progress
from playground.lessons.runs import Run
from playground.live.selectors import rooms

logger = logging.getLogger(__name__)

#: Told the session's id and where it stands now.
ProgressListener: TypeAlias = Callable[[str, Progress], Awaitable[None]]
#: After a look that could not be finished.
_AGAIN_SECONDS = 2.0
#: Changes come in bursts: the first look waits for the rest of them.
_BURST_SECONDS = 0.05


class Tracker:
    """The runs that may go on by themselves. Everything happens on one event loop."""

    def __init__(self) -> None:
        self.listeners: list[ProgressListener] = []
        self.runs: dict[str, Run] = {}
        self.looks_total = 0
        self._looked_at: dict[str, float] = {}
        self._planned: set[str] = set()
        self._queue: asyncio.Queue[str] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        self._host: ClusterHost | None = None
        self._beginnings: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    # Which runs

    def start(self) -> None:
        """Begin to look at what changes. Idempotent."""
        loop = asyncio.get_running_loop()
        if self._task is None or self._task.done() or self._task.get_loop() is not loop:
            self._queue = asyncio.Queue()
            self._planned.clear()
            self._task = loop.create_task(self._work(), name="lessons")
        host = site_host()
        if host is not self._host:
            self._host = host
            host.listen(self.note)

    async def stop(self) -> None:
        """End the task."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    def beginning(self, session_id: str) -> asyncio.Lock:
        """Held while a lesson begins in a session, so that only one does."""
        return self._beginnings.setdefault(session_id, asyncio.Lock())

    def add(self, run: Run) -> None:
        """Look at a run from now on."""
        self.start()
        self.runs[run.session_id] = run
        self.note(run.session_id)

    async def session_changed(self, session: Session) -> None:
        """A session that has ended is looked at no more."""
        if session.state == State.ENDED:
            self.runs.pop(session.id, None)
            self._looked_at.pop(session.id, None)

    # When

    def note(self, session_id: str) -> None:
        """Something happened in a cluster. Cheap: it is called after every slice of work."""
        run = self.runs.get(session_id)
        if run is None or not run.record.current or session_id in self._planned:
            return
        pause_s = settings.PODYARD_LESSON_CHECK_INTERVAL_MS / 1000
        due_s = self._looked_at.get(session_id, float("-inf")) + pause_s
        self._plan(session_id, max(due_s - time.monotonic(), _BURST_SECONDS))

    def _plan(self, session_id: str, delay_s: float) -> None:
        self._planned.add(session_id)
        asyncio.get_running_loop().call_later(delay_s, self._queue.put_nowait, session_id)

    async def _work(self) -> None:
        while True:
            session_id = await self._queue.get()
            self._planned.discard(session_id)
            run = self.runs.get(session_id)
            if run is None:
                continue
            begun_s = time.monotonic()
            self._looked_at[session_id] = begun_s
            try:
                await self.look(run)
            except NotNow:
                if session_id not in self._planned:
                    self._plan(session_id, _AGAIN_SECONDS)
            except HostError:
                continue
            except Exception:
                logger.exception("a look at lesson %s failed", run.lesson.slug)
            share = settings.PODYARD_LESSON_CHECK_CPU_PERCENT / 100
            await asyncio.sleep((time.monotonic() - begun_s) * (1 / share - 1))

    # Looking

    async def look(self, run: Run) -> None:
        """Look at the current step now; pass it, and those after it, as long as they hold."""
        async with run.lock:
            before = run.record.current, _holding(run.outcomes), _missing(run.outcomes)
            while (step := run.step) is not None and step.kind is StepKind.TASK:
                outcomes = await self._outcomes(run)
                if not all(outcome.holds for _, outcome in outcomes):
                    await self._note_attempt(run, step, outcomes)
                    break
                await step_pass(run, step)
            if run.record.current != before[0]:
                await checkpoint_write(run)
            after = run.record.current, _holding(run.outcomes), _missing(run.outcomes)
        if before != after:
            await self.tell(run)

    async def _outcomes(self, run: Run) -> list[tuple[Check, Outcome]]:
        self.looks_total += 1
        reader = Reader(site_host(), run.session_id)
        return [(check, await check.outcome(reader)) for check in run.checks()]

    async def _note_attempt(
        self, run: Run, step: Step, outcomes: list[tuple[Check, Outcome]]
    ) -> None:
        is_other = bool(run.outcomes) and _holding(outcomes) != _holding(run.outcomes)
        run.outcomes = outcomes
        record = run.steps.get(step.id)
        if is_other and record is not None:
            record.attempts += 1
            await record.asave(update_fields=["attempts"])

    async def tell(self, run: Run) -> None:
        """Tell who looks on, and who listens, where a run stands."""
        room = rooms().find(run.session_id)
        if room is not None:
            room.tell(frame(run.lesson, run.record, run.steps, run.outcomes))
        shown = progress(run.lesson, run.record, run.steps, run.outcomes)
        for listener in list(self.listeners):
            await listener(run.session_id, shown)


async def step_pass(run: Run, step: Step) -> None:
    """The step is done: the next one begins, or the lesson is finished. Under the run's lock."""
    number = run.lesson.index(step.id) + 1
    next_id = run.lesson.steps[number].id if number < len(run.lesson.steps) else ""
    await _save_pass(run, step.id, next_id)
    run.outcomes = []


@sync_to_async
def _save_pass(run: Run, step_id: str, next_id: str) -> None:
    now = timezone.now()
    with transaction.atomic():
        record = run.steps[step_id]
        record.passed_at = now
        record.save()
        run.record.current = next_id
        run.record.finished_at = None if next_id else now
        run.record.save(update_fields=["current", "finished_at"])
        if next_id:
            run.steps[next_id], _ = StepRun.objects.get_or_create(
                run=run.record, step=next_id, defaults={"started_at": now}
            )


def _holding(outcomes: list[tuple[Check, Outcome]]) -> list[bool]:
    return [outcome.holds for _, outcome in outcomes]


def _missing(outcomes: list[tuple[Check, Outcome]]) -> list[str]:
    return [outcome.missing for _, outcome in outcomes]
