"""A cluster with its open streams: inputs go in here, now or again when they are replayed.

Streams that change the cluster when they are used have a number, given in the order in which they
were opened, so that records can name them. Watches and logs have none: they leave no trace.
"""

from __future__ import annotations

import logging
from typing import Any

from cluster_engine.apiserver.requests import Recipe, Request, Response, Stream
from cluster_engine.cluster import Diverged
from playground.hosting.engine import Engine
from playground.hosting.journal.records import Op, Record, unpack_frame, unpack_request

logger = logging.getLogger(__name__)

#: Faults of the engine that a replay goes on behind, as the pump did at first.
_FAULTS_MAX = 10_000


class Deck:
    """See the module. `strict` replays raise Diverged where others log it and go on."""

    def __init__(self, engine: Engine, *, is_strict: bool = False) -> None:
        self.engine = engine
        self.streams: dict[int, Stream] = {}
        self.next_stream = 1
        self.divergences = 0
        self._is_strict = is_strict

    def handle(self, request: Request) -> tuple[Response, int]:
        """Have a request answered; the number of the stream that it opened, 0 for none."""
        response = self.engine.handle(request)
        stream = response.stream
        if stream is None or not stream.has_effects:
            return response, 0
        return response, self._enter(stream)

    def play(self, record: Record) -> None:
        """Let a recorded input come in again, at its place."""
        self._go_to(record)
        data = record.data
        try:
            self._apply(record.op, data)
        except Exception:
            # What failed at first fails again, and has changed the same.
            logger.exception("a replayed input failed inside the engine")
        if self.engine.revision != record.revision:
            self._diverge(f"revision {self.engine.revision}, it was {record.revision}")

    def drop(self, number: int) -> None:
        """A stream is closed."""
        self.streams.pop(number, None)

    def recipes(self) -> dict[int, Recipe]:
        """The open streams, for a copy of the cluster made now."""
        found = {number: stream.recipe() for number, stream in self.streams.items()}
        return {number: recipe for number, recipe in found.items() if recipe is not None}

    def revive(self, recipes: dict[int, Recipe], next_stream: int) -> None:
        """Open those streams again in a copy."""
        self.next_stream = next_stream
        for number, recipe in recipes.items():
            stream = self.engine.revive(recipe)
            if stream is not None:
                self.streams[number] = stream

    def _enter(self, stream: Stream) -> int:
        number = self.next_stream
        self.next_stream += 1
        self.streams[number] = stream
        return number

    def _apply(self, op: Op, data: tuple[Any, ...]) -> None:
        if op is Op.REQUEST:
            packed, number = data
            _, opened = self.handle(unpack_request(packed))
            if opened != number:
                self._diverge(f"stream {opened} was opened, it was {number}")
            return
        if op in (Op.PACE, Op.HERE):
            return
        stream = self.streams.get(data[0])
        if stream is None:
            self._diverge(f"there is no stream {data[0]}")
        elif op is Op.WRITE:
            stream.write(unpack_frame(data))
        elif op is Op.END_INPUT:
            stream.end_input(data[1])
        elif op is Op.READ:
            stream.read(data[1])
        elif op is Op.KEEP:
            keep(stream, data[1])
        elif op is Op.CLOSE:
            stream.close()
            del self.streams[data[0]]

    def _go_to(self, record: Record) -> None:
        for _ in range(_FAULTS_MAX):
            try:
                self.engine.replay(record.steps, record.now_ms)
                return
            except Diverged as problem:
                self._diverge(str(problem))
                return
            except Exception:
                logger.exception("replayed work inside a cluster failed")

    def _diverge(self, problem: str) -> None:
        self.divergences += 1
        if self._is_strict:
            raise Diverged(problem)
        if self.divergences == 1:
            logger.error("a replayed cluster is not as it was: %s", problem)


def keep(stream: Stream, label: str) -> bool:
    """Let a terminal live on without a client; False when the stream is none."""
    kept = getattr(stream, "keep", None)
    return bool(kept(label)) if kept is not None else False
