"""daphne as we need it: a slow reader is waited for, a closing WebSocket may finish, the site's end
is awaited, and secrets in addresses are never logged.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

# daphne installs Twisted's asyncio reactor, so it must come before anything of Twisted.
from daphne.server import Server as DaphneServer  # isort: skip
import orjson
from daphne.http_protocol import WebRequest
from django.conf import settings
from twisted.internet import reactor
from twisted.internet.defer import Deferred

from cluster_engine.apimachinery.errors import too_large
from playground.serving import life

_MESSAGE_BYTES_MAX = 16 * 1024 * 1024
_DRAIN_SECONDS = 0.01
_BACKLOG = 1024
_IMPORT_PATH = b"/api/v1/sessions/import"
_BODY_BYTES_SPARE = 1024 * 1024
_TOO_LARGE = "HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Type: application/json"


class Server(DaphneServer):  # type: ignore[misc]
    """One listening site."""

    def __init__(
        self, application: Any, *, host: str, port: int, ready: Callable[[], None]
    ) -> None:
        super().__init__(
            application=application,
            endpoints=[f"tcp:port={port}:interface={host}:backlog={_BACKLOG}"],
            action_logger=None,
            websocket_timeout=-1,
            websocket_max_message_size=_MESSAGE_BYTES_MAX,
            websocket_max_frame_size=_MESSAGE_BYTES_MAX,
            proxy_forwarded_address_header=(
                "X-Forwarded-For" if settings.PODYARD_TRUST_PROXY else None
            ),
            proxy_forwarded_proto_header=(
                "X-Forwarded-Proto" if settings.PODYARD_TRUST_PROXY else None
            ),
            ready_callable=self._prepare,
            server_name="",
        )
        self._tell_ready = ready

    def _prepare(self) -> None:
        """Just before the reactor runs."""
        build = self.http_factory.buildProtocol

        def build_bounded(address: Any) -> Any:
            protocol = build(address)
            protocol.requestFactory = _BoundedRequest
            return protocol

        self.http_factory.buildProtocol = build_bounded
        self.ws_factory.setProtocolOptions(
            closeHandshakeTimeout=settings.PODYARD_CLOSE_HANDSHAKE_SECONDS
        )
        reactor.callWhenRunning(self._begin)

    def _begin(self) -> None:
        async def begin() -> None:
            await life.begin()
            self._tell_ready()

        self._beginning = asyncio.ensure_future(begin())

    async def handle_reply(self, protocol: Any, message: dict[str, Any]) -> None:
        """Send, and wait while too much of it waits in the socket's buffer."""
        await super().handle_reply(protocol, message)
        while _waiting_bytes(protocol) > settings.PODYARD_SEND_BUFFER_BYTES_MAX:
            if self.connections.get(protocol, {}).get("disconnected"):
                return
            await asyncio.sleep(_DRAIN_SECONDS)

    def kill_all_applications(self) -> Deferred[Any]:
        """Before the end: save sessions, then end every connection."""
        return Deferred.fromFuture(asyncio.ensure_future(self._end()))

    async def _end(self) -> None:
        await life.end()
        running = []
        for details in self.connections.values():
            instance = details.get("application_instance")
            if instance is not None and not instance.done():
                instance.cancel()
                running.append(instance)
        if running:
            await asyncio.wait(running, timeout=2)


class _BoundedRequest(WebRequest):  # type: ignore[misc]
    """A request whose body is refused before it fills memory or disk."""

    _taken = 0
    _is_refused = False
    _bytes_max = 0

    def gotLength(self, length: int | None) -> None:
        """The headers have come."""
        super().gotLength(length)
        self._bytes_max = _body_bytes_max(getattr(self.channel, "_path", b""))
        if length is not None and length > self._bytes_max:
            self._refuse()

    def handleContentChunk(self, data: bytes) -> None:
        """A piece of the body has come."""
        self._taken += len(data)
        if self._taken <= self._bytes_max:
            super().handleContentChunk(data)
        else:
            self._refuse()

    def _refuse(self) -> None:
        """Say so once, in the words of both APIs: a Kubernetes Status, and the site's `error`."""
        if self._is_refused:
            return
        self._is_refused = True
        message = f"the body is larger than {self._bytes_max} bytes: send less at once"
        status = too_large(message).status()
        body = orjson.dumps({**status, "error": {"code": "too-large", "message": message}})
        head = f"{_TOO_LARGE}\r\nContent-Length: {len(body)}\r\n\r\n"
        self.channel.transport.write(head.encode() + body)
        self.channel.transport.loseConnection()


def _body_bytes_max(path: bytes) -> int:
    """A little more than the largest that some part of the site accepts there, which then says
    so. Only session files may be really large."""
    largest = max(settings.PODYARD_REQUEST_BYTES_MAX, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    if path == _IMPORT_PATH:
        largest = max(largest, settings.PODYARD_IMPORT_FILE_BYTES_MAX)
    return int(largest) + _BODY_BYTES_SPARE


def _waiting_bytes(protocol: Any) -> int:
    """How much of what was sent has not left this process."""
    channel = getattr(protocol, "channel", None)
    outer = getattr(channel if channel is not None else protocol, "transport", None)
    transport: Any = getattr(outer, "transport", outer)
    if not hasattr(transport, "dataBuffer"):
        return 0
    return int(len(transport.dataBuffer) - transport.offset + transport._tempDataLen)
