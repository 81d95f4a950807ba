"""RESP, the Redis protocol, as values: requests cut off a buffer, replies as bytes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

#: What a command answers: text status, error, integer, bulk string, null or array.
Reply: TypeAlias = "Status | Failure | int | bytes | list[Reply] | None"

REQUEST_BYTES_MAX = 1024 * 1024


class Status(str):
    """A simple string: `+OK`."""


class Failure(str):
    """An error: `-ERR …`."""


class ProtocolError(Exception):
    """The bytes are not RESP."""


def encode(reply: Reply) -> bytes:
    """The reply on the wire."""
    if reply is None:
        return b"$-1\r\n"
    if isinstance(reply, Status):
        return b"+" + reply.encode() + b"\r\n"
    if isinstance(reply, Failure):
        return b"-" + reply.encode() + b"\r\n"
    if isinstance(reply, int):
        return b":%d\r\n" % reply
    if isinstance(reply, bytes):
        return b"$%d\r\n%s\r\n" % (len(reply), reply)
    return b"*%d\r\n" % len(reply) + b"".join(encode(item) for item in reply)


def take_request(buffer: bytearray) -> list[bytes] | None:
    """Cut one complete request off `buffer`; None when it has not all come.

    Takes the array form that clients send and the inline form that people type into `nc`.
    """
    if not buffer:
        return None
    if len(buffer) > REQUEST_BYTES_MAX:
        raise ProtocolError("Protocol error: too big request")
    if buffer[:1] != b"*":
        end = buffer.find(b"\n")
        if end < 0:
            return None
        words = bytes(buffer[:end]).split()
        del buffer[: end + 1]
        return words
    found = _array(buffer)
    if found is None:
        return None
    words, end = found
    del buffer[:end]
    return words


def _array(buffer: bytearray) -> tuple[list[bytes], int] | None:
    end = buffer.find(b"\r\n")
    if end < 0:
        return None
    count, at = _number(buffer[1:end]), end + 2
    words: list[bytes] = []
    for _ in range(count):
        end = buffer.find(b"\r\n", at)
        if end < 0:
            return None
        if buffer[at : at + 1] != b"$":
            raise ProtocolError("Protocol error: expected '$'")
        length, start = _number(buffer[at + 1 : end]), end + 2
        if len(buffer) < start + length + 2:
            return None
        words.append(bytes(buffer[start : start + length]))
        at = start + length + 2
    return words, at


def _number(digits: Sequence[int]) -> int:
    try:
        return int(bytes(digits))
    except ValueError:
        raise ProtocolError("Protocol error: invalid bulk length") from None
