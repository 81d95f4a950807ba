"""What comes into a cluster, as records that can be written down.

The engine is deterministic, so its inputs are enough: requests, what clients write into streams and
take out of them, moves of the clock. A record says exactly where in the cluster's life it belongs:
after so many steps, at that virtual time. The revision is the check that a replay is right.

Encoded records are plain tuples of builtins, so that a later version of this program reads them.
"""

from __future__ import annotations

import pickle
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from cluster_engine.apiserver.requests import Caller, Frame, Request, Source, User

#: Headers that mean nothing to a cluster, or must not be written down.
_DROPPED = (
    "accept-encoding",
    "accept-language",
    "cache-control",
    "connection",
    "content-length",
    "cookie",
    "host",
    "origin",
    "referer",
    "transfer-encoding",
)


class Op(IntEnum):
    """The sorts of input, and what their `data` holds."""

    #: The request (see `pack_request`) and the number of the stream it opened, 0 for none.
    REQUEST = 1
    #: Stream number, channel, bytes, who typed them (see `pack_frame`).
    WRITE = 2
    #: Stream number, channel.
    END_INPUT = 3
    #: Stream number.
    CLOSE = 4
    #: Stream number, most bytes.
    READ = 5
    #: Stream number, label.
    KEEP = 6
    #: How the clock runs from now on: speed, whether it is paused.
    PACE = 7
    #: Nothing: the cluster is here.
    HERE = 8


@dataclass(frozen=True, slots=True)
class Record:
    """One input."""

    op: Op
    steps: int
    now_ms: int
    #: Of the cluster after the input.
    revision: int
    data: tuple[Any, ...] = ()


def encode(records: Iterable[Record]) -> bytes:
    """Records as bytes."""
    rows = [
        (int(record.op), record.steps, record.now_ms, record.revision, record.data)
        for record in records
    ]
    return pickle.dumps(rows, protocol=5)


def decode(data: bytes) -> list[Record]:
    """The records that `encode` was given."""
    return [
        Record(Op(op), steps, now_ms, revision, held)
        for op, steps, now_ms, revision, held in pickle.loads(data)
    ]


def pack_request(request: Request) -> tuple[Any, ...]:
    """A request as a tuple of builtins."""
    user, caller = request.user, request.caller
    who = None if user is None else (user.name, user.groups, user.uid, dict(user.extra))
    behind = None if caller is None else (caller.id, caller.name, str(caller.source))
    headers = _kept_headers(request.headers, has_user=user is not None)
    parts = (request.method, request.path, request.query, headers, request.body)
    return *parts, who, request.request_id, behind


def unpack_request(packed: tuple[Any, ...]) -> Request:
    """The request that `pack_request` was given."""
    method, path, query, headers, body, who, request_id, behind = packed
    user = None if who is None else User(*who)
    caller = None if behind is None else _caller(behind)
    return Request(method, path, query, headers, body, user, request_id, caller)


def pack_frame(number: int, frame: Frame) -> tuple[Any, ...]:
    """What a client has written into a stream, as a tuple of builtins."""
    caller = frame.caller
    behind = None if caller is None else (caller.id, caller.name, str(caller.source))
    return number, frame.channel, bytes(frame.data), behind


def unpack_frame(packed: tuple[Any, ...]) -> Frame:
    """The frame that `pack_frame` was given."""
    _, channel, data, behind = packed
    return Frame(channel, data, None if behind is None else _caller(behind))


def _caller(behind: tuple[str, str, str]) -> Caller:
    identity, name, source = behind
    return Caller(identity, name, Source(source))


def _kept_headers(headers: Mapping[str, str], *, has_user: bool) -> dict[str, str]:
    """Without what the cluster does not look at; credentials only where they count."""
    return {
        name: value
        for name, value in headers.items()
        if name not in _DROPPED
        and not name.startswith("sec-")
        and not (has_user and name == "authorization")
    }
