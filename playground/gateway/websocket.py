"""WebSockets of the Kubernetes API: exec, attach, port-forward, and logs and watches read so.

A refusal is told inside the conversation, because kubectl answers a refused handshake by trying
SPDY and shows only that second refusal.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any, Protocol
from urllib.parse import parse_qs

import orjson

from cluster_engine.apimachinery.errors import ApiError, bad_request
from cluster_engine.apiserver.requests import ERROR, RESIZE, STDIN, STDOUT, Frame, Request
from playground.gateway import channels
from playground.gateway.door import Grant, Scope, caller_of, command_of, header_values
from playground.gateway.http import CONNECT_PATH, check
from playground.gateway.portforward import (
    LEGACY_PROTOCOLS,
    SPDY_PROTOCOL,
    serve_channels,
    serve_spdy,
)
from playground.hosting.host import Answer, ClusterHost, Conversation

#: How long a client that may still have something to say is waited for.
_HEAR_SECONDS = 0.25
#: kubectl reads before it has made its streams, and throws away what comes for one not yet made: a
#: command must not answer faster than that.
_READY_SECONDS = 0.015


class Gone(Exception):
    """The client has left."""


class _Manners(Protocol):
    @property
    def is_beside_a_site(self) -> bool: ...


class Socket:
    """One WebSocket connection."""

    def __init__(
        self,
        scope: Scope,
        receive: Callable[[], Awaitable[Any]],
        send: Callable[[Any], Awaitable[None]],
        manners: _Manners,
    ) -> None:
        self.scope = scope
        self.offered: list[str] = list(scope.get("subprotocols") or [])
        self.headers = header_values(scope)
        self.protocol = ""
        self._receive = receive
        self._send = send
        self._manners = manners
        self._is_accepted = False
        self._is_closed = False

    async def wait_for_connect(self) -> None:
        """The handshake's first message."""
        message = await self._receive()
        if message["type"] != "websocket.connect":
            raise Gone

    async def accept(self, protocol: str) -> None:
        """Agree to speak that protocol."""
        self.protocol = protocol
        self._is_accepted = True
        await self._send({"type": "websocket.accept", "subprotocol": protocol or None})

    async def receive(self) -> dict[str, Any] | None:
        """The client's next message, None when it has left."""
        message: dict[str, Any] = await self._receive()
        return None if message["type"] == "websocket.disconnect" else message

    async def send(self, message: dict[str, Any]) -> None:
        """Send a message."""
        if not self._is_closed:
            await self._send(message)

    async def send_bytes(self, data: bytes) -> None:
        """Send a binary message."""
        await self.send({"type": "websocket.send", "bytes": data})

    async def close(self, code: int = 1000) -> None:
        """Say goodbye, once."""
        if not self._is_closed:
            self._is_closed = True
            await self._send({"type": "websocket.close", "code": code})

    async def refuse(self, error: ApiError) -> None:
        """Tell why not, in the way that clients show."""
        if self._is_closed:
            return
        if not self._is_accepted:
            protocol = channels.choose(self.offered, channels.REMOTE_COMMAND)
            if protocol is None:
                protocol = self.offered[0]
            await self.accept(protocol)
        status = orjson.dumps(error.status())
        final = channels.final(self.protocol, status) or status
        await self.send(channels.outgoing(self.protocol, ERROR, final))
        await self.close()

    def request(self, grant: Grant, query: str | None = None) -> Request:
        """The request as the cluster gets it."""
        if query is None:
            query = self.scope.get("query_string", b"").decode("latin-1")
        headers = dict(self.headers)
        for name in ("connection", "upgrade", *(("cookie",) if self._is_cookieless() else ())):
            headers.pop(name, None)
        if grant.user is not None:
            headers.pop("authorization", None)
        return Request(
            "GET",
            grant.path,
            query,
            headers,
            b"",
            grant.user,
            request_id=command_of(headers),
            caller=caller_of(grant, headers),
        )

    def _is_cookieless(self) -> bool:
        return self._manners.is_beside_a_site


async def serve(host: ClusterHost, grant: Grant, socket: Socket) -> None:
    """Lead one conversation to its end."""
    found = CONNECT_PATH.fullmatch(grant.path)
    if found is None:
        await _serve_reading(host, grant, socket)
        return
    check(grant, "POST")
    if found[1] != "portforward":
        await _serve_command(host, grant, socket)
    elif SPDY_PROTOCOL in socket.offered:
        await socket.accept(SPDY_PROTOCOL)
        await serve_spdy(host, grant, socket)
    elif (protocol := channels.choose(socket.offered, LEGACY_PROTOCOLS)) is not None:
        await serve_channels(host, grant, socket, protocol)
    else:
        raise _unknown_protocol(socket, (SPDY_PROTOCOL, *LEGACY_PROTOCOLS))


