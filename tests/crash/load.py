"""Writers that remember what was acknowledged to them, and check it after a crash.

What was asked when the server died may have been done or not; everything before must be there, and
nothing that was never asked for.
"""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass, field
from typing import Any

from tests.crash.site import Down, Server, Socket

_CONFIGS = "/api/v1/namespaces/default/configmaps"
_DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments"
_MERGE = "application/merge-patch+json"
_GONE = -1
#: Most lines of a terminal that are looked for in its scrollback.
_LINES_MAX = 500
_PATIENCE_SECONDS = 20.0


@dataclass
class Loss(Exception):
    """Something acknowledged is not there."""

    session: str
    what: str

    def __str__(self) -> str:
        return f"{self.session}: {self.what}"


@dataclass
class Visitor:
    """One session and who works in it."""

    server: Server
    id: str
    token: str
    path: str
    #: The number in each config map: what was acknowledged, and what it may be instead.
    values: dict[str, tuple[int, int]] = field(default_factory=dict)
    #: Lines that a terminal said it has written, and one that it may have.
    lines: list[str] = field(default_factory=list)
    maybe_line: str = ""
    terminal: int = 0
    #: Whether the shell has acknowledged its variable.
    is_started: bool = False
    acknowledged: int = 0
    _count: int = 0

    @classmethod
    async def begin(cls, server: Server) -> Visitor:
        """Start a session."""
        status, body = await server.ask("POST", "/api/v1/sessions", {"nodes": 2})
        assert status == 201, body
        path = body["server"].split(f":{server.port}", 1)[1]
        return cls(server, body["id"], body["token"], path)

    async def work(self) -> None:
        """Write until the server is gone."""
        tasks = [asyncio.create_task(part()) for part in (self._configure, self._type, self._roll)]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()

    async def _configure(self) -> None:
        """Create, patch and delete config maps, as kubectl and as the page do."""
        while True:
            name = f"c{random.randrange(6)}"
            acked, _ = self.values.get(name, (_GONE, _GONE))
            self._count += 1
            wanted = _GONE if acked != _GONE and random.random() < 0.2 else self._count
            self.values[name] = (acked, wanted)
            try:
                await self._put(name, acked, wanted)
            except Down:
                return
            self.values[name] = (wanted, wanted)
            self.acknowledged += 1
            await asyncio.sleep(random.random() * 0.02)

    async def _put(self, name: str, acked: int, wanted: int) -> None:
        one = f"{self.path}{_CONFIGS}/{name}"
        data = {"data": {"number": str(wanted)}}
        if wanted == _GONE:
            status, body = await self.server.ask("DELETE", one)
        elif acked == _GONE and random.random() < 0.3:
            text = (
                f"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\n"
                f'data: {{number: "{wanted}"}}\n'
            )
            address = f"/api/v1/sessions/{self.id}/manifests"
            wish = {"text": text, "action": "apply"}
            status, body = await self.server.ask("POST", address, wish, self.token)
        elif acked == _GONE:
            created = {"metadata": {"name": name}, **data}
            status, body = await self.server.ask("POST", f"{self.path}{_CONFIGS}", created)
        else:
            status, body = await self.server.ask("PATCH", one, data, kind=_MERGE)
        if status not in (200, 201):
            raise Loss(self.id, f"{name}: {acked} to {wanted} was answered with {status} {body}")

    async def _roll(self) -> None:
        """Something for the controllers and kubelets to do meanwhile."""
        template = {
            "metadata": {"labels": {"app": "web"}},
            "spec": {"containers": [{"name": "c", "image": "nginx"}]},
        }
        spec = {"selector": {"matchLabels": {"app": "web"}}, "template": template}
        body = {"metadata": {"name": "web"}, "spec": {**spec, "replicas": 1}}
        try:
            await self.server.ask("POST", f"{self.path}{_DEPLOYMENTS}", body)
            while True:
                await asyncio.sleep(0.3)
                scale = {"spec": {"replicas": random.randrange(4)}}
                path = f"{self.path}{_DEPLOYMENTS}/web"
                await self.server.ask("PATCH", path, scale, kind=_MERGE)
        except Down:
            return

    async def _type(self) -> None:
        """Write lines into a file in a terminal, each acknowledged by what it shows."""
        try:
            terminal = await self._open()
            while len(self.lines) < _LINES_MAX:
                self._count += 1
                line = f"line{self._count}"
                self.maybe_line = line
                said = f"wrote-{line}-in-42"
                command = f"echo {line} >> notes; echo wrote-{line}-in-$X\r"
                terminal.send({"type": "input", "data": command})
                await _until(terminal, said)
                self.lines.append(line)
                self.maybe_line = ""
                self.acknowledged += 1
                await asyncio.sleep(random.random() * 0.05)
        except Down:
            return

    async def _open(self) -> Socket:
        """The terminal, in the shell that was opened first; raises Down."""
        if not self.terminal:
            where = f"/api/v1/sessions/{self.id}/terminals"
            status, body = await self.server.ask("POST", where, {"kind": "console"}, self.token)
            assert status == 201, body
            self.terminal = body["number"]
        terminal = await self._look()
        if not self.is_started:
            terminal.send({"type": "input", "data": "X=42; echo started-$X\r"})
            await _until(terminal, "started-42")
            self.is_started = True
        return terminal

    async def _look(self) -> Socket:
        where = f"/ws/sessions/{self.id}/terminals/{self.terminal}/"
        found = await self.server.socket(where, self.token)
        while (frame := await found.receive()) is not None:
            if frame["type"] == "ready":
                return found
        raise Down("the terminal was closed")

    # Checking

    async def resume(self) -> None:
        """The first request after the crash. Raises Loss."""
        status, body = await self.server.ask("GET", f"{self.path}{_CONFIGS}")
        if status != 200:
            raise Loss(self.id, f"it cannot be read: {status} {body}")

    async def check(self) -> None:
        """All that was acknowledged is there. Raises Loss."""
        _, body = await self.server.ask("GET", f"{self.path}{_CONFIGS}")
        found = {
            item["metadata"]["name"]: int(item["data"]["number"])
            for item in body["items"]
            if item["metadata"]["name"].startswith("c")
        }
        for name, allowed in self.values.items():
            number = found.get(name, _GONE)
            if number not in allowed:
                raise Loss(self.id, f"{name} is {number}, it was {allowed}")
            self.values[name] = (number, number)
        if self.terminal:
            await self._check_terminal()

    async def _check_terminal(self) -> None:
        """The scrollback has what was shown, the file what was written, the shell its variable."""
        terminal = await self._look()
        shown = await _until(terminal, f"wrote-{self.lines[-1]}-in-42" if self.lines else "")
        for line in self.lines[-50:]:
            if f"wrote-{line}-in-42" not in shown:
                raise Loss(self.id, f"the terminal does not show {line} any more: {shown[-300:]!r}")
        self._count += 1
        mark = f"mark{self._count}"
        command = f"\rcat notes 2>/dev/null; echo {mark}-$((X + 1))\r"
        terminal.send({"type": "input", "data": command})
        text = await _until(terminal, f"{mark}-43", f"{mark}-1")
        if self.is_started and f"{mark}-43" not in text:
            raise Loss(self.id, "the shell is another one")
        written = [word for word in text.split() if word.startswith("line")]
        expected = list(self.lines)
        if written and self.maybe_line and written[-1] == self.maybe_line:
            expected.append(self.maybe_line)
        if written[-len(expected) :] != expected and expected:
            raise Loss(self.id, f"notes has {written[-3:]}, written were {expected[-3:]}")
        self.lines, self.maybe_line = expected, ""
        terminal.close()


async def _until(terminal: Socket, *texts: str) -> str:
    """What a terminal shows until it has shown one of those. Raises Down."""
    shown, others = "", []
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while not any(text in shown for text in texts):
                frame = await terminal.receive()
                if frame is None:
                    raise Down("the terminal was closed")
                if frame["type"] == "output":
                    shown += frame["data"]
                else:
                    others.append(frame)
    except TimeoutError:
        last = f"{shown[-300:]!r} and {others[-3:]}"
        raise Loss("a terminal", f"did not show {texts} but {last}") from None
    return shown


async def gather(visitors: list[Visitor], *, at_once: int = 50) -> list[Any]:
    """Check them all, some at a time; the losses."""
    gate = asyncio.Semaphore(at_once)

    async def one(visitor: Visitor) -> Exception | None:
        async with gate:
            try:
                await visitor.check()
            except (Loss, Down) as problem:
                return problem
        return None

    found = await asyncio.gather(*(one(visitor) for visitor in visitors))
    return [problem for problem in found if problem is not None]
