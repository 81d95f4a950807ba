"""A real server process that can be killed, and a client that speaks as kubectl and a page do."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
_UNLIMITED = (
    "PODYARD_SESSIONS_PER_ADDRESS_MAX",
    "PODYARD_SESSION_STARTS_PER_ADDRESS_MINUTE_MAX",
    "PODYARD_API_REQUESTS_PER_SECOND_MAX",
    "PODYARD_API_REQUESTS_BURST_MAX",
    "PODYARD_SESSIONS_MAX",
)
READY_SECONDS = 60.0


class Down(Exception):
    """The server is not there (any more): whether it has done what was asked is not known."""


class Server:
    """`manage.py serve` on a free port, over a folder of its own."""

    def __init__(self, folder: Path, **settings: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        limits = dict.fromkeys(_UNLIMITED, "1000000")
        self.environment = {
            **os.environ,
            **limits,
            "PODYARD_VAR_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "playground.settings.local",
            **settings,
        }
        self.log = folder / "server.log"
        self._process: subprocess.Popen[str] | None = None
        self._manage("migrate", "-v", "0")

    def _manage(self, *words: str) -> None:
        command = [sys.executable, "manage.py", *words]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True)

    def start(self) -> float:
        """Start it, and wait until it serves; the seconds that took."""
        begin = time.monotonic()
        with self.log.open("a") as log:
            self._process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--port", str(self.port)],
                cwd=ROOT,
                env=self.environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert "serves" in line, f"the server did not start: {self.log.read_text()[-2_000:]}"
        return time.monotonic() - begin

    def kill(self) -> None:
        """From one moment to the next."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        """Politely."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(60)

    async def ask(
        self, method: str, path: str, body: Any = None, token: str = "", kind: str = ""
    ) -> tuple[int, Any]:
        """One request on a connection of its own. Raises Down."""
        data = b"" if body is None else json.dumps(body).encode()
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nConnection: close\r\n"
            f"Content-Type: {kind or 'application/json'}\r\nContent-Length: {len(data)}\r\n"
        )
        if token:
            head += f"Authorization: Bearer {token}\r\n"
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            writer.write(head.encode() + b"\r\n" + data)
            answer = await reader.read()
            writer.close()
        except OSError as error:
            raise Down(str(error)) from error
        start, _, content = answer.partition(b"\r\n\r\n")
        if not start.startswith(b"HTTP/1.1 ") or not _is_whole(start, content):
            raise Down("the answer was cut off")
        return int(start.split()[1]), json.loads(_content(start, content) or b"null")

    async def socket(self, path: str, token: str) -> Socket:
        """A WebSocket. Raises Down."""
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=2**22)
            writer.write(
                f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nUpgrade: websocket\r\n"
                "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                f"Authorization: Bearer {token}\r\n\r\n".encode()
            )
            await reader.readuntil(b"\r\n\r\n")
        except (OSError, asyncio.IncompleteReadError) as error:
            raise Down(str(error)) from error
        return Socket(reader, writer)


@dataclass(slots=True)
class Socket:
    """A WebSocket of a client, texts only."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def send(self, message: dict[str, Any]) -> None:
        """One text."""
        data = json.dumps(message).encode()
        size = len(data)
        head = bytes([0x81, 0x80 | size]) if size < 126 else b"\x81\xfe" + struct.pack(">H", size)
        self.writer.write(head + b"\0\0\0\0" + data)

    async def receive(self) -> dict[str, Any] | None:
        """The next text; None when it is closed. Raises Down."""
        try:
            while True:
                first, length = await self.reader.readexactly(2)
                if length == 126:
                    (length,) = struct.unpack(">H", await self.reader.readexactly(2))
                elif length == 127:
                    (length,) = struct.unpack(">Q", await self.reader.readexactly(8))
                data = await self.reader.readexactly(length)
                if first & 15 == 1:
                    found: dict[str, Any] = json.loads(data)
                    return found
                if first & 15 == 8:
                    return None
        except (OSError, asyncio.IncompleteReadError) as error:
            raise Down(str(error)) from error

    def close(self) -> None:
        """Go."""
        self.writer.close()


def _is_whole(head: bytes, content: bytes) -> bool:
    """Whether all of an answer has come: a killed server leaves pieces."""
    headers = head.lower()
    if b"transfer-encoding: chunked" in headers:
        return content.endswith(b"0\r\n\r\n")
    _, _, rest = headers.partition(b"content-length: ")
    return not rest or len(content) >= int(rest.split(b"\r\n")[0])


def _content(head: bytes, content: bytes) -> bytes:
    if b"transfer-encoding: chunked" not in head.lower():
        return content
    pieces = []
    while content:
        size, _, content = content.partition(b"\r\n")
        length = int(size, 16)
        pieces.append(content[:length])
        content = content[length + 2 :]
    return b"".join(pieces)
