"""A cluster out of the archive: its last snapshot, then what came in since, played again.

The same engine continues exactly where it was. Another one (after an update of this program) starts
from plain files, or from what the cluster was made from, and is given the requests since at their
times: every object comes back, programs start anew.
"""

from __future__ import annotations

import asyncio
import json
import logging
import pickle
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

import orjson

from cluster_engine.apiserver.requests import Request
from playground.hosting.engine import Engine, assemble, build, revive
from playground.hosting.host import ClusterPlan, parse_speed, speed_word
from playground.hosting.journal.archive import Saved, Stored
from playground.hosting.journal.deck import Deck
from playground.hosting.journal.packing import fingerprint, unpack, unpack_files
from playground.hosting.journal.records import Op, Record, unpack_request

logger = logging.getLogger(__name__)

#: Larger snapshots are read in a thread, piece by piece.
_BESIDE_BYTES_MIN = 512 * 1024
_SLICE_SECONDS = 0.005


@dataclass(frozen=True, slots=True)
class Pace:
    """How a cluster's clock runs."""

    speed: float
    is_paused: bool


@dataclass(slots=True)
class Woken:
    """A cluster that has come back."""

    deck: Deck
    pace: Pace
    #: How many records it has.
    number: int
    #: Whether it had been put to sleep and nothing has come in since.
    was_asleep: bool
    #: How many of its records its snapshot holds; -1: there is none.
    saved_number: int
    #: What it took to play the others.
    replay_seconds: float
    #: Whether it has to be written down anew, since another engine has taken over.
    is_new_engine: bool


def plan_text(plan: ClusterPlan) -> str:
    """A plan as it is written down."""
    return json.dumps({**asdict(plan), "speed": speed_word(plan.speed)}, sort_keys=True)


def plan_of(text: str) -> ClusterPlan:
    """The plan that `plan_text` was given; fields that are not known any more are left out."""
    held = {k: v for k, v in json.loads(text).items() if k in ClusterPlan.__dataclass_fields__}
    return ClusterPlan(**{**held, "speed": parse_speed(held["speed"])})


def head_of(deck: Deck, pace: Pace, *, is_asleep: bool = False) -> bytes:
    """What a snapshot says beside the engine's state; builtins only."""
    return pickle.dumps(
        {
            "speed": speed_word(pace.speed),
            "paused": pace.is_paused,
            "asleep": is_asleep,
            "streams": deck.recipes(),
            "next_stream": deck.next_stream,
        },
        protocol=5,
    )


