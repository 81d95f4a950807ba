"""Commands on sorted sets."""

from __future__ import annotations

from cluster_engine.images.servers.redis.database import (
    SYNTAX,
    Command,
    Database,
    Refusal,
    Scores,
    integer,
    number,
    number_text,
    read,
    span,
    write,
)
from cluster_engine.images.servers.redis.keys import scan_collection
from cluster_engine.images.servers.redis.resp import Reply

_BOUND = "ERR min or max is not a float"


def _held(database: Database, key: bytes) -> Scores:
    return database.get(key, Scores) or Scores()


def _zadd(database: Database, words: list[bytes]) -> Reply:
    key, rest = words[0], words[1:]
    flags: set[bytes] = set()
    while rest and rest[0].upper() in (b"NX", b"XX", b"GT", b"LT", b"CH", b"INCR"):
        flags.add(rest.pop(0).upper())
    if not rest or len(rest) % 2:
        raise Refusal(SYNTAX)
    given = [(number(score), member) for score, member in zip(rest[::2], rest[1::2], strict=True)]
    held = database.of(key, Scores)
    added = changed = 0
    score: float = 0
    for score, member in given:
        before = held.get(member)
        if b"INCR" in flags:
            score += before or 0
        if not _is_wanted(flags, before, score):
            continue
        added += before is None
        changed += before != score
        held[member] = score
    database.tidy(key)
    if b"INCR" in flags:
        return number_text(score)
    return changed if b"CH" in flags else added


def _is_wanted(flags: set[bytes], before: float | None, score: float) -> bool:
    if before is None:
        return b"XX" not in flags
    if b"NX" in flags:
        return False
    return not ((b"GT" in flags and score <= before) or (b"LT" in flags and score >= before))


def _zrem(database: Database, words: list[bytes]) -> Reply:
    held = _held(database, words[0])
    count = sum(held.pop(member, None) is not None for member in words[1:])
    database.changes += count
    database.tidy(words[0])
    return count


def _zincrby(database: Database, words: list[bytes]) -> Reply:
    key, amount, member = words
    step = number(amount)
    held = database.of(key, Scores)
    held[member] = held.get(member, 0.0) + step
    return number_text(held[member])


def _zscore(database: Database, words: list[bytes]) -> Reply:
    score = _held(database, words[0]).get(words[1])
    return None if score is None else number_text(score)


def _zrank(database: Database, words: list[bytes], *, is_reverse: bool) -> Reply:
    names = [name for name, _ in _held(database, words[0]).ranked()]
    if words[1] not in names:
        return None
    place = names.index(words[1])
    return len(names) - 1 - place if is_reverse else place


def _zrange(database: Database, words: list[bytes], *, is_reverse: bool = False) -> Reply:
    flags = {word.upper() for word in words[3:]}
    if b"BYSCORE" in flags:
        rest = [word for word in words[3:] if word.upper() not in (b"BYSCORE", b"REV")]
        is_reverse = is_reverse or b"REV" in flags
        return _by_score(database, [*words[:3], *rest], is_reverse=is_reverse)
    if flags - {b"WITHSCORES", b"REV"}:
        raise Refusal(SYNTAX)
    ranked = _held(database, words[0]).ranked()
    if is_reverse or b"REV" in flags:
        ranked.reverse()
    places = span(words[1], words[2], len(ranked))
    chosen = ranked[places.start : places.stop] if places else []
    return _listed(chosen, has_scores=b"WITHSCORES" in flags)


def _by_score(database: Database, words: list[bytes], *, is_reverse: bool) -> Reply:
    """ZRANGEBYSCORE and ZREVRANGEBYSCORE."""
    key, first, second, *rest = words
    low, high = (second, first) if is_reverse else (first, second)
    chosen = _between(database, key, low, high)
    if is_reverse:
        chosen.reverse()
    flags = [word.upper() for word in rest]
    if b"LIMIT" in flags:
        at = flags.index(b"LIMIT")
        if at + 2 >= len(rest):
            raise Refusal(SYNTAX)
        offset, count = integer(rest[at + 1]), integer(rest[at + 2])
        chosen = chosen[offset:] if count < 0 else chosen[offset : offset + count]
    return _listed(chosen, has_scores=b"WITHSCORES" in flags)


def _between(database: Database, key: bytes, low: bytes, high: bytes) -> list[tuple[bytes, float]]:
    bottom, is_open_below = _bound(low)
    top, is_open_above = _bound(high)
    return [
        (name, score)
        for name, score in _held(database, key).ranked()
        if (bottom < score or (bottom == score and not is_open_below))
        and (score < top or (score == top and not is_open_above))
    ]


def _bound(word: bytes) -> tuple[float, bool]:
    is_open = word.startswith(b"(")
    return number(word[1:] if is_open else word, _BOUND), is_open


def _listed(chosen: list[tuple[bytes, float]], *, has_scores: bool) -> Reply:
    found: list[Reply] = []
    for name, score in chosen:
        found.append(name)
        if has_scores:
            found.append(number_text(score))
    return found


def _zpop(database: Database, words: list[bytes], *, is_highest: bool) -> Reply:
    count = integer(words[1]) if len(words) > 1 else 1
    ranked = _held(database, words[0]).ranked()
    if is_highest:
        ranked.reverse()
    chosen = ranked[: max(count, 0)]
    _zrem(database, [words[0], *(name for name, _ in chosen)])
    return _listed(chosen, has_scores=True)


def _remove_by_rank(database: Database, words: list[bytes]) -> Reply:
    ranked = _held(database, words[0]).ranked()
    places = span(words[1], words[2], len(ranked))
    chosen = ranked[places.start : places.stop] if places else []
    return _zrem(database, [words[0], *(name for name, _ in chosen)])


def _remove_by_score(database: Database, words: list[bytes]) -> Reply:
    chosen = _between(database, words[0], words[1], words[2])
    return _zrem(database, [words[0], *(name for name, _ in chosen)])


COMMANDS: dict[str, Command] = {
    "zadd": write(_zadd, -4),
    "zrem": write(_zrem, -3),
    "zincrby": write(_zincrby, 4),
    "zcard": read(lambda db, words: len(_held(db, words[0])), 2),
    "zscore": read(_zscore, 3),
    "zcount": read(lambda db, words: len(_between(db, words[0], words[1], words[2])), 4),
    "zrank": read(lambda db, words: _zrank(db, words, is_reverse=False), 3),
    "zrevrank": read(lambda db, words: _zrank(db, words, is_reverse=True), 3),
    "zrange": read(_zrange, -4),
    "zrevrange": read(lambda db, words: _zrange(db, words, is_reverse=True), -4),
    "zrangebyscore": read(lambda db, words: _by_score(db, words, is_reverse=False), -4),
    "zrevrangebyscore": read(lambda db, words: _by_score(db, words, is_reverse=True), -4),
    "zpopmin": write(lambda db, words: _zpop(db, words, is_highest=False), -2),
    "zpopmax": write(lambda db, words: _zpop(db, words, is_highest=True), -2),
    "zremrangebyrank": write(_remove_by_rank, 4),
    "zremrangebyscore": write(_remove_by_score, 4),
    "zscan": read(lambda db, words: scan_collection(db, words, "zset"), -3),
}
