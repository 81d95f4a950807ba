"""RESP, the Redis protocol, as values: requests and replies cut off a buffer, and as bytes."""

from __future__ import annotations

from typing import TypeAlias

#: What a command answers: text status, error, integer, bulk string, null or array.
Reply: TypeAlias = "Status | Failure | int | bytes | list[Reply] | NullArray | None"

REQUEST_BYTES_MAX = 4 * 1024 * 1024
WORDS_MAX = 100_000
DEPTH_MAX = 8
_PLAIN_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "a": "\a"}


class Status(str):
    """A simple string: `+OK`."""

    __slots__ = ()


class Failure(str):
    """An error: `-ERR …`."""

    __slots__ = ()


class NullArray:
    """What a blocking command answers when nothing came."""

    __slots__ = ()


OK = Status("OK")


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
    if isinstance(reply, NullArray):
        return b"*-1\r\n"
    return b"*%d\r\n" % len(reply) + b"".join(encode(item) for item in reply)


def request(words: list[bytes]) -> bytes:
    """A command on the wire."""
    return encode(list(words))


def take_request(buffer: bytearray) -> list[bytes] | None:
    """Cut one complete request off `buffer`; None when it has not all come.

    Takes the array form that clients send and the inline form that people type into `nc`.
    """
    if not buffer:
        return None
    if len(buffer) > REQUEST_BYTES_MAX:
        raise ProtocolError("Protocol error: too big inline request")
    if buffer[:1] != b"*":
        end = buffer.find(b"\n")
        if end < 0:
            return None
        words = split_words(bytes(buffer[:end]).decode("latin-1").strip("\r"))
        if words is None:
            raise ProtocolError("Protocol error: unbalanced quotes in request")
        del buffer[: end + 1]
        return words
    found = _words(buffer)
    if found is None:
        return None
    words, end = found
    del buffer[:end]
    return words


def take_reply(buffer: bytearray) -> tuple[Reply] | None:
    """Cut one complete reply off `buffer`, in a tuple since it may be None itself."""
    found = _reply(buffer, 0, 0)
    if found is None:
        return None
    reply, end = found
    del buffer[:end]
    return (reply,)


def split_words(line: str) -> list[bytes] | None:
    """The words of a line with the quoting of redis-cli and redis.conf; None when unbalanced."""
    words: list[bytes] = []
    at = 0
    while at < len(line):
        if line[at].isspace():
            at += 1
            continue
        found = _word(line, at)
        if found is None:
            return None
        word, at = found
        words.append(word.encode("latin-1", "replace"))
    return words


def _word(line: str, at: int) -> tuple[str, int] | None:
    """The word that begins at `at`, and where it ends."""
    out: list[str] = []
    while at < len(line) and not line[at].isspace():
        quote = line[at]
        if quote not in "\"'":
            out.append(quote)
            at += 1
            continue
        at += 1
        while at < len(line) and line[at] != quote:
            piece, at = _character(line, at, quote)
            out.append(piece)
        at += 1
        if at > len(line) or (at < len(line) and not line[at].isspace()):
            return None
    return "".join(out), at


def _character(line: str, at: int, quote: str) -> tuple[str, int]:
    if line[at] != "\\" or at + 1 >= len(line):
        return line[at], at + 1
    following = line[at + 1]
    if quote == "'":
        return ("'", at + 2) if following == "'" else ("\\", at + 1)
    if following == "x":
        digits = line[at + 2 : at + 4]
        if len(digits) == 2 and all(digit in "0123456789abcdefABCDEF" for digit in digits):
            return chr(int(digits, 16)), at + 4
    return _PLAIN_ESCAPES.get(following, following), at + 2


def _words(buffer: bytearray) -> tuple[list[bytes], int] | None:
    end = buffer.find(b"\r\n")
    if end < 0:
        return None
    count, at = _number(buffer[1:end], "multibulk"), end + 2
    if count > WORDS_MAX:
        raise ProtocolError("Protocol error: invalid multibulk length")
    words: list[bytes] = []
    for _ in range(count):
        end = buffer.find(b"\r\n", at)
        if end < 0:
            return None
        if buffer[at : at + 1] != b"$":
            raise ProtocolError(f"Protocol error: expected '$', got '{chr(buffer[at])}'")
        length, start = _number(buffer[at + 1 : end], "bulk"), end + 2
        if length < 0:
            raise ProtocolError("Protocol error: invalid bulk length")
        if len(buffer) < start + length + 2:
            return None
        words.append(bytes(buffer[start : start + length]))
        at = start + length + 2
    return words, at


def _reply(buffer: bytearray, at: int, depth: int) -> tuple[Reply, int] | None:
    end = buffer.find(b"\r\n", at)
    if end < 0:
        return None
    sort, line, start = buffer[at : at + 1], bytes(buffer[at + 1 : end]), end + 2
    if sort == b"+":
        return Status(line.decode("utf-8", "replace")), start
    if sort == b"-":
        return Failure(line.decode("utf-8", "replace")), start
    number = _number(line, "bulk")
    if sort == b":":
        return number, start
    if sort == b"$":
        if number < 0:
            return None, start
        if len(buffer) < start + number + 2:
            return None
        return bytes(buffer[start : start + number]), start + number + 2
    if sort != b"*" or depth > DEPTH_MAX:
        raise ProtocolError("Protocol error, got a reply of an unknown type")
    if number < 0:
        return NullArray(), start
    items: list[Reply] = []
    for _ in range(number):
        found = _reply(buffer, start, depth + 1)
        if found is None:
            return None
        item, start = found
        items.append(item)
    return items, start


def _number(digits: bytes | bytearray, what: str) -> int:
    try:
        return int(bytes(digits))
    except ValueError:
        raise ProtocolError(f"Protocol error: invalid {what} length") from None
