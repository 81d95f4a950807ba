"""Replies of a Redis server: read from bytes, and shown to people or to programs.

Models: RESP2, and redis-cli 7's forms of output.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

DEPTH_MAX = 32
_HEX = frozenset(b"0123456789abcdefABCDEF")
_ESCAPES = {7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 13: "\\r", 34: '\\"', 92: "\\\\"}


@dataclass(frozen=True, slots=True)
class Status:
    """A short answer, or an error."""

    text: str
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class Nil:
    """No value."""


Reply: TypeAlias = Status | Nil | int | bytes | list["Reply"]
Form: TypeAlias = Literal["terminal", "raw", "csv", "json"]


class Malformed(Exception):
    """These bytes are no reply."""


def read_reply(buffer: bytearray, at: int = 0, depth: int = 0) -> tuple[Reply, int] | None:
    """A reply and where it ends; None when it has not all come. Raises Malformed."""
    end = buffer.find(b"\r\n", at)
    if end < 0:
        return None
    kind, rest = chr(buffer[at]), bytes(buffer[at + 1 : end])
    at = end + 2
    if kind in "+-":
        return Status(rest.decode("utf-8", "replace"), kind == "-"), at
    try:
        number = int(rest)
    except ValueError:
        raise Malformed from None
    if kind == ":":
        return number, at
    if kind not in "$*" or depth > DEPTH_MAX:
        raise Malformed
    if number < 0:
        return Nil(), at
    if kind == "$":
        if len(buffer) < at + number + 2:
            return None
        return bytes(buffer[at : at + number]), at + number + 2
    items: list[Reply] = []
    for _ in range(number):
        found = read_reply(buffer, at, depth + 1)
        if found is None:
            return None
        items.append(found[0])
        at = found[1]
    return items, at


def shown(reply: Reply, form: Form) -> bytes:
    """A reply as it is printed, with its end."""
    if form == "terminal":
        return encoded(_for_terminal(reply, "") + "\n")
    if form == "csv":
        return encoded(_as_csv(reply) + "\n")
    if form == "json":
        return encoded(_as_json(reply) + "\n")
    return _raw(reply) + b"\n"


def encoded(text: str) -> bytes:
    """The bytes of a text."""
    return text.encode("utf-8", "surrogateescape")


def quoted(content: bytes) -> str:
    """Bytes in quotes, with escapes for what is not printable."""
    cells = [
        _ESCAPES.get(byte, chr(byte) if 32 <= byte < 127 else f"\\x{byte:02x}") for byte in content
    ]
    return '"' + "".join(cells) + '"'


def _for_terminal(reply: Reply, indent: str) -> str:
    if isinstance(reply, Status):
        return f"(error) {reply.text}" if reply.is_error else reply.text
    if isinstance(reply, Nil):
        return "(nil)"
    if isinstance(reply, int):
        return f"(integer) {reply}"
    if isinstance(reply, bytes):
        return quoted(reply)
    if not reply:
        return "(empty array)"
    width = len(str(len(reply)))
    lines = []
    for number, item in enumerate(reply, 1):
        mark = f"{number:>{width}}) "
        text = _for_terminal(item, indent + " " * len(mark))
        lines.append((indent if number > 1 else "") + mark + text)
    return "\n".join(lines)


def _raw(reply: Reply) -> bytes:
    if isinstance(reply, Status):
        return encoded(reply.text + ("\n" if reply.is_error else ""))
    if isinstance(reply, Nil):
        return b""
    if isinstance(reply, int):
        return str(reply).encode()
    if isinstance(reply, bytes):
        return reply
    return b"\n".join(_raw(item) for item in reply)


def _as_csv(reply: Reply) -> str:
    if isinstance(reply, Status):
        return (
            f"ERROR,{quoted(encoded(reply.text))}"
            if reply.is_error
            else (quoted(encoded(reply.text)))
        )
    if isinstance(reply, Nil):
        return "NULL"
    if isinstance(reply, int):
        return str(reply)
    if isinstance(reply, bytes):
        return quoted(reply)
    return ",".join(_as_csv(item) for item in reply)


def _as_json(reply: Reply) -> str:
    if isinstance(reply, Status):
        text = quoted(encoded(reply.text))
        return f"error:{text}" if reply.is_error else text
    if isinstance(reply, Nil):
        return "null"
    if isinstance(reply, int):
        return str(reply)
    if isinstance(reply, bytes):
        return quoted(reply)
    return "[" + ",".join(_as_json(item) for item in reply) + "]"


def request(words: list[bytes]) -> bytes:
    """A command as it goes to the server."""
    head = b"*%d\r\n" % len(words)
    return head + b"".join(b"$%d\r\n%s\r\n" % (len(word), word) for word in words)


def split_line(line: str) -> list[bytes] | None:
    """The words of a line, with quotes and escapes; None when a quote is not closed."""
    words: list[bytes] = []
    text = encoded(line)
    at = 0
    while True:
        while at < len(text) and text[at : at + 1].isspace():
            at += 1
        if at >= len(text):
            return words
        word = bytearray()
        while at < len(text) and not text[at : at + 1].isspace():
            letter = text[at : at + 1]
            if letter not in b"\"'":
                word += letter
                at += 1
                continue
            end = _quoted_part(text, at, word)
            if end < 0 or (end < len(text) and not text[end : end + 1].isspace()):
                return None
            at = end
        words.append(bytes(word))


def _quoted_part(text: bytes, at: int, word: bytearray) -> int:
    """Add what is in quotes; where the text goes on, -1 when the quote is not closed."""
    quote = text[at : at + 1]
    at += 1
    while at < len(text):
        letter = text[at : at + 1]
        if letter == quote:
            return at + 1
        if letter == b"\\" and quote == b'"' and at + 1 < len(text):
            following = text[at + 1 : at + 2]
            digits = text[at + 2 : at + 4]
            if following == b"x" and len(digits) == 2 and set(digits) <= _HEX:
                word.append(int(digits, 16))
                at += 4
                continue
            names = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"a": b"\a"}
            word += names.get(following, following)
            at += 2
        elif letter == b"\\" and quote == b"'" and text[at + 1 : at + 2] == b"'":
            word += b"'"
            at += 2
        else:
            word += letter
            at += 1
    return -1
