"""The gateway's WebSocket side: exec, logs, port-forward, refusals inside the conversation."""

from __future__ import annotations

import base64
import json
import struct
import zlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
from channels.testing import WebsocketCommunicator

from cluster_engine.apiserver.requests import (
    ERROR,
    RESIZE,
    STDERR,
    STDIN,
    STDOUT,
    Frame,
    Request,
    Response,
)
from playground.gateway.spdy_dictionary import DICTIONARY
from tests.playground.fakes import FakeStream
from tests.playground.gateway.test_http import Site, make_site

EXEC = "/api/v1/namespaces/default/pods/web/exec?command=sh"
FORWARD = "/api/v1/namespaces/default/pods/web/portforward"
SUCCESS = b'{"kind":"Status","status":"Success"}'
FAILURE = (
    b'{"kind":"Status","status":"Failure","reason":"NonZeroExitCode","message":"command '
    b'terminated with non-zero exit code"}'
)
REFUSAL = b'{"kind":"Status","status":"Failure","reason":"Forbidden","message":"no","code":403}'


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    made = await make_site()

    def answer(request: Request) -> Response:
        made.requests.append(request)  # type: ignore[attr-defined]
        if "/denied/" in request.path:
            return Response(403, REFUSAL)
        stream = FakeStream()
        made.engine.streams.append(stream)
        return Response(200, stream=stream)

    made.requests = []  # type: ignore[attr-defined]
    made.engine.answer = answer
    yield made
    await made.host.close_all()


async def connect(site: Site, path: str, *protocols: str) -> tuple[WebsocketCommunicator, str]:
    talk = WebsocketCommunicator(site.gateway, path, subprotocols=list(protocols))
    is_open, protocol = await talk.connect(1)
    assert is_open
    return talk, protocol or ""


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (("v5.channel.k8s.io",), "v5.channel.k8s.io"),
        (("v4.channel.k8s.io", "v5.channel.k8s.io"), "v5.channel.k8s.io"),
        (("channel.k8s.io", "v4.channel.k8s.io"), "v4.channel.k8s.io"),
        (("channel.k8s.io",), "channel.k8s.io"),
    ],
    ids=["v5", "v5 before v4", "v4 before v1", "v1"],
)
async def test_the_newest_protocol_is_spoken(
    site: Site, offered: tuple[str, ...], chosen: str
) -> None:
    talk, protocol = await connect(site, EXEC, *offered)
    assert protocol == chosen
    await talk.disconnect()


async def test_an_exec_goes_both_ways_and_ends_with_its_status(site: Site) -> None:
    talk, _ = await connect(site, EXEC, "v5.channel.k8s.io")
    stream = site.engine.streams[0]
    await talk.send_to(bytes_data=b"\x00hello")
    await talk.send_to(bytes_data=b'\x04{"Width":80,"Height":24}')
    await talk.send_to(bytes_data=b"\xff\x00")
    stream.put(b"out")
    assert await talk.receive_from(1) == b"\x01out"
    stream.put(b"err", STDERR)
    assert await talk.receive_from(1) == b"\x02err"
    assert stream.written == [
        Frame(STDIN, b"hello"),
        Frame(RESIZE, b'{"Width":80,"Height":24}'),
        Frame(STDIN, b""),
    ]
    stream.put(FAILURE, ERROR)
    stream.finish()
    assert await talk.receive_from(1) == b"\x03" + FAILURE
    assert await talk.receive_output(1) == {"type": "websocket.close", "code": 1000}
    assert stream.is_closed


async def test_a_refused_exec_is_accepted_and_told(site: Site) -> None:
    path = EXEC.replace("default", "denied")
    talk, protocol = await connect(site, path, "v5.channel.k8s.io")
    assert protocol == "v5.channel.k8s.io"
    assert await talk.receive_from(1) == b"\x03" + REFUSAL
    assert (await talk.receive_output(1))["code"] == 1000


async def test_a_stranger_is_told_inside_too(site: Site) -> None:
    site.door.is_closed = True
    talk, _ = await connect(site, EXEC, "v5.channel.k8s.io")
    message = await talk.receive_from(1)
    assert message[:1] == b"\x03"
    assert json.loads(message[1:])["code"] == 401


