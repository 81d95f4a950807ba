"""What a Redis server can do: one function per command on a plain dictionary.

Values are bytes, lists of bytes, dicts of bytes or sets (kept as dicts for their order); expiry
times are kept beside them. Models: redis 7.4, the commands people use in labs.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from cluster_engine.images.servers.resp import (
    Failure,
    ProtocolError,
    Reply,
    Status,
    encode,
    take_request,
)

OK = Status("OK")
_WRONG_TYPE = Failure("WRONGTYPE Operation against a key holding the wrong kind of value")
_NOT_INTEGER = Failure("ERR value is not an integer or out of range")
KEYS_MAX = 100_000
DUMP_MAGIC = b"REDIS0012"


class WrongType(Exception):
    """The key holds another kind of value."""


@dataclass(slots=True)
class Database:
    """The keys of one server, and when some of them expire."""

    values: dict[bytes, Any] = field(default_factory=dict)
    expires_ms: dict[bytes, int] = field(default_factory=dict)
    now_ms: int = 0
    changes: int = 0

    def get(self, key: bytes, kind: type) -> Any:
        """The live value, or None. Raises WrongType."""
        value = self.values.get(key)
        if value is None:
            return None
        if self.expires_ms.get(key, self.now_ms + 1) <= self.now_ms:
            self.remove(key)
            return None
        if not isinstance(value, kind):
            raise WrongType
        return value

    def of(self, key: bytes, kind: type) -> Any:
        """The live value, made empty when there is none."""
        value = self.get(key, kind)
        if value is None:
            value = self.values[key] = kind()
        self.changes += 1
        return value

    def remove(self, key: bytes) -> bool:
        """Whether there was such a key."""
        self.expires_ms.pop(key, None)
        self.changes += 1
        return self.values.pop(key, None) is not None

    def live_keys(self) -> list[bytes]:
        """All keys that have not expired."""
        return [key for key in list(self.values) if self.get(key, object) is not None]


Command: TypeAlias = Callable[[Database, list[bytes]], Reply]


def run(database: Database, words: list[bytes]) -> Reply:
    """Answer one request; errors are replies."""
    name = words[0].decode("latin-1").lower()
    command = COMMANDS.get(name)
    if command is None:
        shown = " ".join(f"'{word.decode(errors='replace')}'" for word in words[1:])
        said = words[0].decode(errors="replace")
        return Failure(f"ERR unknown command '{said}', with args beginning with: {shown}")
    if len(database.values) >= KEYS_MAX:
        return Failure("OOM command not allowed when used memory > 'maxmemory'.")
    try:
        return command(database, words[1:])
    except WrongType:
        return _WRONG_TYPE
    except (IndexError, TypeError):
        return Failure(f"ERR wrong number of arguments for '{name}' command")
    except ValueError:
        return _NOT_INTEGER


def dump(database: Database) -> bytes:
    """The content as the commands that make it again: our dump file's form after its magic."""
    commands: list[list[bytes]] = []
    for key in database.live_keys():
        value = database.values[key]
        if isinstance(value, bytes):
            commands.append([b"SET", key, value])
        elif isinstance(value, list):
            commands.append([b"RPUSH", key, *value])
        elif isinstance(value, dict):
            commands.append([b"HSET", key, *(part for pair in value.items() for part in pair)])
        else:
            commands.append([b"SADD", key, *sorted(value)])
    return DUMP_MAGIC + b"".join(encode(list(command)) for command in commands)


def load(database: Database, data: bytes) -> int:
    """Take over a dump; what is no dump is ignored. Returns how many keys there are then."""
    if data.startswith(DUMP_MAGIC):
        buffer = bytearray(data[len(DUMP_MAGIC) :])
        try:
            while words := take_request(buffer):
                run(database, words)
        except ProtocolError:
            pass
    return len(database.values)


def _ping(_: Database, words: list[bytes]) -> Reply:
    return words[0] if words else Status("PONG")


