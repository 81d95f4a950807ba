"""Commands on keys of any kind."""

from __future__ import annotations

import re
from functools import lru_cache

from cluster_engine.images.servers.redis.database import (
    KIND_NAMES,
    SYNTAX,
    Command,
    Database,
    Hash,
    Members,
    Refusal,
    Scores,
    Value,
    integer,
    read,
    write,
)
from cluster_engine.images.servers.redis.resp import OK, Reply, Status

_NO_KEY = "ERR no such key"
#: Collections below this size, with short members, are kept in their compact form.
_COMPACT_MAX, _COMPACT_BYTES_MAX = 128, 64
_SCAN_COUNT = 10


@lru_cache(maxsize=256)
def pattern(glob: bytes) -> re.Pattern[bytes]:
    """A glob of Redis (`*`, `?`, `[a-c]`, `[^a]`, backslash) as a regular expression.

    What follows a star is found at its first place and not looked for again (an atomic group), so
    that a hostile pattern stays cheap.
    """
    pieces = [bytearray()]
    at = 0
    while at < len(glob):
        char = glob[at : at + 1]
        if char == b"*":
            if pieces[-1] or len(pieces) == 1:
                pieces.append(bytearray())
        elif char == b"?":
            pieces[-1] += b"."
        elif char == b"[" and (end := glob.find(b"]", at + 1)) > 0:
            inner = glob[at + 1 : end].replace(b"\\", b"\\\\").replace(b"[", b"\\[")
            pieces[-1] += b"[" + inner + b"]" if inner not in (b"", b"^") else re.escape(inner)
            at = end
        elif char == b"\\" and at + 1 < len(glob):
            at += 1
            pieces[-1] += re.escape(glob[at : at + 1])
        else:
            pieces[-1] += re.escape(char)
        at += 1
    first, *middle = pieces
    text = bytes(first)
    if middle:
        text += b"".join(b"(?>.*?" + piece + b")" for piece in middle[:-1]) + b".*" + middle[-1]
    try:
        return re.compile(text, re.DOTALL)
    except re.error:
        return re.compile(re.escape(glob))


def copy(value: Value) -> Value:
    """The same content, independent of the original."""
    if isinstance(value, bytes):
        return value
    if isinstance(value, list):
        return list(value)
    if isinstance(value, Hash):
        return Hash(value)
    return Scores(value) if isinstance(value, Scores) else Members(value)


def _delete(database: Database, words: list[bytes]) -> Reply:
    return sum(database.remove(key) for key in words)


def _exists(database: Database, words: list[bytes]) -> Reply:
    return sum(database.find(key) is not None for key in words)


def _keys(database: Database, words: list[bytes]) -> Reply:
    matches = pattern(words[0]).fullmatch
    return [key for key in database.live_keys() if matches(key)]


def _scan(database: Database, words: list[bytes]) -> Reply:
    start, (matches, count, kind) = (
        integer(words[0], "ERR invalid cursor"),
        _scan_options(words[1:]),
    )
    keys = database.live_keys()
    found: list[Reply] = []
    for key in keys[start : start + count]:
        named = KIND_NAMES[type(database.values[key])].encode()
        if matches.fullmatch(key) and kind in (b"", named):
            found.append(key)
    after = start + count
    return [b"%d" % (after if after < len(keys) else 0), found]


def _scan_options(words: list[bytes]) -> tuple[re.Pattern[bytes], int, bytes]:
    glob, count, kind = b"*", _SCAN_COUNT, b""
    if len(words) % 2:
        raise Refusal(SYNTAX)
    for name, value in zip(words[::2], words[1::2], strict=True):
        if name.upper() == b"MATCH":
            glob = value
        elif name.upper() == b"COUNT":
            count = integer(value)
            if count < 1:
                raise Refusal(SYNTAX)
        elif name.upper() == b"TYPE":
            kind = value.lower()
        else:
            raise Refusal(SYNTAX)
    return pattern(glob), count, kind


def scan_collection(database: Database, words: list[bytes], kind: str) -> Reply:
    """HSCAN, SSCAN, ZSCAN: small collections come whole."""
    held = database.find(words[0])
    integer(words[1], "ERR invalid cursor")
    matches, _, _ = _scan_options(words[2:])
    if held is None:
        return [b"0", []]
    if KIND_NAMES[type(held)] != kind:
        raise Refusal("WRONGTYPE Operation against a key holding the wrong kind of value")
    found: list[Reply] = []
    for name in held:
        if isinstance(name, bytes) and matches.fullmatch(name):
            found.append(name)
            if isinstance(held, Hash):
                found.append(held[name])
            elif isinstance(held, Scores):
                found.append(f"{held[name]:g}".encode())
    return [b"0", found]


def _type(database: Database, words: list[bytes]) -> Reply:
    value = database.find(words[0])
    return Status("none" if value is None else KIND_NAMES[type(value)])


