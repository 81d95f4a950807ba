"""A tiny engine for tests of the host: an agenda of calls, an echo, a stream."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Any

from cluster_engine.apiserver.person_writes import PersonWrite
from cluster_engine.apiserver.requests import STDOUT, Frame, Request, Response


class FakeStream:
    """Gives back what is put in."""

    has_effects = False

    def __init__(self) -> None:
        self.on_ready: Callable[[], None] | None = None
        self.frames: list[Frame] = []
        self.written: list[Frame] = []
        self.is_done = False
        self.is_closed = False

    def put(self, data: bytes, channel: int = STDOUT) -> None:
        self.frames.append(Frame(channel, data))
        if self.on_ready:
            self.on_ready()

    def finish(self) -> None:
        self.is_done = True
        if self.on_ready:
            self.on_ready()

    def read(self, bytes_max: int = 65536) -> list[Frame]:
        frames, self.frames = self.frames, []
        return frames

    def write(self, frame: Frame) -> None:
        self.written.append(frame)

    def end_input(self, channel: int = 0) -> None:
        self.written.append(Frame(channel, b""))

    def close(self) -> None:
        self.is_closed = True

    def recipe(self) -> None:
        return None


class FakeViewer:
    """Frames that a test puts in."""

    def __init__(self) -> None:
        self.on_ready: Callable[[], None] | None = None
        self.frames: list[dict[str, Any]] = [{"type": "scene"}]
        self.is_closed = False

    def put(self, frame: dict[str, Any]) -> None:
        self.frames.append(frame)
        if self.on_ready:
            self.on_ready()

    def frame(self) -> dict[str, Any] | None:
        return self.frames.pop(0) if self.frames else None

    def close(self) -> None:
        self.is_closed = True


class FakeEngine:
    """Runs planned calls at their virtual time."""

    def __init__(self, now_ms: int = 1_000_000) -> None:
        self.now_ms = now_ms
        self.revision = 1
        self.last_person_write = 0
        self.plans: list[tuple[int, int, Callable[[], None]]] = []
        self.streams: list[FakeStream] = []
        self.viewers: list[FakeViewer] = []
        self.answer: Callable[[Request], Response] = lambda request: Response(
            200, request.path.encode(), {"content-type": "text/plain"}
        )

    def person_writes_after(self, sequence: int) -> list[PersonWrite]:
        return []

    def at(self, due_ms: int, work: Callable[[], None]) -> None:
        heapq.heappush(self.plans, (due_ms, len(self.plans) + id(work) % 7, work))

    revision = 1
    steps = 0
    mark = (1, 0, 0)

    def revive(self, recipe: tuple[Any, ...]) -> None:
        return None

    def kept_terminals(self) -> dict[str, tuple[Any, ...]]:
        return {}

    def state(self) -> tuple[Any, ...]:
        return (self.now_ms,)

    def handle(self, request: Request) -> Response:
        if request.path == "/stream":
            self.streams.append(FakeStream())
            return Response(200, stream=self.streams[-1])
        return self.answer(request)

    def advance(self, until_ms: int, should_stop: Callable[[], bool] | None = None) -> bool:
        while self.plans and self.plans[0][0] <= until_ms:
            due, _, work = heapq.heappop(self.plans)
            self.now_ms = max(self.now_ms, due)
            work()
            if should_stop is not None and should_stop():
                return False
        self.now_ms = max(self.now_ms, until_ms)
        return True

    def next_deadline(self) -> int | None:
        return self.plans[0][0] if self.plans else None

    def viewer(self) -> FakeViewer:
        self.viewers.append(FakeViewer())
        return self.viewers[-1]

    def fork(self) -> FakeEngine:
        return FakeEngine(self.now_ms)

    def portable(self) -> dict[str, bytes]:
        return {}

    def snapshot(self) -> bytes:
        return str(self.now_ms).encode()
