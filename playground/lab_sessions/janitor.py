"""Does what time does to sessions: one task, one timer, for the next moment that counts.

Each session's next moment is in the database (`due_at`), so a sweep looks only at those whose
moment has come, and an idle site sleeps.
"""

from __future__ import annotations

import asyncio
import datetime
import logging

from asgiref.sync import sync_to_async
from django.db.models import Min
from django.utils import timezone

from playground.accounts.services import old_forget
from playground.lab_sessions.kinds import notice, policy_of
from playground.lab_sessions.life import (
    REASONS_OF_TIME,
    Event,
    IllegalEvent,
    State,
    due_event,
    state_at,
)
from playground.lab_sessions.lifetimes import (
    activity_save,
    session_end,
    session_expire,
    session_hibernate,
    session_overrun,
    session_plan,
    sessions_forget_old,
)
from playground.lab_sessions.models import Session
from playground.lab_sessions.selectors import activity, announcer
from playground.lab_sessions.waiting.services import tickets_forget_old, waiting_serve

logger = logging.getLogger(__name__)

#: Look again at least so often: to write down activity, and should the wall clock jump.
_PATIENCE_SECONDS = 60.0
_FORGET = datetime.timedelta(hours=1)
#: Sessions looked at in one sweep; the rest has its turn right after.
_SWEPT_MAX = 500


class Janitor:
    """Start it on the event loop that the site runs on."""

    def __init__(self) -> None:
        self._wakeup = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._forget_at: datetime.datetime | None = None

    def start(self) -> None:
        """Begin. Idempotent."""
        if self._task is None:
            announcer().plan_listeners.append(self._wakeup.set)
            self._task = asyncio.get_running_loop().create_task(self._run(), name="janitor")

    async def stop(self) -> None:
        """End the task."""
        if self._task is not None:
            announcer().plan_listeners.remove(self._wakeup.set)
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
            await activity_save()

    async def _run(self) -> None:
        while True:
            self._wakeup.clear()
            try:
                due = await self.sweep(now=timezone.now())
                await waiting_serve()
                await activity_save()
            except Exception:
                logger.exception("the janitor stumbled")
                due = None
            delay = _PATIENCE_SECONDS
            if due is not None:
                delay = max(0.05, min(delay, (due - timezone.now()).total_seconds()))
            timer = asyncio.get_running_loop().call_later(delay, self._wakeup.set)
            await self._wakeup.wait()
            timer.cancel()

    async def sweep(self, *, now: datetime.datetime) -> datetime.datetime | None:
        """Do what has come due; the next moment that counts."""
        for session in await _due_sessions(now):
            try:
                await _tend(session, now)
            except IllegalEvent:
                logger.info("session %s was changed by another process", session.id)
            except Exception:
                logger.exception("session %s could not be tended", session.id)
                await _put_off(session, now)
        if self._forget_at is None or self._forget_at <= now:
            self._forget_at = now + _FORGET
            await sessions_forget_old(now=now)
            await tickets_forget_old(now=now)
            await old_forget(now=now)
        return await _next_due()


async def _tend(session: Session, now: datetime.datetime) -> None:
    """One session whose moment has come: a change of state, or a word of warning."""
    session.active_at = max(session.active_at, activity().last(session.id) or session.active_at)
    event = due_event(session, policy_of(session.kind), notice(), now)
    if event is Event.OVERRUN:
        await session_overrun(session=session, now=now)
    elif event is Event.EXPIRE:
        await session_expire(session=session, now=now)
    elif event is Event.HIBERNATE:
        await session_hibernate(session=session, now=now)
    elif event is Event.END:
        await session_end(session=session, because=REASONS_OF_TIME[State(session.state)], now=now)
    else:
        await session_plan(session=session, now=now)
        if state_at(session, notice(), now) is State.WARNED:
            await announcer().session_changed(session)


async def _put_off(session: Session, now: datetime.datetime) -> None:
    """Something is wrong with it; the others are not to suffer."""
    later = now + datetime.timedelta(seconds=_PATIENCE_SECONDS)
    await Session.objects.filter(id=session.id).aupdate(due_at=later)


@sync_to_async
def _due_sessions(now: datetime.datetime) -> list[Session]:
    due = Session.objects.exclude(state=State.ENDED.value).filter(due_at__lte=now)
    return list(due.order_by("due_at")[:_SWEPT_MAX])


async def _next_due() -> datetime.datetime | None:
    live = Session.objects.exclude(state=State.ENDED.value)
    found = await live.aaggregate(first=Min("due_at"))
    first: datetime.datetime | None = found["first"]
    return first
