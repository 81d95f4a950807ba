"""Ends sessions when their time is up: one task, one timer, for the next moment that counts.

The moments of a session are its two warnings, its end, and the end of looking back at it.
"""

from __future__ import annotations

import asyncio
import datetime
import logging

from asgiref.sync import sync_to_async
from django.conf import settings
from django.utils import timezone

from playground.lab_sessions.models import Session, State
from playground.lab_sessions.selectors import announcer
from playground.lab_sessions.services import session_end, session_expire, sessions_forget_old

logger = logging.getLogger(__name__)

#: Look again at least so often, should the wall clock jump.
_PATIENCE_SECONDS = 3600.0
_MINUTE = datetime.timedelta(minutes=1)


class Janitor:
    """Start it on the event loop that the site runs on."""

    def __init__(self) -> None:
        self._wakeup = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._seen = timezone.now()

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

    async def _run(self) -> None:
        while True:
            self._wakeup.clear()
            try:
                due = await self.sweep(now=timezone.now())
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
        """Do what has come due since the last sweep; the next moment that counts."""
        since, self._seen = self._seen, now
        next_moment: datetime.datetime | None = None
        for session in await _live_sessions():
            if session.state == State.RUNNING and session.expires_at <= now:
                await session_expire(session=session)
            elif session.state == State.READ_ONLY and session.gone_at <= now:
                await session_end(session=session)
            elif any(since < moment <= now for moment in warnings_of(session)):
                await announcer().session_changed(session)
            for moment in moments_of(session):
                if moment > now and (next_moment is None or moment < next_moment):
                    next_moment = moment
        await sessions_forget_old(now=now)
        return next_moment


def warnings_of(session: Session) -> list[datetime.datetime]:
    """When people are warned of a session's end."""
    first, last = (
        settings.PODYARD_SESSION_WARNING_MINUTES_FIRST,
        settings.PODYARD_SESSION_WARNING_MINUTES_LAST,
    )
    return [session.expires_at - first * _MINUTE, session.expires_at - last * _MINUTE]


def moments_of(session: Session) -> list[datetime.datetime]:
    """When something happens to a session."""
    if session.state == State.READ_ONLY:
        return [session.gone_at]
    return [*warnings_of(session), session.expires_at]


@sync_to_async
def _live_sessions() -> list[Session]:
    return list(Session.objects.exclude(state=State.GONE))
