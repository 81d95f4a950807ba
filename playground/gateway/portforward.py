"""Port-forward over a WebSocket: SPDY/3.1 tunnelled in it (kubectl), or channel pairs (older).

Each forwarded connection is a stream of the cluster, asked for when its data stream opens.
Models: k8s.io/apimachinery/pkg/util/httpstream/wsstream, k8s.io/kubelet portforward (v0.37.2).
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Coroutine
from typing import Any, Protocol
from urllib.parse import parse_qs, urlencode

import orjson

from cluster_engine.apimachinery.errors import bad_request
from cluster_engine.apiserver.requests import ERROR, STDIN, Frame, Request
from playground.gateway import channels, spdy
from playground.gateway.door import Grant
from playground.hosting.host import ClusterHost, Conversation

SPDY_PROTOCOL = "SPDY/3.1+portforward.k8s.io"
LEGACY_PROTOCOLS = ("v4.channel.k8s.io", "v4.base64.channel.k8s.io")
_PORTS_MAX = 100


class _Socket(Protocol):
    scope: Any

    async def accept(self, protocol: str) -> None: ...
    async def receive(self) -> dict[str, Any] | None: ...
    async def send(self, message: dict[str, Any]) -> None: ...
    async def send_bytes(self, data: bytes) -> None: ...
    async def close(self, code: int = 1000) -> None: ...
    def request(self, grant: Grant, query: str | None = None) -> Request: ...


class _Connections:
    """The cluster's streams behind one port-forward, and the tasks that read them."""

    def __init__(self, host: ClusterHost, grant: Grant, socket: _Socket) -> None:
        self._host = host
        self._grant = grant
        self._socket = socket
        self._tasks: set[asyncio.Task[None]] = set()
        self.streams: dict[int, Conversation] = {}

    async def open(self, key: int, port: int) -> str:
        """Connect to a port of the pod; the text of the refusal, empty when it worked."""
        request = self._socket.request(self._grant, urlencode({"ports": port}))
        answer = await self._host.call(self._grant.cluster_id, request)
        if answer.stream is None:
            return str(orjson.loads(answer.body).get("message", "connection refused"))
        self.streams[key] = answer.stream
        return ""

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run beside."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def drop(self, key: int) -> None:
        """End one connection."""
        stream = self.streams.pop(key, None)
        if stream is not None:
            stream.close()

    def close(self) -> None:
        """End everything."""
        for key in list(self.streams):
            self.drop(key)
        for task in list(self._tasks):
            task.cancel()


async def serve_spdy(host: ClusterHost, grant: Grant, socket: _Socket) -> None:
    """Lead one tunnelled SPDY conversation."""
    tunnel = _Tunnel(_Connections(host, grant, socket), socket)
    try:
        while (message := await socket.receive()) is not None:
            for event in tunnel.session.feed(message.get("bytes") or b""):
                await tunnel.handle(event)
    except spdy.SpdyError:
        await socket.close(1002)
    finally:
        tunnel.connections.close()


