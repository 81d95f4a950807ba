"""What the site does when it begins and ends: the host opened and closed, the janitor.

Servers differ in what they tell an application, so the beginning is noticed at the first request at
the latest, and `manage.py serve` calls both by itself.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from playground.classrooms.caretaker import Caretaker
from playground.classrooms.services.sessions import classrooms_listen
from playground.hosting.selectors import site_host
from playground.lab_sessions.janitor import Janitor
from playground.lab_sessions.keeping import sessions_reconcile
from playground.lab_sessions.selectors import announcer
from playground.lessons.selectors import tracker
from playground.lessons.services import lessons_listen, lessons_resume
from playground.live.selectors import terminals
from playground.live.services import member_show, session_show
from playground.reviews.selectors import courier, recorder
from playground.reviews.services import (
    review_follow,
    review_follow_renewal,
    submissions_recover,
)

logger = logging.getLogger(__name__)


class Life:
    """Of the site in this process, on one event loop."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._beginning: asyncio.Future[None] | None = None
        self._janitor: Janitor | None = None
        self._caretaker: Caretaker | None = None

    async def begin(self) -> None:
        """Once per event loop; everyone waits until it is done."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop = loop
            self._beginning = asyncio.ensure_future(self._begin())
        if self._beginning is not None and not self._beginning.done():
            await asyncio.shield(self._beginning)

    async def _begin(self) -> None:
        lessons_listen()
        classrooms_listen()
        if review_follow_renewal not in announcer().renew_listeners:
            announcer().renew_listeners.append(review_follow_renewal)
        if session_show not in announcer().session_listeners:
            announcer().session_listeners.append(session_show)
        for follower in (member_show, review_follow):
            if follower not in announcer().member_listeners:
                announcer().member_listeners.append(follower)
        try:
            site_host().listen_asleep(lambda session_id: terminals().leave(session_id))
            await site_host().open()
            await sessions_reconcile()
        except Exception:
            logger.exception("sessions cannot be brought back just now")
        try:
            await lessons_resume()
        except Exception:
            logger.exception("lessons could not be resumed")
        try:
            await submissions_recover()
        except Exception:
            logger.exception("approvals that were under way could not be looked after")
        recorder().start()
        courier().start()
        self._janitor = Janitor()
        self._janitor.start()
        self._caretaker = Caretaker()
        self._caretaker.start()

    async def end(self) -> None:
        """Stop what runs; the host writes down where each cluster is."""
        if self._caretaker is not None:
            await self._caretaker.stop()
            self._caretaker = None
        if self._janitor is not None:
            await self._janitor.stop()
            self._janitor = None
        await tracker().stop()
        try:
            await recorder().stop()
            await courier().stop()
        except Exception:
            logger.exception("the last writes could not be recorded; the clusters keep them")
        try:
            await site_host().close_all()
        except Exception:
            logger.exception("the last that was done could not be written down")
        self._loop = None


_life = Life()
begin = _life.begin
end = _life.end


async def lifespan(
    receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
) -> None:
    """The ASGI lifespan protocol, for servers that speak it."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await begin()
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await end()
            await send({"type": "lifespan.shutdown.complete"})
            return
