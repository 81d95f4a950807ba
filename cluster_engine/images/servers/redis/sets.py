"""Commands on sets."""

from __future__ import annotations

from cluster_engine.images.servers.redis.database import (
    Command,
    Database,
    Members,
    Refusal,
    integer,
    read,
    write,
)
from cluster_engine.images.servers.redis.keys import scan_collection
from cluster_engine.images.servers.redis.resp import Reply


def _held(database: Database, key: bytes) -> Members:
    return database.get(key, Members) or Members()


def members(held: Members) -> list[bytes]:
    """In the order in which Redis gives small sets: numbers by value, others as they came."""
    if all(item.removeprefix(b"-").isdigit() for item in held):
        return sorted(held, key=int)
    return list(held)


def _sadd(database: Database, words: list[bytes]) -> Reply:
    held = database.of(words[0], Members)
    before = len(held)
    held.update(dict.fromkeys(words[1:]))
    return len(held) - before


def _srem(database: Database, words: list[bytes]) -> Reply:
    held = _held(database, words[0])
    count = 0
    for item in words[1:]:
        if item in held:
            del held[item]
            count += 1
    database.changes += count
    database.tidy(words[0])
    return count


def _smismember(database: Database, words: list[bytes]) -> Reply:
    held = _held(database, words[0])
    return [int(item in held) for item in words[1:]]


def _smove(database: Database, words: list[bytes]) -> Reply:
    source, target, item = words
    if item not in _held(database, source):
        return 0
    _srem(database, [source, item])
    _sadd(database, [target, item])
    return 1


def _drawn(database: Database, words: list[bytes], *, is_taking: bool) -> Reply:
    """SPOP and SRANDMEMBER."""
    held = _held(database, words[0])
    pool = members(held)
    if len(words) == 1:
        if not pool:
            return None
        item = pool[database.choose(len(pool))]
        if is_taking:
            _srem(database, [words[0], item])
        return item
    count = integer(words[1])
    if is_taking and count < 0:
        raise Refusal("ERR value is out of range, must be positive")
    found: list[Reply] = []
    while pool and len(found) < abs(count):
        place = database.choose(len(pool))
        found.append(pool[place] if count < 0 else pool.pop(place))
    if is_taking and found:
        _srem(database, [words[0], *(item for item in found if isinstance(item, bytes))])
    return found


def _combined(database: Database, keys: list[bytes], how: str) -> Members:
    """The members of the first set and of ("union"), also in ("inter") or not in others."""
    first, *others = [_held(database, key) for key in keys]
    if how == "union":
        return Members(dict.fromkeys(item for held in (first, *others) for item in held))
    if how == "inter":
        return Members(
            dict.fromkeys(item for item in first if all(item in held for held in others))
        )
    return Members(
        dict.fromkeys(item for item in first if not any(item in held for held in others))
    )


def _combine(how: str) -> Command:
    return read(lambda db, words: list(members(_combined(db, words, how))), -2)


def _store(how: str) -> Command:
    def run(database: Database, words: list[bytes]) -> Reply:
        found = _combined(database, words[1:], how)
        database.put(words[0], found)
        return len(found)

    return write(run, -3)


COMMANDS: dict[str, Command] = {
    "sadd": write(_sadd, -3),
    "srem": write(_srem, -3),
    "smembers": read(lambda db, words: list(members(_held(db, words[0]))), 2),
    "sismember": read(lambda db, words: int(words[1] in _held(db, words[0])), 3),
    "smismember": read(_smismember, -3),
    "scard": read(lambda db, words: len(_held(db, words[0])), 2),
    "smove": write(_smove, 4),
    "spop": write(lambda db, words: _drawn(db, words, is_taking=True), -2),
    "srandmember": read(lambda db, words: _drawn(db, words, is_taking=False), -2),
    "sunion": _combine("union"),
    "sinter": _combine("inter"),
    "sdiff": _combine("diff"),
    "sunionstore": _store("union"),
    "sinterstore": _store("inter"),
    "sdiffstore": _store("diff"),
    "sscan": read(lambda db, words: scan_collection(db, words, "set"), -3),
}