def _expire(database: Database, words: list[bytes], command: str) -> Reply:
    factor = 1 if command.startswith("p") else 1000
    start_ms = 0 if command.endswith("at") else database.now_ms
    due_ms = start_ms + integer(words[1]) * factor
    key, flags = words[0], {word.upper() for word in words[2:]}
    for flag in flags - {b"NX", b"XX", b"GT", b"LT"}:
        raise Refusal(f"ERR Unsupported option {flag.decode(errors='replace')}")
    if database.find(key) is None:
        return 0
    before_ms = database.expires_ms.get(key)
    if (
        (b"NX" in flags and before_ms is not None)
        or (b"XX" in flags and before_ms is None)
        or (b"GT" in flags and (before_ms is None or due_ms <= before_ms))
        or (b"LT" in flags and before_ms is not None and due_ms >= before_ms)
    ):
        return 0
    database.expires_ms[key] = due_ms
    database.changes += 1
    database.find(key)
    return 1


def _left(database: Database, words: list[bytes], factor: int) -> Reply:
    if database.find(words[0]) is None:
        return -2
    due_ms = database.expires_ms.get(words[0])
    if due_ms is None:
        return -1
    left_ms = due_ms - database.now_ms
    return (left_ms + 500) // 1000 if factor == 1000 else left_ms


def _due(database: Database, words: list[bytes], factor: int) -> Reply:
    if database.find(words[0]) is None:
        return -2
    due_ms = database.expires_ms.get(words[0])
    return -1 if due_ms is None else due_ms // factor


def _persist(database: Database, words: list[bytes]) -> Reply:
    if database.find(words[0]) is None:
        return 0
    return int(database.expires_ms.pop(words[0], None) is not None)


def _rename(database: Database, words: list[bytes], *, is_careful: bool) -> Reply:
    source, target = words
    value = database.find(source)
    if value is None:
        raise Refusal(_NO_KEY)
    if is_careful and database.find(target) is not None:
        return 0
    due_ms = database.expires_ms.get(source)
    database.remove(source)
    database.put(target, value)
    if due_ms is not None:
        database.expires_ms[target] = due_ms
    return 1 if is_careful else OK


def _copy(database: Database, words: list[bytes]) -> Reply:
    value = database.find(words[0])
    is_replacing = any(word.upper() == b"REPLACE" for word in words[2:])
    if value is None or (database.find(words[1]) is not None and not is_replacing):
        return 0
    database.put(words[1], copy(value))
    due_ms = database.expires_ms.get(words[0])
    if due_ms is not None:
        database.expires_ms[words[1]] = due_ms
    return 1


def _random_key(database: Database, words: list[bytes]) -> Reply:
    del words
    keys = database.live_keys()
    return keys[database.choose(len(keys))] if keys else None


def _object(database: Database, words: list[bytes]) -> Reply:
    about = words[0].lower()
    if about not in (b"encoding", b"refcount", b"idletime", b"freq") or len(words) != 2:
        name = words[0].decode(errors="replace")
        raise Refusal(
            f"ERR unknown subcommand or wrong number of arguments for '{name}'. Try OBJECT HELP."
        )
    value = database.find(words[1])
    if value is None:
        return None
    if about == b"encoding":
        return encoding(value)
    return 1 if about == b"refcount" else 0


def encoding(value: Value) -> bytes:
    """How Redis would keep the value."""
    if isinstance(value, bytes):
        if value.removeprefix(b"-").isdigit() and len(value) < 19:
            return b"int"
        return b"embstr" if len(value) <= 44 else b"raw"
    is_small = len(value) <= _COMPACT_MAX and all(len(item) <= _COMPACT_BYTES_MAX for item in value)
    if isinstance(value, Members):
        if all(item.removeprefix(b"-").isdigit() for item in value) and len(value) <= 512:
            return b"intset"
        return b"listpack" if is_small else b"hashtable"
    if isinstance(value, Scores):
        return b"listpack" if is_small else b"skiplist"
    if isinstance(value, Hash):
        return b"listpack" if is_small else b"hashtable"
    return b"listpack" if is_small else b"quicklist"


def _flush(database: Database, words: list[bytes]) -> Reply:
    del words
    database.clear()
    return OK


COMMANDS: dict[str, Command] = {
    "del": write(_delete, -2),
    "unlink": write(_delete, -2),
    "exists": read(_exists, -2),
    "touch": read(_exists, -2),
    "keys": read(_keys, 2),
    "scan": read(_scan, -2),
    "type": read(_type, 2),
    "expire": write(lambda db, words: _expire(db, words, "expire"), -3),
    "pexpire": write(lambda db, words: _expire(db, words, "pexpire"), -3),
    "expireat": write(lambda db, words: _expire(db, words, "expireat"), -3),
    "pexpireat": write(lambda db, words: _expire(db, words, "pexpireat"), -3),
    "ttl": read(lambda db, words: _left(db, words, 1000), 2),
    "pttl": read(lambda db, words: _left(db, words, 1), 2),
    "expiretime": read(lambda db, words: _due(db, words, 1000), 2),
    "pexpiretime": read(lambda db, words: _due(db, words, 1), 2),
    "persist": write(_persist, 2),
    "rename": write(lambda db, words: _rename(db, words, is_careful=False), 3),
    "renamenx": write(lambda db, words: _rename(db, words, is_careful=True), 3),
    "copy": write(_copy, -3),
    "randomkey": read(_random_key, 1),
    "object": read(_object, -2),
    "dbsize": read(lambda db, _: len(db.live_keys()), 1),
    "flushdb": write(_flush, -1),
}