class _Tunnel:
    """Pairs the error and data streams of each connection by their request id."""

    def __init__(self, connections: _Connections, socket: _Socket) -> None:
        self.session = spdy.Session()
        self.connections = connections
        self._socket = socket
        self._error_streams: dict[str, int] = {}

    async def handle(self, event: spdy.Event) -> None:
        """Act on what the client sent."""
        if isinstance(event, spdy.StreamOpened):
            await self._opened(event)
        elif isinstance(event, spdy.DataReceived):
            stream = self.connections.streams.get(event.stream_id)
            if stream is not None:
                if event.data:
                    stream.write(Frame(STDIN, event.data))
                if event.is_last:
                    stream.end_input()
        elif isinstance(event, spdy.StreamReset):
            self.connections.drop(event.stream_id)
        elif isinstance(event, spdy.PingReceived):
            await self._socket.send_bytes(self.session.ping(event.ping_id))

    async def _opened(self, event: spdy.StreamOpened) -> None:
        kind = event.headers.get("streamtype")
        request_id = event.headers.get("requestid", "")
        if kind == "error":
            self._error_streams[request_id] = event.stream_id
            await self._socket.send_bytes(self.session.reply(event.stream_id))
            return
        port = _port(event.headers.get("port", ""))
        if kind != "data" or port is None:
            await self._socket.send_bytes(self.session.reset(event.stream_id, 1))
            return
        await self._socket.send_bytes(self.session.reply(event.stream_id))
        error_id = self._error_streams.pop(request_id, None)
        refusal = await self.connections.open(event.stream_id, port)
        if refusal:
            await self._end(event.stream_id, error_id, refusal)
        else:
            stream = self.connections.streams[event.stream_id]
            self.connections.spawn(self._pass_on(event.stream_id, error_id, stream))

    async def _pass_on(self, data_id: int, error_id: int | None, stream: Conversation) -> None:
        trouble = ""
        while frames := await stream.read():
            for frame in frames:
                if frame.channel == ERROR:
                    trouble = _message(frame.data)
                elif frame.data:
                    await self._socket.send_bytes(self.session.data(data_id, frame.data))
        self.connections.drop(data_id)
        await self._end(data_id, error_id, trouble)

    async def _end(self, data_id: int, error_id: int | None, trouble: str) -> None:
        last = b""
        if error_id is not None:
            last = self.session.data(error_id, trouble.encode(), is_last=True)
        await self._socket.send_bytes(last + self.session.data(data_id, b"", is_last=True))


async def serve_channels(host: ClusterHost, grant: Grant, socket: _Socket, protocol: str) -> None:
    """Lead one conversation of channel pairs: data 2n, error 2n + 1, for the nth port asked."""
    ports = _asked_ports(socket.scope.get("query_string", b"").decode("latin-1"))
    await socket.accept(protocol)
    connections = _Connections(host, grant, socket)
    try:
        for index, port in enumerate(ports):
            hello = struct.pack("<H", port)
            for channel in (2 * index, 2 * index + 1):
                await socket.send(channels.outgoing(protocol, channel, hello))
            refusal = await connections.open(2 * index, port)
            if refusal:
                await socket.send(channels.outgoing(protocol, 2 * index + 1, refusal.encode()))
            else:
                stream = connections.streams[2 * index]
                connections.spawn(_pass_channel(socket, protocol, 2 * index, stream))
        while (message := await socket.receive()) is not None:
            said = channels.incoming(protocol, message)
            if isinstance(said, channels.Incoming) and said.channel in connections.streams:
                connections.streams[said.channel].write(Frame(STDIN, said.data))
    finally:
        connections.close()


async def _pass_channel(socket: _Socket, protocol: str, channel: int, stream: Conversation) -> None:
    while frames := await stream.read():
        for frame in frames:
            is_error = frame.channel == ERROR
            data = _message(frame.data).encode() if is_error else frame.data
            if data:
                await socket.send(channels.outgoing(protocol, channel + is_error, data))
    await socket.close()


def _asked_ports(query: str) -> list[int]:
    texts = [text for value in parse_qs(query).get("ports", []) for text in value.split(",")]
    ports = [_port(text) for text in texts]
    found = [port for port in ports if port is not None]
    if not found or len(found) != len(ports) or len(found) > _PORTS_MAX:
        raise bad_request(f"ports: give 1 to {_PORTS_MAX} port numbers from 1 to 65535")
    return found


def _port(text: str) -> int | None:
    if not text.isascii() or not text.isdigit() or len(text) > 5:
        return None
    return int(text) if 1 <= int(text) <= 65535 else None


def _message(data: bytes) -> str:
    """The text of a Status that may be a plain text already; empty for success."""
    if not data.startswith(b"{"):
        return data.decode("utf-8", "replace")
    try:
        status = orjson.loads(data)
    except orjson.JSONDecodeError:
        return data.decode("utf-8", "replace")
    return "" if status.get("status") == "Success" else str(status.get("message", ""))