async def _serve_command(host: ClusterHost, grant: Grant, socket: Socket) -> None:
    """exec and attach."""
    protocol = channels.choose(socket.offered, channels.REMOTE_COMMAND)
    if protocol is None:
        raise _unknown_protocol(socket, channels.REMOTE_COMMAND)
    answer = await host.call(grant.cluster_id, socket.request(grant))
    await socket.accept(protocol)
    if answer.stream is None:
        await _tell_refusal(socket, answer)
        return
    stream = answer.stream
    heard = asyncio.Event()
    listening = asyncio.ensure_future(_listen(socket, stream, heard))
    try:
        if protocol == channels.REMOTE_COMMAND[0]:
            await asyncio.sleep(_READY_SECONDS)
        else:
            await socket.send(channels.outgoing(protocol, STDOUT, b""))
        while frames := await stream.read():
            for channel, data in _joined(frames):
                if channel == ERROR:
                    final = channels.final(protocol, data)
                    if final is None:
                        continue
                    data = final
                await socket.send(channels.outgoing(protocol, channel, data))
        if not listening.done():
            await _hear(socket, heard)
            await socket.close()
    finally:
        listening.cancel()
        stream.close()


async def _hear(socket: Socket, heard: asyncio.Event) -> None:
    """A command may be over before the client has sent its window's size or the end of its input.

    kubectl complains aloud when the connection closes first, so it gets a moment.
    """
    asked = parse_qs(socket.scope.get("query_string", b"").decode("latin-1"))
    if any(asked.get(name, [""])[0].lower() in ("1", "true") for name in ("stdin", "tty")):
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(heard.wait(), _HEAR_SECONDS)


async def _tell_refusal(socket: Socket, answer: Answer) -> None:
    final = channels.final(socket.protocol, answer.body) or answer.body
    await socket.send(channels.outgoing(socket.protocol, ERROR, final))
    await socket.close()


async def _listen(socket: Socket, stream: Conversation, heard: asyncio.Event) -> None:
    """Pass the client's messages on until it leaves."""
    while (message := await socket.receive()) is not None:
        heard.set()
        said = channels.incoming(socket.protocol, message)
        if isinstance(said, channels.Closing):
            stream.end_input(said.channel)
        elif said is not None and said.channel in (STDIN, RESIZE):
            stream.write(Frame(said.channel, said.data))
    stream.close()


async def _serve_reading(host: ClusterHost, grant: Grant, socket: Socket) -> None:
    """Logs and watches over a WebSocket: a message for each piece."""
    protocol = channels.choose(socket.offered, channels.READING)
    if protocol is None:
        raise _unknown_protocol(socket, channels.READING)
    answer = await host.call(grant.cluster_id, socket.request(grant))
    await socket.accept(protocol)
    if answer.stream is None:
        await _send_piece(socket, answer.body)
        await socket.close()
        return
    leaving = asyncio.ensure_future(_close_when_gone(socket, answer.stream))
    try:
        while frames := await answer.stream.read():
            for frame in frames:
                await _send_piece(socket, frame.data)
        if not leaving.done():
            await socket.close()
    finally:
        leaving.cancel()
        answer.stream.close()


async def _send_piece(socket: Socket, data: bytes) -> None:
    if socket.protocol == "binary.k8s.io":
        await socket.send_bytes(data)
    elif socket.protocol:
        text = channels.base64_text(data)
        await socket.send({"type": "websocket.send", "text": text})
    else:
        text = data.decode("utf-8", "replace")
        await socket.send({"type": "websocket.send", "text": text})


async def _close_when_gone(socket: Socket, stream: Conversation) -> None:
    while await socket.receive() is not None:
        pass
    stream.close()


def _joined(frames: list[Frame]) -> list[tuple[int, bytes]]:
    """Neighbouring frames of one channel as one message."""
    joined: list[tuple[int, bytes]] = []
    for frame in frames:
        if joined and joined[-1][0] == frame.channel != ERROR:
            joined[-1] = (frame.channel, joined[-1][1] + frame.data)
        else:
            joined.append((frame.channel, frame.data))
    return joined


def _unknown_protocol(socket: Socket, known: tuple[str, ...]) -> ApiError:
    offered, spoken = ", ".join(socket.offered), ", ".join(known)
    return bad_request(f"unable to upgrade: offered {offered}; this server speaks {spoken}")
