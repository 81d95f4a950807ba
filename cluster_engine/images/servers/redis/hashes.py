"""Commands on hashes."""

from __future__ import annotations

from cluster_engine.images.servers.redis.database import (
    Command,
    Database,
    Hash,
    Refusal,
    integer,
    number,
    number_text,
    pairs,
    read,
    write,
)
from cluster_engine.images.servers.redis.keys import scan_collection
from cluster_engine.images.servers.redis.resp import OK, Reply


def _held(database: Database, key: bytes) -> Hash:
    return database.get(key, Hash) or Hash()


def _hset(database: Database, words: list[bytes], command: str) -> Reply:
    given = list(pairs(words[1:], command))
    held = database.of(words[0], Hash)
    before = len(held)
    held.update(given)
    return OK if command == "hmset" else len(held) - before


def _hsetnx(database: Database, words: list[bytes]) -> Reply:
    key, name, value = words
    if name in _held(database, key):
        return 0
    database.of(key, Hash)[name] = value
    return 1


def _hmget(database: Database, words: list[bytes]) -> Reply:
    held = _held(database, words[0])
    return [held.get(name) for name in words[1:]]


def _hgetall(database: Database, words: list[bytes]) -> Reply:
    return [part for pair in _held(database, words[0]).items() for part in pair]


def _hdel(database: Database, words: list[bytes]) -> Reply:
    held = _held(database, words[0])
    count = sum(held.pop(name, None) is not None for name in words[1:])
    database.changes += count
    database.tidy(words[0])
    return count


def _hincrby(database: Database, words: list[bytes]) -> Reply:
    key, name, amount = words
    before = _held(database, key).get(name, b"0")
    value = integer(before, "ERR hash value is not an integer") + integer(amount)
    if not -(2**63) <= value < 2**63:
        raise Refusal("ERR increment or decrement would overflow")
    database.of(key, Hash)[name] = b"%d" % value
    return value


def _hincrbyfloat(database: Database, words: list[bytes]) -> Reply:
    key, name, amount = words
    before = _held(database, key).get(name, b"0")
    value = number_text(number(before, "ERR hash value is not a float") + number(amount))
    database.of(key, Hash)[name] = value
    return value


def _hrandfield(database: Database, words: list[bytes]) -> Reply:
    names = list(_held(database, words[0]))
    return names[database.choose(len(names))] if names else None


COMMANDS: dict[str, Command] = {
    "hset": write(lambda db, words: _hset(db, words, "hset"), -4),
    "hmset": write(lambda db, words: _hset(db, words, "hmset"), -4),
    "hsetnx": write(_hsetnx, 4),
    "hget": read(lambda db, words: _held(db, words[0]).get(words[1]), 3),
    "hmget": read(_hmget, -3),
    "hgetall": read(_hgetall, 2),
    "hdel": write(_hdel, -3),
    "hlen": read(lambda db, words: len(_held(db, words[0])), 2),
    "hkeys": read(lambda db, words: list(_held(db, words[0])), 2),
    "hvals": read(lambda db, words: list(_held(db, words[0]).values()), 2),
    "hexists": read(lambda db, words: int(words[1] in _held(db, words[0])), 3),
    "hstrlen": read(lambda db, words: len(_held(db, words[0]).get(words[1], b"")), 3),
    "hincrby": write(_hincrby, 4),
    "hincrbyfloat": write(_hincrbyfloat, 4),
    "hrandfield": read(_hrandfield, -2),
    "hscan": read(lambda db, words: scan_collection(db, words, "hash"), -3),
}
