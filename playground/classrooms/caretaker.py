"""Does what time does to classrooms, and makes their seats ready at a gentle pace.

One task, one timer, for the next moment that counts; a seat at a time, with a pause after each, so
that nobody who works notices.
"""

from __future__ import annotations

import asyncio
import datetime
import logging

from django.conf import settings
from django.utils import timezone

from playground.classrooms.life import RoomState, due_event, next_moment
from playground.classrooms.models import Classroom
from playground.classrooms.problems import NotNow
from playground.classrooms.selectors import freeze_max, hub, rooms_live
from playground.classrooms.services.deeds import deed_note
from playground.classrooms.services.rooms import classroom_event, classrooms_forget_old
from playground.classrooms.services.seats import seat_warm
from playground.lab_sessions.problems import Refused

logger = logging.getLogger(__name__)

_PATIENCE_SECONDS = 60.0
#: A room whose seats could not be made is tried again then.
_RETRY_SECONDS = 10.0


class Caretaker:
    """Start it on the event loop that the site runs on."""

    def __init__(self) -> None:
        self._wakeup = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._retry_at: dict[str, float] = {}

    def start(self) -> None:
        """Begin. Idempotent."""
        if self._task is None:
            hub().room_listeners.append(self._wakeup.set)
            self._task = asyncio.get_running_loop().create_task(self._run(), name="caretaker")

    async def stop(self) -> None:
        """End the task."""
        if self._task is not None:
            hub().room_listeners.remove(self._wakeup.set)
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _run(self) -> None:
        while True:
            self._wakeup.clear()
            delay = _PATIENCE_SECONDS
            try:
                due = await self.sweep(now=timezone.now())
                if await self.warm_one():
                    delay = settings.PODYARD_CLASSROOM_WARM_PAUSE_MS / 1000
                elif due is not None:
                    delay = max(0.05, min(delay, (due - timezone.now()).total_seconds()))
            except Exception:
                logger.exception("the caretaker stumbled")
            timer = asyncio.get_running_loop().call_later(delay, self._wakeup.set)
            await self._wakeup.wait()
            timer.cancel()

    async def sweep(self, *, now: datetime.datetime) -> datetime.datetime | None:
        """Do what has come due; the next moment that counts."""
        moments = []
        for room in await rooms_live():
            event = due_event(room, freeze_max(), now)
            if event is not None:
                try:
                    outcome = await classroom_event(room=room, event=event)
                    await deed_note(room=room, who=None, action=event.value, outcome=outcome)
                except NotNow:
                    logger.info("classroom %s was changed by another process", room.id)
                await room.arefresh_from_db()
            moment = next_moment(room, freeze_max(), now)
            moments += [moment] if moment is not None else []
            moments += _warm_moment(room, now)
        await classrooms_forget_old(now=now)
        return min(moments, default=None)

    async def warm_one(self) -> bool:
        """Make one seat ready somewhere; False when none is wanted."""
        loop_s = asyncio.get_running_loop().time()
        for room in await rooms_live():
            if self._retry_at.get(room.id, 0.0) > loop_s:
                continue
            try:
                if await seat_warm(room=room):
                    return True
            except Refused as refusal:
                logger.warning("a seat of classroom %s was not made: %s", room.id, refusal)
                self._retry_at[room.id] = loop_s + _RETRY_SECONDS
        return False


def _warm_moment(room: Classroom, now: datetime.datetime) -> list[datetime.datetime]:
    """When the seats of a room that starts later are made."""
    if room.state != RoomState.LOBBY or room.starts_at is None:
        return []
    ahead = datetime.timedelta(minutes=settings.PODYARD_CLASSROOM_WARM_MINUTES)
    moment = room.starts_at - ahead
    return [moment] if moment > now else []
