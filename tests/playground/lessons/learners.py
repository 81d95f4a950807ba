"""A learner: a session with a lesson, a console to type into, and time that flies."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass
from typing import Any

from django.test import AsyncClient

from cluster_engine.apiserver.requests import ADMIN, STDIN, STDOUT, Frame, Request
from playground.hosting.host import Conversation
from playground.hosting.local import LocalHost
from playground.lessons.format.lesson import StepKind
from playground.lessons.selectors import progress_of, tracker
from playground.lessons.services import question_answer, step_read

SETTLE_MS = 120_000
_PROMPT = re.compile(r"\$ $")


@dataclass
class Learner:
    """Somebody in a lesson. Made by `learn`."""

    host: LocalHost
    client: AsyncClient
    session_id: str
    console: Conversation
    screen: str = ""

    async def ask(self, method: str, body: dict[str, Any] | None = None, path: str = "") -> Any:
        """The REST API of the session's lesson."""
        return await self.client.generic(
            method,
            f"/api/v1/sessions/{self.session_id}/{path or 'lesson'}",
            json.dumps(body) if body is not None else "",
            content_type="application/json",
        )

    async def type(self, lines: tuple[str, ...] | list[str]) -> None:
        """Type lines into the console, each when the one before is done."""
        text = "\n".join(lines).strip("\n")
        if not text:
            return
        for command in _commands(text):
            await self._run(command)

    async def _run(self, command: str) -> None:
        seen = len(self.screen)
        self.console.write(Frame(STDIN, command.encode() + b"\r"))
        for _ in range(200):
            await self.host.clock_advance(self.session_id, 3_000)
            await self._read()
            if _PROMPT.search(self.screen[seen:]) and self._is_echoed(command, seen):
                return
        raise AssertionError(f"{command!r} does not end:\n{self.screen[seen:]}")

    def _is_echoed(self, command: str, seen: int) -> bool:
        return len(self.screen) > seen + 2

    async def _read(self) -> None:
        while True:
            try:
                frames = await asyncio.wait_for(self.console.read(), 0.01)
            except TimeoutError:
                return
            data = b"".join(frame.data for frame in frames if frame.channel == STDOUT)
            self.screen += data.decode("utf-8", "replace")

    async def settle(self, span_ms: int = SETTLE_MS) -> None:
        """Let the cluster come to rest, and the checks be looked at."""
        for _ in range(4):
            await self.host.clock_advance(self.session_id, span_ms // 4)
        run = tracker().runs[self.session_id]
        await tracker().look(run)

    async def current(self) -> str:
        """The step that the lesson is at."""
        found = await progress_of(self.session_id)
        assert found is not None
        return found.step

    async def skip_to(self, step_id: str) -> None:
        """Read what is to be read, answer what is asked, until a step is reached."""
        while (run := tracker().runs[self.session_id]).step is not None:
            step = run.step
            if step.id == step_id or step.kind is StepKind.TASK:
                return
            if step.kind is StepKind.READ:
                await step_read(session_id=self.session_id, step_id=step.id)
            else:
                right = next(n for n, one in enumerate(step.answers) if one.is_right)
                await question_answer(session_id=self.session_id, step_id=step.id, choice=right)

    def missing(self) -> list[str]:
        """What the checks of the current step say is missing."""
        run = tracker().runs[self.session_id]
        return [outcome.missing for _, outcome in run.outcomes if not outcome.holds]


async def learn(host: LocalHost, slug: str) -> Learner:
    """Start a lesson as its page does, with the clock in the test's hand."""
    client = AsyncClient()
    started = await client.post(f"/lessons/{slug}/start")
    assert started.status_code == 302, started.content
    session_id = started.headers["location"].rstrip("/").rpartition("/")[2]
    await host.clock_set(session_id, is_paused=True)
    opened = Request("POST", "/podyard/v1/console", "columns=200&rows=50", user=ADMIN)
    answer = await host.call(session_id, opened)
    assert answer.stream is not None
    learner = Learner(host, client, session_id, answer.stream)
    await host.clock_advance(session_id, 3_000)
    await learner._read()
    return learner


def _commands(text: str) -> list[str]:
    """Whole commands: a here-document goes with the line that begins it."""
    found: list[str] = []
    end = ""
    for line in text.split("\n"):
        if end:
            found[-1] += "\r" + line
            end = "" if line == end else end
            continue
        if not line.strip() or line.startswith("#"):
            continue
        found.append(line)
        begun = re.search(r"<<-?\s*'?(\w+)'?", line)
        end = begun[1] if begun else ""
    return found