@pytest.mark.parametrize(
    ("status", "messages"),
    [(SUCCESS, []), (FAILURE, [b"\x03command terminated with non-zero exit code"])],
    ids=["success says nothing", "failure is a text"],
)
async def test_the_oldest_protocol_ends_in_words(
    site: Site, status: bytes, messages: list[bytes]
) -> None:
    talk, _ = await connect(site, EXEC, "channel.k8s.io")
    assert await talk.receive_from(1) == b"\x01"
    site.engine.streams[0].put(status, ERROR)
    site.engine.streams[0].finish()
    for message in messages:
        assert await talk.receive_from(1) == message
    assert (await talk.receive_output(1))["type"] == "websocket.close"


async def test_base64_protocols_are_text(site: Site) -> None:
    talk, _ = await connect(site, EXEC, "v4.base64.channel.k8s.io")
    assert await talk.receive_from(1) == "1"
    await talk.send_to(text_data="0" + base64.b64encode(b"in").decode())
    site.engine.streams[0].put(b"out")
    assert await talk.receive_from(1) == "1" + base64.b64encode(b"out").decode()
    assert site.engine.streams[0].written == [Frame(STDIN, b"in")]
    await talk.disconnect()


async def test_a_client_that_goes_closes_its_exec(site: Site) -> None:
    talk, _ = await connect(site, EXEC, "v5.channel.k8s.io")
    await talk.disconnect()
    assert site.engine.streams[0].is_closed


@pytest.mark.parametrize(
    ("protocol", "message"),
    [("binary.k8s.io", b"line\n"), ("base64.binary.k8s.io", "bGluZQo="), ("", "line\n")],
    ids=["binary", "base64", "text"],
)
async def test_logs_can_be_read_over_a_websocket(
    site: Site, protocol: str, message: bytes | str
) -> None:
    path = "/api/v1/namespaces/default/pods/web/log"
    talk, _ = await connect(site, path, *([protocol] if protocol else []))
    site.engine.streams[0].put(b"line\n")
    assert await talk.receive_from(1) == message
    site.engine.streams[0].finish()
    assert (await talk.receive_output(1))["type"] == "websocket.close"


async def test_old_port_forwards_use_pairs_of_channels(site: Site) -> None:
    talk, _ = await connect(site, f"{FORWARD}?ports=80", "v4.channel.k8s.io")
    assert await talk.receive_from(1) == b"\x00" + struct.pack("<H", 80)
    assert await talk.receive_from(1) == b"\x01" + struct.pack("<H", 80)
    await talk.send_to(bytes_data=b"\x00GET /")
    site.engine.streams[0].put(b"200")
    assert await talk.receive_from(1) == b"\x00200"
    assert site.engine.streams[0].written == [Frame(STDIN, b"GET /")]
    await talk.disconnect()


class SpdyClient:
    """As kubectl speaks it, as far as these tests need."""

    def __init__(self, talk: WebsocketCommunicator) -> None:
        self._talk = talk
        self._packer = zlib.compressobj(zdict=DICTIONARY)
        self._unpacker = zlib.decompressobj(zdict=DICTIONARY)
        self._bytes = b""

    async def open(self, stream_id: int, *, is_last: bool = False, **headers: str) -> None:
        plain = struct.pack(">I", len(headers))
        for name, value in headers.items():
            plain += struct.pack(">I", len(name)) + name.encode()
            plain += struct.pack(">I", len(value)) + value.encode()
        block = self._packer.compress(plain) + self._packer.flush(zlib.Z_SYNC_FLUSH)
        body = struct.pack(">IIH", stream_id, 0, 0) + block
        await self.send(1, body, flags=int(is_last))

    async def send(self, kind: int, body: bytes, flags: int = 0) -> None:
        frame = struct.pack(">HHI", 0x8003, kind, flags << 24 | len(body)) + body
        await self._talk.send_to(bytes_data=frame[:5])
        await self._talk.send_to(bytes_data=frame[5:])

    async def data(self, stream_id: int, data: bytes) -> None:
        await self._talk.send_to(bytes_data=struct.pack(">II", stream_id, len(data)) + data)

    async def frame(self) -> tuple[str, int, int, bytes]:
        while True:
            if len(self._bytes) >= 8:
                word, rest = struct.unpack_from(">II", self._bytes)
                length = rest & 0xFFFFFF
                if len(self._bytes) >= 8 + length:
                    body, self._bytes = self._bytes[8 : 8 + length], self._bytes[8 + length :]
                    if word >> 31:
                        return "control", word & 0xFFFF, rest >> 24, body
                    return "data", word, rest >> 24, body
            received: Any = await self._talk.receive_from(1)
            self._bytes += received


