"""Commands on strings and counters."""

from __future__ import annotations

import math
from decimal import Decimal

from cluster_engine.images.servers.redis.database import (
    NOT_INTEGER,
    SYNTAX,
    Command,
    Database,
    Refusal,
    integer,
    number,
    pairs,
    read,
    span,
    write,
)
from cluster_engine.images.servers.redis.resp import OK, Reply

STRING_BYTES_MAX = 1024 * 1024
_UNITS_MS = {b"EX": 1000, b"PX": 1, b"EXAT": 1000, b"PXAT": 1}
_INTEGER_MIN, _INTEGER_MAX = -(2**63), 2**63 - 1


def _set(database: Database, words: list[bytes]) -> Reply:
    key, value, *options = words
    flags, due_ms = _options(database, options, "set")
    before = database.get(key, bytes) if b"GET" in flags else None
    exists = database.find(key) is not None
    if (b"NX" in flags and exists) or (b"XX" in flags and not exists):
        return before
    database.put(key, value, keeps_expiry=b"KEEPTTL" in flags)
    if due_ms is not None:
        database.expires_ms[key] = due_ms
    return before if b"GET" in flags else OK


def _options(
    database: Database, options: list[bytes], command: str
) -> tuple[set[bytes], int | None]:
    """The plain flags, and when the key shall expire."""
    flags: set[bytes] = set()
    due_ms = None
    at = 0
    while at < len(options):
        word = options[at].upper()
        if word in _UNITS_MS:
            if at + 1 >= len(options):
                raise Refusal(SYNTAX)
            due_ms = _due_ms(database, word, options[at + 1], command)
            at += 1
        elif word in (b"NX", b"XX", b"GET", b"KEEPTTL", b"PERSIST"):
            flags.add(word)
        else:
            raise Refusal(SYNTAX)
        at += 1
    if {b"NX", b"XX"} <= flags or (due_ms is not None and b"KEEPTTL" in flags):
        raise Refusal(SYNTAX)
    return flags, due_ms


def _due_ms(database: Database, unit: bytes, amount: bytes, command: str) -> int:
    value = integer(amount) * _UNITS_MS[unit]
    if value <= 0:
        raise Refusal(f"ERR invalid expire time in '{command}' command")
    return value if unit.endswith(b"AT") else database.now_ms + value


def _setex(database: Database, words: list[bytes], unit: bytes, command: str) -> Reply:
    key, amount, value = words
    due_ms = _due_ms(database, unit, amount, command)
    database.put(key, value)
    database.expires_ms[key] = due_ms
    return OK


def _getset(database: Database, words: list[bytes]) -> Reply:
    before = database.get(words[0], bytes)
    database.put(words[0], words[1])
    return before


def _getdel(database: Database, words: list[bytes]) -> Reply:
    value = database.get(words[0], bytes)
    database.remove(words[0])
    return value


def _getex(database: Database, words: list[bytes]) -> Reply:
    value = database.get(words[0], bytes)
    flags, due_ms = _options(database, words[1:], "getex")
    if value is not None and due_ms is not None:
        database.expires_ms[words[0]] = due_ms
    elif b"PERSIST" in flags:
        database.expires_ms.pop(words[0], None)
    return value


def _mset(database: Database, words: list[bytes]) -> Reply:
    for key, value in pairs(words, "mset"):
        database.put(key, value)
    return OK


def _msetnx(database: Database, words: list[bytes]) -> Reply:
    wanted = list(pairs(words, "msetnx"))
    if any(database.find(key) is not None for key, _ in wanted):
        return 0
    for key, value in wanted:
        database.put(key, value)
    return 1


def _mget(database: Database, words: list[bytes]) -> Reply:
    found = [database.find(key) for key in words]
    return [value if isinstance(value, bytes) else None for value in found]


def _append(database: Database, words: list[bytes]) -> Reply:
    value = (database.get(words[0], bytes) or b"") + words[1]
    _check_length(len(value))
    database.put(words[0], value, keeps_expiry=True)
    return len(value)


def _getrange(database: Database, words: list[bytes]) -> Reply:
    value = database.get(words[0], bytes) or b""
    places = span(words[1], words[2], len(value))
    return value[places.start : places.stop] if places else b""


def _setrange(database: Database, words: list[bytes]) -> Reply:
    value = database.get(words[0], bytes) or b""
    offset = integer(words[1])
    if offset < 0:
        raise Refusal("ERR offset is out of range")
    piece = words[2]
    if piece:
        _check_length(offset + len(piece))
        value = value[:offset].ljust(offset, b"\0") + piece + value[offset + len(piece) :]
        database.put(words[0], value, keeps_expiry=True)
    return len(value)


def _check_length(length: int) -> None:
    if length > STRING_BYTES_MAX:
        raise Refusal("ERR string exceeds maximum allowed size (proto-max-bulk-len)")


def _add(database: Database, key: bytes, amount: int) -> Reply:
    value = integer(database.get(key, bytes) or b"0") + amount
    if not _INTEGER_MIN <= value <= _INTEGER_MAX:
        raise Refusal("ERR increment or decrement would overflow")
    database.put(key, b"%d" % value, keeps_expiry=True)
    return value


def _add_float(database: Database, words: list[bytes]) -> Reply:
    before = database.get(words[0], bytes) or b"0"
    if math.isinf(number(before) + number(words[1])):
        raise Refusal("ERR increment would produce NaN or Infinity")
    # Exact, as Redis' long doubles look to people: 0.1 and 0.2 make 0.3.
    total = Decimal(before.decode()) + Decimal(words[1].decode())
    text = f"{total:.17f}".rstrip("0").rstrip(".").encode()
    database.put(words[0], text, keeps_expiry=True)
    return text


def _decrement(database: Database, words: list[bytes]) -> Reply:
    amount = integer(words[1])
    if amount == _INTEGER_MIN:
        raise Refusal(NOT_INTEGER)
    return _add(database, words[0], -amount)


COMMANDS: dict[str, Command] = {
    "set": write(_set, -3),
    "get": read(lambda db, words: db.get(words[0], bytes), 2),
    "getset": write(_getset, 3),
    "getdel": write(_getdel, 2),
    "getex": write(_getex, -2),
    "setnx": write(lambda db, words: int(_set(db, [*words, b"NX"]) is not None), 3),
    "setex": write(lambda db, words: _setex(db, words, b"EX", "setex"), 4),
    "psetex": write(lambda db, words: _setex(db, words, b"PX", "psetex"), 4),
    "mset": write(_mset, -3),
    "msetnx": write(_msetnx, -3),
    "mget": read(_mget, -2),
    "append": write(_append, 3),
    "strlen": read(lambda db, words: len(db.get(words[0], bytes) or b""), 2),
    "getrange": read(_getrange, 4),
    "substr": read(_getrange, 4),
    "setrange": write(_setrange, 4),
    "incr": write(lambda db, words: _add(db, words[0], 1), 2),
    "decr": write(lambda db, words: _add(db, words[0], -1), 2),
    "incrby": write(lambda db, words: _add(db, words[0], integer(words[1])), 3),
    "decrby": write(_decrement, 3),
    "incrbyfloat": write(_add_float, 3),
}