def _set(database: Database, words: list[bytes]) -> Reply:
    key, value, *options = words
    flags = [word.upper() for word in options]
    exists = database.get(key, object) is not None
    if (b"NX" in flags and exists) or (b"XX" in flags and not exists):
        return None
    database.values[key] = value
    database.changes += 1
    database.expires_ms.pop(key, None)
    for unit, factor in ((b"EX", 1000), (b"PX", 1)):
        if unit in flags:
            amount = int(options[flags.index(unit) + 1])
            database.expires_ms[key] = database.now_ms + amount * factor
    return OK


def _get(database: Database, words: list[bytes]) -> Reply:
    value: bytes | None = database.get(words[0], bytes)
    return value


def _getset(database: Database, words: list[bytes]) -> Reply:
    before: bytes | None = database.get(words[0], bytes)
    database.values[words[0]] = words[1]
    return before


def _mset(database: Database, words: list[bytes]) -> Reply:
    for key, value in zip(words[::2], words[1::2], strict=True):
        database.values[key] = value
    database.changes += 1
    return OK


def _mget(database: Database, words: list[bytes]) -> Reply:
    found = [database.values.get(key) for key in words]
    return [value if isinstance(value, bytes) else None for value in found]


def _append(database: Database, words: list[bytes]) -> Reply:
    value = database.of(words[0], bytes) + words[1]
    database.values[words[0]] = value
    return len(value)


def _strlen(database: Database, words: list[bytes]) -> Reply:
    return len(database.get(words[0], bytes) or b"")


def _add(database: Database, key: bytes, amount: int) -> Reply:
    value = int(database.get(key, bytes) or b"0") + amount
    database.values[key] = b"%d" % value
    database.changes += 1
    return value


def _del(database: Database, words: list[bytes]) -> Reply:
    return sum(database.remove(key) for key in words)


def _exists(database: Database, words: list[bytes]) -> Reply:
    return sum(database.get(key, object) is not None for key in words)


def _keys(database: Database, words: list[bytes]) -> Reply:
    pattern = words[0].decode("latin-1")
    return [
        key for key in database.live_keys() if fnmatch.fnmatchcase(key.decode("latin-1"), pattern)
    ]


def _scan(database: Database, words: list[bytes]) -> Reply:
    del words
    return [b"0", list(database.live_keys())]


def _type(database: Database, words: list[bytes]) -> Reply:
    value = database.get(words[0], object)
    names = {bytes: "string", list: "list", dict: "hash", set: "set", type(None): "none"}
    return Status(names[type(value)])


def _expire(database: Database, words: list[bytes]) -> Reply:
    if database.get(words[0], object) is None:
        return 0
    database.expires_ms[words[0]] = database.now_ms + int(words[1]) * 1000
    return 1


def _ttl(database: Database, words: list[bytes]) -> Reply:
    if database.get(words[0], object) is None:
        return -2
    due = database.expires_ms.get(words[0])
    return -1 if due is None else (due - database.now_ms + 500) // 1000


def _persist(database: Database, words: list[bytes]) -> Reply:
    return int(database.expires_ms.pop(words[0], None) is not None)


def _push(database: Database, words: list[bytes], *, is_left: bool) -> Reply:
    key, *values = words
    held: list[bytes] = database.of(key, list)
    for value in values:
        if is_left:
            held.insert(0, value)
        else:
            held.append(value)
    return len(held)


def _pop(database: Database, words: list[bytes], *, is_left: bool) -> Reply:
    held: list[bytes] | None = database.get(words[0], list)
    if not held:
        return None
    value = held.pop(0 if is_left else -1)
    if not held:
        database.remove(words[0])
    return value


def _lrange(database: Database, words: list[bytes]) -> Reply:
    held: list[bytes] = database.get(words[0], list) or []
    start, stop = int(words[1]), int(words[2])
    start = max(start + len(held), 0) if start < 0 else start
    stop = stop + len(held) if stop < 0 else stop
    return list(held[start : stop + 1])


