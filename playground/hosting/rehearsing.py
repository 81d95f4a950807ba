"""Trying things on a copy of a cluster whose time then runs ahead.

The copy is nobody's: it has no id, no viewers and no journal, and is dropped when the answer is
there. It runs in slices, so that other clusters and the web server do not wait, and within bounds
of virtual time and of work.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from cluster_engine.apiserver.requests import ADMIN, Request
from playground.hosting.engine import Engine
from playground.hosting.rehearsal import Rehearsal, RehearsalPlan, Said


class Rehearsing:
    """One copy at its work."""

    def __init__(
        self, twin: Engine, *, slice_s: float, work_s_max: float, wall_s: Callable[[], float]
    ) -> None:
        self._twin = twin
        self._slice_s = slice_s
        self._wall_s = wall_s
        self._left_s = work_s_max

    async def run(self, plan: RehearsalPlan) -> Rehearsal:
        """Send the requests, run ahead, read."""
        twin = self._twin
        started_ms, revision = twin.now_ms, twin.revision
        before = {path: self._read(path) for path in plan.reads}
        await asyncio.sleep(0)
        lives: list[bytes] = []
        answers: list[Said] = []
        for trial in plan.trials:
            lives.append(self._read(trial.live_path) if trial.live_path else b"")
            answers.append(self._send(trial.request))
        is_quiet = await self._run_ahead(started_ms + plan.span_ms, plan.quiet_ms)
        after = {path: self._read(path) for path in plan.reads}
        return Rehearsal(
            answers=tuple(answers),
            lives=tuple(lives),
            before=before,
            after=after,
            scene=self._scene() if plan.has_scene else None,
            revision=revision,
            started_ms=started_ms,
            span_ms=twin.now_ms - started_ms,
            is_quiet=is_quiet,
            is_cut=self._left_s <= 0,
        )

    def _send(self, request: Request) -> Said:
        response = self._twin.handle(request)
        if response.stream is not None:
            response.stream.close()
        return Said(response.status, response.body)

    def _read(self, path: str) -> bytes:
        headers = {"accept": "application/json"}
        response = self._twin.handle(Request("GET", path, "", headers, user=ADMIN))
        if response.stream is not None:
            response.stream.close()
        return response.body if response.status == 200 else b""

    def _scene(self) -> dict[str, Any] | None:
        viewer = self._twin.viewer()
        try:
            return viewer.frame()
        finally:
            viewer.close()

    async def _run_ahead(self, end_ms: int, quiet_ms: int) -> bool:
        """Run until nothing happens any more or the time is over; whether it was the former."""
        twin = self._twin
        changed_ms, revision = twin.now_ms, twin.revision
        while self._left_s > 0:
            due_ms = twin.next_deadline()
            if due_ms is None or due_ms - changed_ms > quiet_ms:
                return True
            if due_ms > end_ms:
                break
            await self._slice(max(due_ms, twin.now_ms))
            if twin.revision != revision:
                changed_ms, revision = twin.now_ms, twin.revision
        if self._left_s > 0:
            twin.advance(end_ms)
        return False

    async def _slice(self, until_ms: int) -> None:
        start = self._wall_s()
        end = start + min(self._slice_s, self._left_s)
        self._twin.advance(until_ms, lambda: self._wall_s() >= end)
        self._left_s -= self._wall_s() - start
        await asyncio.sleep(0)
