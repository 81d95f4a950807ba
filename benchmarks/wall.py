"""The teacher's wall of a class in which everybody is active.

Students join through the site's doors and each makes a pod now and then with their own address of
the cluster; measured is the time from the request to the frame of the wall that shows the pod, and
from a raised hand to the frame that shows it. Prints one JSON object a line.

usage: wall.py [STUDENTS] [SECONDS] [SECONDS_BETWEEN_ACTS]
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from live_sessions import PODS, ROOT, Site, read_message, report

_COOKIE = "podyard_visitor"


class Person:
    """Somebody with a cookie."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.cookie = ""

    async def ask(self, method: str, path: str, value: Any = None) -> Any:
        """One HTTP request; remembers the cookie that the site gives."""
        body = json.dumps(value).encode() if value is not None else b""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.site.port)
        cookie = f"Cookie: {_COOKIE}={self.cookie}\r\n" if self.cookie else ""
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.site.port}\r\n"
            f"Connection: close\r\nContent-Type: application/json\r\n{cookie}"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        writer.write(head.encode() + body)
        answer = await reader.read()
        writer.close()
        start, _, content = answer.partition(b"\r\n\r\n")
        lines = start.decode().split("\r\n")
        assert lines[0].split()[1] in ("200", "201"), answer[:300]
        for line in lines:
            name, _, given = line.partition(": ")
            if name.lower() == "set-cookie" and given.startswith(_COOKIE):
                self.cookie = given.split("=", 1)[1].split(";")[0].strip('"')
        return json.loads(content)

    async def socket(self, path: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A WebSocket of the person's page."""
        port = self.site.port
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**23)
        writer.write(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nOrigin: http://127.0.0.1:{port}\r\n"
            f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            f"Cookie: {_COOKIE}={self.cookie}\r\n\r\n".encode()
        )
        await reader.readuntil(b"\r\n\r\n")
        return reader, writer


class Teacher(Person):
    """Makes the room and looks at the wall."""

    def __init__(self, site: Site, folder: str) -> None:
        super().__init__(site)
        self._folder = folder
        self.room: dict[str, Any] = {}
        self.latencies: list[float] = []
        self.hands: list[float] = []
        self.frames = self.bytes = 0
        self._pods: dict[str, dict[int, float]] = {}
        self._hands: dict[str, float] = {}

    async def begin(self, seats: int) -> None:
        """By a one-time link, a room with lots of seats, all made ready."""
        command = [sys.executable, "manage.py", "invite", "--right", "teach", "--url", ""]
        environment = {**os.environ, "PODYARD_VAR_DIR": self._folder}
        link = subprocess.run(
            command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
        ).stdout.strip()
        await self._redeem(link)
        wishes = {"title": "A large class", "seats": seats, "nodes": 3}
        self.room = await self.ask("POST", "/api/v1/classrooms", wishes)

    async def _redeem(self, link: str) -> None:
        """The form of the link, as a browser without scripts posts it."""
        jar = tempfile.NamedTemporaryFile(prefix="podyard-jar-")  # noqa: SIM115
        url = f"http://127.0.0.1:{self.site.port}{link}"
        curl = ["curl", "-sS", "-b", jar.name, "-c", jar.name]
        page = subprocess.run([*curl, url], capture_output=True, text=True, check=True).stdout
        token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
        origin = f"Origin: http://127.0.0.1:{self.site.port}"
        form = ["-H", origin, "--data-urlencode", f"csrfmiddlewaretoken={token}", "-o", "/dev/null"]
        subprocess.run([*curl, *form, url], check=True)
        for line in Path(jar.name).read_text().splitlines():
            if f"\t{_COOKIE}\t" in line:
                self.cookie = line.split("\t")[-1].strip('"')
        jar.close()

    def expect_pods(self, student: str, count: int) -> None:
        """That student will have so many pods, from now."""
        self._pods.setdefault(student, {})[count] = time.perf_counter()

    def expect_hand(self, student: str) -> None:
        """That student will have a hand up, from now."""
        self._hands[student] = time.perf_counter()

    async def look(self) -> None:
        """The wall, for ever."""
        reader, writer = await self.socket(f"/ws/classrooms/{self.room['id']}/wall/")
        while True:
            kind, data = await read_message(reader)
            if kind == 9:
                writer.write(b"\x8a\x80\0\0\0\0")
            if kind != 1:
                continue
            self.frames += 1
            self.bytes += len(data)
            for student in json.loads(data).get("set", ()):
                self._see(student)

    def _see(self, student: dict[str, Any]) -> None:
        now = time.perf_counter()
        shown = len(student["unplaced"]) + sum(len(node["pods"]) for node in student["nodes"])
        waiting = self._pods.get(student["id"], {})
        for count in [count for count in waiting if count <= shown]:
            self.latencies.append(now - waiting.pop(count))
        if student["hand"] and student["id"] in self._hands:
            self.hands.append(now - self._hands.pop(student["id"]))


