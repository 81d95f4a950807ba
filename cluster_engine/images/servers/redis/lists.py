"""Commands on lists."""

from __future__ import annotations

from cluster_engine.images.servers.redis.database import (
    SYNTAX,
    Command,
    Database,
    Refusal,
    integer,
    read,
    span,
    write,
)
from cluster_engine.images.servers.redis.resp import OK, NullArray, Reply

_NEGATIVE = "ERR value is out of range, must be positive"


def push(database: Database, words: list[bytes], *, is_left: bool, must_exist: bool) -> Reply:
    """LPUSH, RPUSH and their X forms."""
    key, *values = words
    if must_exist and database.get(key, list) is None:
        return 0
    held = database.of(key, list)
    if is_left:
        held[:0] = reversed(values)
    else:
        held += values
    return len(held)


def pop(database: Database, key: bytes, *, is_left: bool) -> bytes | None:
    """Take one element off an end."""
    held = database.get(key, list)
    if not held:
        return None
    value = held.pop(0 if is_left else -1)
    database.changes += 1
    database.tidy(key)
    return value


def _pop(database: Database, words: list[bytes], *, is_left: bool) -> Reply:
    if len(words) == 1:
        return pop(database, words[0], is_left=is_left)
    if len(words) > 2:
        name = "lpop" if is_left else "rpop"
        raise Refusal(f"ERR wrong number of arguments for '{name}' command")
    count = integer(words[1], _NEGATIVE)
    if count < 0:
        raise Refusal(_NEGATIVE)
    held = database.get(words[0], list)
    if held is None:
        return NullArray()
    taken: list[Reply] = []
    for _ in range(min(count, len(held))):
        taken.append(pop(database, words[0], is_left=is_left))
    return taken


def move(database: Database, source: bytes, target: bytes, *, ends: tuple[bool, bool]) -> Reply:
    """From an end of a list (True: the left one) to an end of another."""
    database.get(target, list)
    value = pop(database, source, is_left=ends[0])
    if value is not None:
        push(database, [target, value], is_left=ends[1], must_exist=False)
    return value


def is_left(word: bytes) -> bool:
    """LEFT or RIGHT."""
    if word.upper() not in (b"LEFT", b"RIGHT"):
        raise Refusal(SYNTAX)
    return word.upper() == b"LEFT"


def _lmove(database: Database, words: list[bytes]) -> Reply:
    source, target, origin, end = words
    return move(database, source, target, ends=(is_left(origin), is_left(end)))


def _lrange(database: Database, words: list[bytes]) -> Reply:
    held = database.get(words[0], list) or []
    places = span(words[1], words[2], len(held))
    return list(held[places.start : places.stop]) if places else []


def _ltrim(database: Database, words: list[bytes]) -> Reply:
    held = database.get(words[0], list)
    if held is not None:
        places = span(words[1], words[2], len(held))
        kept = held[places.start : places.stop] if places else []
        database.put(words[0], kept, keeps_expiry=True)
    return OK


def _lindex(database: Database, words: list[bytes]) -> Reply:
    held, index = database.get(words[0], list) or [], integer(words[1])
    return held[index] if -len(held) <= index < len(held) else None


def _lset(database: Database, words: list[bytes]) -> Reply:
    held, index = database.get(words[0], list), integer(words[1])
    if held is None:
        raise Refusal("ERR no such key")
    if not -len(held) <= index < len(held):
        raise Refusal("ERR index out of range")
    held[index] = words[2]
    database.changes += 1
    return OK


def _linsert(database: Database, words: list[bytes]) -> Reply:
    key, where, pivot, value = words
    if where.upper() not in (b"BEFORE", b"AFTER"):
        raise Refusal(SYNTAX)
    held = database.get(key, list)
    if held is None:
        return 0
    if pivot not in held:
        return -1
    held.insert(held.index(pivot) + (where.upper() == b"AFTER"), value)
    database.changes += 1
    return len(held)


def _lrem(database: Database, words: list[bytes]) -> Reply:
    key, limit, value = words[0], integer(words[1]), words[2]
    held = database.get(key, list)
    if held is None:
        return 0
    places = [place for place, item in enumerate(held) if item == value]
    if limit:
        places = places[:limit] if limit > 0 else places[limit:]
    for place in reversed(places):
        del held[place]
    database.changes += len(places)
    database.tidy(key)
    return len(places)


def _lpos(database: Database, words: list[bytes]) -> Reply:
    held = database.get(words[0], list) or []
    return held.index(words[1]) if words[1] in held else None


COMMANDS: dict[str, Command] = {
    "lpush": write(lambda db, words: push(db, words, is_left=True, must_exist=False), -3),
    "rpush": write(lambda db, words: push(db, words, is_left=False, must_exist=False), -3),
    "lpushx": write(lambda db, words: push(db, words, is_left=True, must_exist=True), -3),
    "rpushx": write(lambda db, words: push(db, words, is_left=False, must_exist=True), -3),
    "lpop": write(lambda db, words: _pop(db, words, is_left=True), -2),
    "rpop": write(lambda db, words: _pop(db, words, is_left=False), -2),
    "rpoplpush": write(lambda db, words: move(db, words[0], words[1], ends=(False, True)), 3),
    "lmove": write(_lmove, 5),
    "lrange": read(_lrange, 4),
    "ltrim": write(_ltrim, 4),
    "llen": read(lambda db, words: len(db.get(words[0], list) or ()), 2),
    "lindex": read(_lindex, 3),
    "lset": write(_lset, 4),
    "linsert": write(_linsert, 5),
    "lrem": write(_lrem, 4),
    "lpos": read(_lpos, -3),
}
