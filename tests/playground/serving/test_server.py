"""The site's server with a reader that stalls: little waits in memory, and nothing is lost."""

from __future__ import annotations

import contextlib
import json
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

FLOOD = Path(__file__).with_name("flood.py")
CHUNK_BYTES, CHUNKS = 64 * 1024, 400
#: The socket buffers of both sides, and ours, in chunks.
IN_FLIGHT_MAX = 250
HANDSHAKE = (
    b"GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    """Where the flooding site listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, str(FLOOD), str(number)],
        cwd=settings.ROOT,
        env={"PYTHONPATH": str(settings.ROOT), "PATH": "/usr/bin:/bin"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    yield number
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0


def chunks_sent(port: int) -> int:
    """What the site has sent, once that stands still."""
    before = -1
    for _ in range(100):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/count", timeout=5) as answer:
            now = int(answer.read())
        if now == before > 0:
            return now
        before = now
        time.sleep(0.1)
    raise AssertionError("the site never stops sending")


@pytest.mark.parametrize("opening", [REQUEST, HANDSHAKE], ids=["http", "websocket"])
def test_a_stalled_reader_is_waited_for_and_gets_everything(port: int, opening: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(opening)
        assert chunks_sent(port) < IN_FLIGHT_MAX
        received = 0
        while piece := connection.recv(1 << 20):
            received += len(piece)
            if received >= CHUNKS * CHUNK_BYTES and opening == HANDSHAKE:
                break
    assert received >= CHUNKS * CHUNK_BYTES
    assert chunks_sent(port) == CHUNKS


def test_a_too_large_body_is_told_so_in_both_forms(port: int) -> None:
    length = 1 << 40
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        head = f"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n\r\n"
        connection.sendall(head.encode())
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    head_bytes, _, body = answer.partition(b"\r\n\r\n")
    told = json.loads(body)
    assert head_bytes.startswith(b"HTTP/1.1 413 ")
    assert (told["kind"], told["code"]) == ("Status", 413)
    assert told["error"]["code"] == "too-large"


@pytest.mark.parametrize(
    "opening",
    [
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000000000\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
    ids=["announced", "in chunks"],
)
def test_a_body_without_end_is_cut_off(port: int, opening: bytes) -> None:
    piece = bytes(256 * 1024)
    chunk = b"%x\r\n%s\r\n" % (len(piece), piece)
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(opening)
        sent = 0
        with contextlib.suppress(ConnectionError):
            while sent < 64 * 1024 * 1024:
                connection.sendall(chunk)
                sent += len(piece)
    assert sent < 32 * 1024 * 1024
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/count", timeout=5) as answer:
        assert answer.status == 200


POST = b"POST /count HTTP/1.1\r\nHost: localhost\r\n"
HIDDEN = b"GET /count HTTP/1.1\r\nHost: localhost\r\nX: "


@pytest.mark.parametrize(
    "request_bytes",
    [
        POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + HIDDEN,
        POST + b"Content-Length: 0\r\nContent-Length: 5\r\n\r\n" + HIDDEN,
        POST + b"Content-Length: +5\r\n\r\nabcde",
        POST + b"Content-Length: -5\r\n\r\nabcde",
        POST + b"Content-Length: 0, 5\r\n\r\nabcde",
        POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        POST + b"Transfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n",
        POST + b"X: a\x00b\r\n\r\n",
    ],
    ids=[
        "a length and chunks",
        "two lengths",
        "a length with a plus",
        "a negative length",
        "a list of lengths",
        "an unknown coding",
        "a space before the colon",
        "a chunk's length in another form",
        "a header with a zero byte",
    ],
)
def test_a_request_that_two_servers_could_read_differently_is_refused(
    port: int, request_bytes: bytes
) -> None:
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(request_bytes)
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.count(b"HTTP/1.1 ") == 1