class Waking:
    """Brings back one cluster."""

    def __init__(
        self,
        stored: Stored,
        whole: Callable[[], Awaitable[Stored]] | None = None,
        *,
        is_strict: bool = False,
    ) -> None:
        """`whole` gives all records there are; asked for when the snapshot cannot be read."""
        self._stored = stored
        self._whole = whole
        self._is_strict = is_strict

    async def run(self) -> Woken:
        """Do it, giving others their turns. Raises what the engine raises when nothing helps."""
        saved = self._stored.saved
        if saved is None or saved.fingerprint == fingerprint():
            try:
                return await self._continue(saved)
            except Exception:
                if self._is_strict:
                    raise
                logger.exception("a snapshot cannot be read; its plain files are")
                if self._whole is not None:
                    self._stored = await self._whole()
        return await self._begin_again(saved)

    async def _continue(self, saved: Saved | None) -> Woken:
        head = _head(saved)
        if saved is None:
            plan = plan_of(self._stored.plan)
            engine, pace = build(plan), Pace(plan.speed or 1.0, plan.speed == 0)
        else:
            engine, pace = await self._revived(saved), head.pace
        deck = Deck(engine, is_strict=self._is_strict)
        deck.revive(head.streams, head.next_stream)
        first = saved.number if saved is not None else 0
        played = await self._play(deck, first, pace, deck.play)
        return Woken(
            deck,
            played.pace,
            played.number,
            was_asleep=head.is_asleep and played.number == first,
            saved_number=first if saved is not None else -1,
            replay_seconds=played.seconds,
            is_new_engine=False,
        )

    async def _begin_again(self, saved: Saved | None) -> Woken:
        """With another engine."""
        plan = plan_of(self._stored.plan) if self._stored.plan else None
        if saved is not None and saved.portable:
            entries = unpack_files(saved.portable)
            limits = dict(plan.limits) if plan is not None else {}
            engine, first = (
                await asyncio.to_thread(assemble, entries, limits),
                saved.portable_number,
            )
        elif plan is not None:
            engine, first = build(plan), 0
        else:
            raise ValueError("there is neither a plan nor a portable form")
        pace = _head(saved).pace if saved is not None else Pace(1.0, False)
        if saved is None and plan is not None:
            pace = Pace(plan.speed or 1.0, plan.speed == 0)
        deck = Deck(engine)
        deck.next_stream = 1_000_000
        played = await self._play(deck, first, pace, lambda one: approximate(engine, one))
        was_asleep = saved is not None and _head(saved).is_asleep and played.number == saved.number
        return Woken(
            deck,
            played.pace,
            played.number,
            was_asleep=was_asleep,
            saved_number=-1,
            replay_seconds=played.seconds,
            is_new_engine=True,
        )

    async def _revived(self, saved: Saved) -> Engine:
        if len(saved.data) < _BESIDE_BYTES_MIN:
            return revive(unpack(saved.data))
        return await asyncio.to_thread(lambda: revive(unpack(saved.data)))

    async def _play(
        self, deck: Deck, first: int, pace: Pace, play: Callable[[Record], None]
    ) -> _Played:
        """Play the records from that number on."""
        number, seconds, begin = first, 0.0, time.perf_counter()
        for number, record in self._records(first):
            if record.op is Op.PACE:
                pace = Pace(parse_speed(record.data[0]), bool(record.data[1]))
            play(record)
            number += 1
            spent = time.perf_counter() - begin
            if spent >= _SLICE_SECONDS:
                seconds += spent
                await asyncio.sleep(0)
                begin = time.perf_counter()
        return _Played(number, pace, seconds + time.perf_counter() - begin)

    def _records(self, first: int) -> Iterator[tuple[int, Record]]:
        expected = first
        for piece in self._stored.pieces:
            for number, record in enumerate(piece.records, piece.first):
                if number < expected:
                    continue
                if number > expected:
                    logger.error("records %d to %d of a cluster are missing", expected, number - 1)
                expected = number + 1
                yield number, record


@dataclass(frozen=True, slots=True)
class _Played:
    """How far it has come."""

    number: int
    pace: Pace
    seconds: float


@dataclass(frozen=True, slots=True)
class _Head:
    pace: Pace
    is_asleep: bool
    streams: dict[int, Any]
    next_stream: int


def _head(saved: Saved | None) -> _Head:
    if saved is None:
        return _Head(Pace(1.0, False), False, {}, 1)
    held = pickle.loads(saved.head)
    pace = Pace(parse_speed(held["speed"]), bool(held["paused"]))
    return _Head(pace, bool(held["asleep"]), dict(held["streams"]), int(held["next_stream"]))


def approximate(engine: Engine, record: Record) -> None:
    """Let a request come in again at its time, in an engine that may do everything otherwise."""
    try:
        engine.advance(max(record.now_ms, engine.now_ms))
        if record.op is Op.REQUEST:
            response = engine.handle(_unconditional(unpack_request(record.data[0])))
            if response.stream is not None:
                response.stream.close()
    except Exception:
        logger.exception("a replayed input failed inside the engine")


def _unconditional(request: Request) -> Request:
    """Without the revision that an update was made against: it is another one now."""
    if request.method != "PUT":
        return request
    try:
        body = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        return request
    if not isinstance(body, dict) or not isinstance(body.get("metadata"), dict):
        return request
    metadata = {k: v for k, v in body["metadata"].items() if k not in ("resourceVersion", "uid")}
    return replace(request, body=orjson.dumps({**body, "metadata": metadata}))


def passive_streams(deck: Deck) -> Iterable[int]:
    """The numbers of streams whose clients are gone: all but kept terminals."""
    return [number for number, stream in deck.streams.items() if stream.has_effects]
