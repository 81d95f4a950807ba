"""What all our WebSockets share: who is it, may it, is it too loud."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Coroutine
from http.cookies import CookieError, SimpleCookie
from typing import Any

import orjson
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from playground.accounts.visitors import Visitor, visitor_of
from playground.gateway.door import header_values
from playground.hosting.host import HostError, UnknownCluster
from playground.hosting.quotas import Allowance
from playground.lab_sessions.problems import Ended, Forbidden, NotFound, Refused, TooMany
from playground.live.mailbox import Mailbox
from playground.site import origins

logger = logging.getLogger(__name__)

#: Close codes after which a browser need not come back.
CLOSE_FORBIDDEN, CLOSE_NOT_FOUND, CLOSE_ENDED, CLOSE_BUSY = 4403, 4404, 4410, 4429
#: The session hibernates: the browser comes back when somebody looks.
CLOSE_ASLEEP = 4409
CLOSE_FAULT = 1011
_REASON_BYTES_MAX = 123
#: How long a browser that comes back has to say where it was.
RESUME_SECONDS = 0.04


class Line(AsyncWebsocketConsumer):  # type: ignore[misc]
    """One WebSocket of a browser. Subclasses say whom to let in, and what to do then."""

    mailbox: Mailbox

    async def connect(self) -> None:
        """Let in, or close with a code that says why not."""
        self._tasks: list[asyncio.Task[None]] = []
        self._first_message: asyncio.Future[dict[str, Any] | None] | None = None
        self.mailbox = Mailbox(settings.PODYARD_VIEWER_WAITING_FRAMES_MAX)
        most = settings.PODYARD_VIEWER_MESSAGES_PER_SECOND_MAX
        self._allowance = Allowance(most, 2 * most, time.monotonic())
        self._is_let_in = self._is_sent_out = False
        await self.accept()
        try:
            await self._admit()
            await self.entered()
            self._is_let_in = not self._is_sent_out
        except (Refused, HostError) as refusal:
            await self.refuse(refusal)

    async def _admit(self) -> None:
        headers = header_values(self.scope)
        if not origins.is_ours(headers):
            raise Forbidden("this page may not open a connection here")
        await self.admit(visitor_of(_cookies(headers.get("cookie", ""))), headers)

    async def admit(self, visitor: Visitor | None, headers: dict[str, str]) -> None:
        """Let a visitor in, or raise Refused."""

    async def entered(self) -> None:
        """The connection is let in."""

    async def handle(self, message: dict[str, Any]) -> None:
        """A message of the browser."""

    def left(self) -> None:
        """The connection is over."""

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run beside, until the connection ends."""
        task = asyncio.get_running_loop().create_task(self._guarded(work))
        self._tasks.append(task)

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except (Refused, HostError) as refusal:
            await self.refuse(refusal)
        except Exception:
            logger.exception("a browser's connection failed")
            await self.close(CLOSE_FAULT)

    async def send_out(self, refusal: Exception) -> None:
        """Say why, close, and take nothing more."""
        self._is_let_in, self._is_sent_out = False, True
        await self.refuse(refusal)

    async def refuse(self, refusal: Exception) -> None:
        """Say why, and close."""
        details = refusal.details if isinstance(refusal, Refused) else {}
        await self.send(_text({"type": "error", "message": str(refusal), **details}))
        await self.close(_close_code(refusal), close_reason(str(refusal)))

    async def first_message(self) -> dict[str, Any] | None:
        """What a browser says right away, None when it says nothing."""
        self._first_message = asyncio.get_running_loop().create_future()
        try:
            return await asyncio.wait_for(self._first_message, RESUME_SECONDS)
        except TimeoutError:
            return None
        finally:
            self._first_message = None

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        """Check a message's size, rate and form, and hand it on."""
        if not self._is_let_in:
            return
        if text_data is None or len(text_data) > settings.PODYARD_VIEWER_MESSAGE_BYTES_MAX:
            self.complain("a message is too large")
            return
        if not self._allowance.take(time.monotonic()):
            self.complain("too many messages; slow down")
            return
        try:
            message = orjson.loads(text_data)
        except orjson.JSONDecodeError:
            self.complain("a message must be JSON")
            return
        if not isinstance(message, dict) or not isinstance(message.get("type"), str):
            self.complain("a message must be an object with a type")
            return
        if self._first_message is not None and not self._first_message.done():
            self._first_message.set_result(message)
            if message["type"] == "resume":
                return
        try:
            await self.handle(message)
        except (Refused, ValueError) as refusal:
            self.complain(str(refusal))
        except UnknownCluster:
            await self.close(CLOSE_ENDED)

    def complain(self, text: str) -> None:
        """Tell the browser what was wrong with a message."""
        self.mailbox.put(_text({"type": "error", "message": text}))

    async def disconnect(self, code: int) -> None:
        """Clean up."""
        for task in self._tasks:
            task.cancel()
        self.left()


def close_reason(text: str) -> str:
    """A text as a close frame can carry it: 123 bytes."""
    return text.encode()[:_REASON_BYTES_MAX].decode("utf-8", "ignore")


def _close_code(refusal: Exception) -> int:
    if isinstance(refusal, Ended | UnknownCluster):
        return CLOSE_ENDED
    if isinstance(refusal, NotFound):
        return CLOSE_NOT_FOUND
    if isinstance(refusal, TooMany | HostError):
        return CLOSE_BUSY
    return CLOSE_FORBIDDEN


def _cookies(text: str) -> dict[str, str]:
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(text)
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in jar.items()}


def _text(frame: dict[str, Any]) -> str:
    return orjson.dumps(frame).decode()