def _llen(database: Database, words: list[bytes]) -> Reply:
    return len(database.get(words[0], list) or ())


def _hset(database: Database, words: list[bytes]) -> Reply:
    key, *pairs = words
    held: dict[bytes, bytes] = database.of(key, dict)
    before = len(held)
    held.update(zip(pairs[::2], pairs[1::2], strict=True))
    return len(held) - before


def _hget(database: Database, words: list[bytes]) -> Reply:
    held: dict[bytes, bytes] = database.get(words[0], dict) or {}
    return held.get(words[1])


def _hgetall(database: Database, words: list[bytes]) -> Reply:
    held: dict[bytes, bytes] = database.get(words[0], dict) or {}
    return [part for pair in held.items() for part in pair]


def _hdel(database: Database, words: list[bytes]) -> Reply:
    held: dict[bytes, bytes] = database.get(words[0], dict) or {}
    return sum(held.pop(name, None) is not None for name in words[1:])


def _sadd(database: Database, words: list[bytes]) -> Reply:
    held: set[bytes] = database.of(words[0], set)
    before = len(held)
    held.update(words[1:])
    return len(held) - before


def _smembers(database: Database, words: list[bytes]) -> Reply:
    return sorted(database.get(words[0], set) or ())


def _sismember(database: Database, words: list[bytes]) -> Reply:
    return int(words[1] in (database.get(words[0], set) or ()))


def _srem(database: Database, words: list[bytes]) -> Reply:
    held: set[bytes] = database.get(words[0], set) or set()
    before = len(held)
    held.difference_update(words[1:])
    return before - len(held)


def _flush(database: Database, words: list[bytes]) -> Reply:
    del words
    database.values.clear()
    database.expires_ms.clear()
    database.changes += 1
    return OK


COMMANDS: dict[str, Command] = {
    "ping": _ping,
    "echo": lambda _, words: words[0],
    "select": lambda _, words: OK if words[0] == b"0" else Failure("ERR DB index is out of range"),
    "command": lambda _, __: [],
    "client": lambda _, __: OK,
    "hello": lambda _, __: Failure("NOPROTO unsupported protocol version"),
    "auth": lambda _, __: Failure(
        "ERR AUTH <password> called without any password configured for the default user. "
        "Are you sure your configuration is correct?"
    ),
    "set": _set,
    "get": _get,
    "getset": _getset,
    "setnx": lambda db, words: int(_set(db, [*words[:2], b"NX"]) is not None),
    "mset": _mset,
    "mget": _mget,
    "append": _append,
    "strlen": _strlen,
    "incr": lambda db, words: _add(db, words[0], 1),
    "decr": lambda db, words: _add(db, words[0], -1),
    "incrby": lambda db, words: _add(db, words[0], int(words[1])),
    "decrby": lambda db, words: _add(db, words[0], -int(words[1])),
    "del": _del,
    "unlink": _del,
    "exists": _exists,
    "keys": _keys,
    "scan": _scan,
    "type": _type,
    "expire": _expire,
    "ttl": _ttl,
    "persist": _persist,
    "lpush": lambda db, words: _push(db, words, is_left=True),
    "rpush": lambda db, words: _push(db, words, is_left=False),
    "lpop": lambda db, words: _pop(db, words, is_left=True),
    "rpop": lambda db, words: _pop(db, words, is_left=False),
    "lrange": _lrange,
    "llen": _llen,
    "hset": _hset,
    "hget": _hget,
    "hgetall": _hgetall,
    "hdel": _hdel,
    "hlen": lambda db, words: len(db.get(words[0], dict) or ()),
    "hkeys": lambda db, words: list(db.get(words[0], dict) or ()),
    "sadd": _sadd,
    "smembers": _smembers,
    "sismember": _sismember,
    "scard": lambda db, words: len(db.get(words[0], set) or ()),
    "srem": _srem,
    "dbsize": lambda db, _: len(db.live_keys()),
    "flushall": _flush,
    "flushdb": _flush,
}