async def study(
    student: Person, teacher: Teacher, seat: dict[str, Any], seconds: float, pause: float
) -> None:
    """One student at work."""
    session = seat["url"].split("/")[2]
    server = (await student.ask("GET", f"/api/v1/sessions/{session}"))["server"]
    server = "/" + server.split("/", 3)[3]
    name = seat["student"]["id"]
    await asyncio.sleep(random.random() * pause)
    end, count = time.perf_counter() + seconds, 0
    while time.perf_counter() < end:
        count += 1
        pod = {"containers": [{"name": "web", "image": "nginx"}]}
        teacher.expect_pods(name, count)
        await student.ask(
            "POST",
            server + PODS,
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": f"p{count}"}, "spec": pod},
        )
        if count == 2:
            teacher.expect_hand(name)
            path = f"/api/v1/classrooms/{teacher.room['id']}/seat"
            await student.ask("POST", path, {"action": "raise-hand"})
        await asyncio.sleep(pause * (0.5 + random.random()))


async def measure(site: Site, folder: str, count: int, seconds: float, pause: float) -> None:
    """Everything, in order."""
    teacher = Teacher(site, folder)
    await teacher.begin(count)
    await asyncio.sleep(0.1 * count)
    students = [Person(site) for _ in range(count)]
    begin = time.perf_counter()
    code = teacher.room["code"]
    await asyncio.gather(
        *(
            one.ask("POST", "/api/v1/classrooms/join", {"code": code, "name": f"Student {number}"})
            for number, one in enumerate(students, 1)
        )
    )
    joined = time.perf_counter()
    path = f"/api/v1/classrooms/{teacher.room['id']}"
    await teacher.ask("POST", f"{path}/actions", {"action": "start"})
    started = time.perf_counter()
    seats = [await one.ask("GET", f"{path}/seat") for one in students]
    pages = [await one.socket(f"/ws/classrooms/{teacher.room['id']}/seat/") for one in students]
    wall = asyncio.create_task(teacher.look())
    await asyncio.sleep(2)
    report(
        "class-begins",
        students=count,
        join_ms=round((joined - begin) * 1000),
        start_ms=round((started - joined) * 1000),
        mib=round(site.resident_mib()),
    )
    teacher.frames, teacher.bytes, before = 0, 0, site.cpu_seconds()
    begin = time.perf_counter()
    await asyncio.gather(
        *(study(one, teacher, seat, seconds, pause) for one, seat in zip(students, seats))
    )
    await asyncio.sleep(1)
    spent = time.perf_counter() - begin
    ordered, hands = sorted(teacher.latencies), sorted(teacher.hands)
    report(
        "wall",
        students=count,
        writes_per_second=round(len(ordered) / spent, 1),
        frames_per_second=round(teacher.frames / spent, 1),
        kib_per_second=round(teacher.bytes / spent / 1024, 1),
        core_percent=round(100 * (site.cpu_seconds() - before) / spent, 1),
        write_to_wall_p50_ms=round(ordered[len(ordered) // 2] * 1000),
        write_to_wall_p99_ms=round(ordered[int(len(ordered) * 0.99)] * 1000),
        write_to_wall_max_ms=round(ordered[-1] * 1000),
        hand_to_wall_max_ms=round(hands[-1] * 1000) if hands else None,
        unseen=sum(len(waiting) for waiting in teacher._pods.values()),
        mib=round(site.resident_mib()),
    )
    wall.cancel()
    for _, writer in pages:
        writer.close()


def main() -> None:
    """Measure."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 20
    pause = float(sys.argv[3]) if len(sys.argv) > 3 else 3
    with tempfile.TemporaryDirectory(prefix="podyard-bench-") as folder:
        site = Site(folder)
        try:
            asyncio.run(measure(site, folder, count, seconds, pause))
        finally:
            site.stop()


if __name__ == "__main__":
    main()
