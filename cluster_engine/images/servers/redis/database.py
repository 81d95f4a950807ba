"""The keys of one Redis database: their values and when they expire.

Values are bytes, lists of bytes, hashes, sets and sorted sets, all in the order of their making.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeAlias, TypeVar

from cluster_engine.images.servers.redis.resp import Reply

WRONG_TYPE = "WRONGTYPE Operation against a key holding the wrong kind of value"
NOT_INTEGER = "ERR value is not an integer or out of range"
NOT_FLOAT = "ERR value is not a valid float"
SYNTAX = "ERR syntax error"
_INTEGER_MIN, _INTEGER_MAX = -(2**63), 2**63 - 1
_KEY_BYTES = 64
#: Of a linear congruential generator (Knuth's MMIX).
_MULTIPLIER = 6364136223846793005


class Hash(dict[bytes, bytes]):
    """Fields and their values."""


class Members(dict[bytes, None]):
    """A set."""


class Scores(dict[bytes, float]):
    """A sorted set: members and their scores."""

    def ranked(self) -> list[tuple[bytes, float]]:
        """Lowest score first, equal ones by name."""
        return sorted(self.items(), key=lambda item: (item[1], item[0]))


Value: TypeAlias = bytes | list[bytes] | Hash | Members | Scores
_Kind = TypeVar("_Kind", bytes, list[bytes], Hash, Members, Scores)

KIND_NAMES: dict[type, str] = {
    bytes: "string",
    list: "list",
    Hash: "hash",
    Members: "set",
    Scores: "zset",
}


class Refusal(Exception):
    """A command that cannot be done; `str()` is the error that the client gets."""


@dataclass(slots=True)
class Database:
    """The keys of one database."""

    values: dict[bytes, Value] = field(default_factory=dict)
    expires_ms: dict[bytes, int] = field(default_factory=dict)
    now_ms: int = 0
    #: Grows with every change.
    changes: int = 0
    #: Where random choices come from.
    seed: int = 1

    def find(self, key: bytes) -> Value | None:
        """The live value of any kind."""
        due_ms = self.expires_ms.get(key)
        if due_ms is not None and due_ms <= self.now_ms:
            del self.expires_ms[key]
            self.values.pop(key, None)
            return None
        return self.values.get(key)

    def get(self, key: bytes, kind: type[_Kind]) -> _Kind | None:
        """The live value. Refused when it is of another kind."""
        value = self.find(key)
        if value is None or isinstance(value, kind):
            return value
        raise Refusal(WRONG_TYPE)

    def of(self, key: bytes, kind: type[_Kind]) -> _Kind:
        """The live value to be changed, made empty when there is none."""
        value = self.get(key, kind)
        if value is None:
            value = kind()
            self.values[key] = value
        self.changes += 1
        return value

    def put(self, key: bytes, value: Value, *, keeps_expiry: bool = False) -> None:
        """Set a value; an empty collection is no key."""
        if not keeps_expiry:
            self.expires_ms.pop(key, None)
        if isinstance(value, bytes) or value:
            self.values[key] = value
        else:
            self.values.pop(key, None)
        self.changes += 1

    def tidy(self, key: bytes) -> None:
        """Remove a collection that has become empty."""
        value = self.values.get(key)
        if value is not None and not isinstance(value, bytes) and not value:
            self.remove(key)

    def remove(self, key: bytes) -> bool:
        """Whether there was such a key."""
        if self.find(key) is None:
            return False
        self.expires_ms.pop(key, None)
        del self.values[key]
        self.changes += 1
        return True

    def clear(self) -> None:
        """Remove all keys."""
        self.values.clear()
        self.expires_ms.clear()
        self.changes += 1

    def live_keys(self) -> list[bytes]:
        """All keys that have not expired."""
        if not self.expires_ms:
            return list(self.values)
        return [key for key in list(self.values) if self.find(key) is not None]

    def choose(self, count: int) -> int:
        """A random number below `count`."""
        self.seed = (self.seed * _MULTIPLIER + 1) % 2**64
        return (self.seed >> 33) % count

    def size_bytes(self) -> int:
        """About what its keys take in memory."""
        return sum(self.key_bytes(key) for key in self.values)

    def key_bytes(self, key: bytes) -> int:
        """About what one of them takes."""
        return _KEY_BYTES + len(key) + _size(self.values[key])


Run: TypeAlias = Callable[[Database, list[bytes]], Reply]


@dataclass(frozen=True, slots=True)
class Command:
    """One command. `arity` counts its name too; negative: at least so many."""

    run: Run
    arity: int
    is_write: bool = False

    def takes(self, count: int) -> bool:
        """Whether it may have so many words."""
        return count == self.arity if self.arity > 0 else count >= -self.arity


def read(run: Run, arity: int) -> Command:
    """A command that changes nothing."""
    return Command(run, arity)


def write(run: Run, arity: int) -> Command:
    """A command that may change something."""
    return Command(run, arity, is_write=True)


def integer(word: bytes, refusal: str = NOT_INTEGER) -> int:
    """A number as Redis reads one."""
    digits = word.removeprefix(b"-")
    if not digits.isdigit() or (digits[:1] == b"0" and word != b"0"):
        raise Refusal(refusal)
    value = int(word)
    if not _INTEGER_MIN <= value <= _INTEGER_MAX:
        raise Refusal(refusal)
    return value


def number(word: bytes, refusal: str = NOT_FLOAT) -> float:
    """A floating point number as Redis reads one."""
    try:
        value = float(word)
    except ValueError:
        raise Refusal(refusal) from None
    if math.isnan(value):
        raise Refusal(refusal)
    return value


def number_text(value: float) -> bytes:
    """A floating point number as Redis writes one."""
    if math.isinf(value):
        return b"inf" if value > 0 else b"-inf"
    if value == int(value) and abs(value) < 1e17:
        return b"%d" % int(value)
    text = repr(value)
    return (f"{value:.17f}".rstrip("0") if "e-" in text else text).encode()


def span(start: bytes, stop: bytes, length: int) -> range:
    """The positions from `start` to `stop`, both included; negative ones count from the end."""
    first, last = integer(start), integer(stop)
    first = max(first + length, 0) if first < 0 else first
    last = last + length if last < 0 else min(last, length - 1)
    return range(first, last + 1)


def pairs(words: list[bytes], command: str) -> Iterable[tuple[bytes, bytes]]:
    """Words two by two. Refused when one is left over."""
    if len(words) % 2:
        raise Refusal(f"ERR wrong number of arguments for '{command}' command")
    return zip(words[::2], words[1::2], strict=True)


def _size(value: Value) -> int:
    if isinstance(value, bytes):
        return len(value)
    if isinstance(value, Hash):
        return sum(len(name) + len(content) + 32 for name, content in value.items())
    return sum(len(item) + 32 for item in value)