async def forward(site: Site, path: str = FORWARD) -> SpdyClient:
    talk, protocol = await connect(site, path, "SPDY/3.1+portforward.k8s.io")
    assert protocol == "SPDY/3.1+portforward.k8s.io"
    return SpdyClient(talk)


async def test_port_forward_pairs_streams_and_carries_bytes_both_ways(site: Site) -> None:
    client = await forward(site)
    ask = {"port": "8080", "requestid": "0"}
    await client.open(1, is_last=True, streamtype="error", **ask)
    assert (await client.frame())[:2] == ("control", 2)
    await client.open(3, streamtype="data", **ask)
    assert (await client.frame())[:2] == ("control", 2)
    await client.data(3, b"GET / HTTP/1.0\r\n\r\n")
    site.engine.streams[0].put(b"HTTP/1.0 200 OK\r\n")
    assert await client.frame() == ("data", 3, 0, b"HTTP/1.0 200 OK\r\n")
    assert site.engine.streams[0].written == [Frame(STDIN, b"GET / HTTP/1.0\r\n\r\n")]
    assert site.requests[0].query == "ports=8080"  # type: ignore[attr-defined]
    site.engine.streams[0].finish()
    assert await client.frame() == ("data", 1, 1, b"")
    assert await client.frame() == ("data", 3, 1, b"")


async def test_port_forward_connections_interleave(site: Site) -> None:
    client = await forward(site)
    for request_id, (error_id, data_id) in (("0", (1, 3)), ("1", (5, 7))):
        ask = {"port": "80", "requestid": request_id}
        await client.open(error_id, is_last=True, streamtype="error", **ask)
        await client.frame()
        await client.open(data_id, streamtype="data", **ask)
        await client.frame()
    site.engine.streams[1].put(b"second")
    site.engine.streams[0].put(b"first")
    frames = {await client.frame(), await client.frame()}
    assert frames == {("data", 7, 0, b"second"), ("data", 3, 0, b"first")}


async def test_a_refused_port_is_told_on_the_error_stream(site: Site) -> None:
    client = await forward(site, FORWARD.replace("default", "denied"))
    ask = {"port": "80", "requestid": "0"}
    await client.open(1, is_last=True, streamtype="error", **ask)
    await client.frame()
    await client.open(3, streamtype="data", **ask)
    await client.frame()
    assert await client.frame() == ("data", 1, 1, b"no")
    assert await client.frame() == ("data", 3, 1, b"")


async def test_pings_are_answered(site: Site) -> None:
    client = await forward(site)
    await client.send(6, struct.pack(">I", 7))
    assert await client.frame() == ("control", 6, 0, struct.pack(">I", 7))


async def test_noise_on_a_port_forward_closes_it(site: Site) -> None:
    talk, _ = await connect(site, FORWARD, "SPDY/3.1+portforward.k8s.io")
    await talk.send_to(bytes_data=b"\x80\x02\x00\x01\x00\x00\x00\x00")
    assert (await talk.receive_output(1))["code"] == 1002


async def test_stdout_is_named_even_when_empty(site: Site) -> None:
    talk, _ = await connect(site, EXEC, "v4.channel.k8s.io")
    assert await talk.receive_from(1) == bytes((STDOUT,))
    await talk.disconnect()


async def test_a_command_that_is_over_at_once_lets_its_client_finish_speaking(site: Site) -> None:
    talk, _ = await connect(site, EXEC + "&stdin=true&tty=true", "v5.channel.k8s.io")
    site.engine.streams[0].put(SUCCESS, ERROR)
    site.engine.streams[0].finish()
    assert await talk.receive_from(1) == b"\x03" + SUCCESS
    assert await talk.receive_nothing(0.05)
    await talk.send_to(bytes_data=b'\x04{"Width":80,"Height":24}')
    assert await talk.receive_output(1) == {"type": "websocket.close", "code": 1000}
