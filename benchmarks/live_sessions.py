"""Many live sessions with one viewer each, a tenth of them active.

Memory, idle cost, frame latency. Starts the site in a process of its own and speaks to it as
browsers do. Prints one JSON object a line. usage: live_sessions.py [SESSIONS] [SECONDS]
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import resource
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PAGE_BYTES = resource.getpagesize()
TICKS = os.sysconf("SC_CLK_TCK")
PODS = "/api/v1/namespaces/default/pods"
UNLIMITED = (
    "PODYARD_SESSIONS_PER_ADDRESS_MAX",
    "PODYARD_SESSION_STARTS_PER_ADDRESS_MINUTE_MAX",
    "PODYARD_API_REQUESTS_PER_SECOND_MAX",
    "PODYARD_SESSIONS_MAX",
)


def report(name: str, **numbers: Any) -> None:
    """Print one result."""
    print(json.dumps({"benchmark": name, **numbers}), flush=True)


class Site:
    """The site under test, and what it costs."""

    def __init__(self, folder: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        limits = dict.fromkeys(UNLIMITED, "1000000")
        environment = {**os.environ, **limits, "PODYARD_VAR_DIR": folder}
        manage = [sys.executable, "manage.py"]
        subprocess.run([*manage, "migrate", "-v", "0"], cwd=ROOT, env=environment, check=True)
        self.process = subprocess.Popen(
            [*manage, "serve", "--port", str(self.port)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.process.stdout.readline()

    def cpu_seconds(self) -> float:
        """Spent so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / TICKS

    def resident_mib(self) -> float:
        """Resident memory."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * PAGE_BYTES / 2**20

    def stop(self) -> None:
        """End it."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)

    async def ask(self, method: str, path: str, value: Any = None) -> Any:
        """One HTTP request on a connection of its own."""
        body = json.dumps(value or {}).encode()
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nConnection: close\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        answer = await reader.read()
        writer.close()
        start, _, content = answer.partition(b"\r\n\r\n")
        assert start.split()[1] in (b"200", b"201"), answer[:300]
        return json.loads(content)


class Load:
    """The visitors."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.sessions: list[dict[str, Any]] = []
        self.latencies: list[float] = []
        self.frames = 0
        self._written: dict[tuple[str, str], float] = {}

    async def start(self, count: int) -> None:
        """Start sessions, a few at a time."""
        before, begin = self.site.resident_mib(), time.perf_counter()
        while len(self.sessions) < count:
            batch = [self.site.ask("POST", "/api/v1/sessions") for _ in range(4)]
            self.sessions += await asyncio.gather(*batch)
        spent = time.perf_counter() - begin
        report(
            "sessions-start",
            sessions=len(self.sessions),
            ms_each=round(spent * 1000 / len(self.sessions), 1),
            mib_each=round((self.site.resident_mib() - before) / len(self.sessions), 3),
        )

    async def look(self, session: dict[str, Any]) -> None:
        """One viewer, for ever."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.site.port, limit=2**22)
        writer.write(
            f"GET /ws/sessions/{session['id']}/ HTTP/1.1\r\nHost: 127.0.0.1:{self.site.port}\r\n"
            f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            f"Authorization: Bearer {session['token']}\r\n\r\n".encode()
        )
        await reader.readuntil(b"\r\n\r\n")
        while True:
            kind, data = await read_message(reader)
            if kind == 9:
                writer.write(b"\x8a\x80\0\0\0\0")
            if kind != 1:
                continue
            self.frames += 1
            frame = json.loads(data)
            if frame["type"] == "delta":
                for key in frame.get("set", {}).get("pods", {}):
                    written = self._written.pop((session["id"], key), None)
                    if written is not None:
                        self.latencies.append(time.perf_counter() - written)

    async def act(self, session: dict[str, Any], seconds: float) -> None:
        """One active visitor: a new pod every two seconds."""
        server = f"/k8s/{session['id']}/{session['token']}"
        end = time.perf_counter() + seconds
        await asyncio.sleep(random.random() * 2)
        number = 0
        while time.perf_counter() < end:
            pod = {"containers": [{"name": "web", "image": "nginx"}]}
            name = f"p{number}"
            self._written[session["id"], f"default/{name}"] = time.perf_counter()
            await self.site.ask(
                "POST",
                server + PODS,
                {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": pod},
            )
            number += 1
            await asyncio.sleep(2)

    async def rest(self, name: str, seconds: float = 5) -> None:
        """What standing still costs."""
        before = self.site.cpu_seconds()
        await asyncio.sleep(seconds)
        used = (self.site.cpu_seconds() - before) / seconds
        report(name, core_percent=round(100 * used, 2), mib=round(self.site.resident_mib()))


async def read_message(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """One WebSocket frame of a server: its kind and its data."""
    first, length = await reader.readexactly(2)
    if length == 126:
        (length,) = struct.unpack(">H", await reader.readexactly(2))
    elif length == 127:
        (length,) = struct.unpack(">Q", await reader.readexactly(8))
    return first & 15, await reader.readexactly(length)


async def measure(site: Site, count: int, seconds: float) -> None:
    """Everything, in order."""
    load = Load(site)
    await load.start(count)
    await load.rest("sessions-idle")
    viewers = [asyncio.create_task(load.look(session)) for session in load.sessions]
    await asyncio.sleep(3 + count / 150)
    await load.rest("sessions-idle-with-viewers")
    load.frames, before, begin = 0, site.cpu_seconds(), time.perf_counter()
    active = load.sessions[::10]
    await asyncio.gather(*(load.act(session, seconds) for session in active))
    spent = time.perf_counter() - begin
    ordered = sorted(load.latencies)
    report(
        "sessions-active",
        active=len(active),
        writes_per_second=round(len(ordered) / spent, 1),
        frames_per_second=round(load.frames / spent, 1),
        core_percent=round(100 * (site.cpu_seconds() - before) / spent, 1),
        write_to_frame_p50_ms=round(ordered[len(ordered) // 2] * 1000, 1),
        write_to_frame_p99_ms=round(ordered[int(len(ordered) * 0.99)] * 1000, 1),
    )
    for viewer in viewers:
        viewer.cancel()


def main() -> None:
    """Measure."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 20
    files_max = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (files_max, files_max))
    with tempfile.TemporaryDirectory(prefix="podyard-bench-") as folder:
        site = Site(folder)
        try:
            asyncio.run(measure(site, count, seconds))
        finally:
            site.stop()


if __name__ == "__main__":
    main()
