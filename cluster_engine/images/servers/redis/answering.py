"""How one request is answered: access, transactions, blocking, and who else hears of a change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cluster_engine.images.servers.redis import commands
from cluster_engine.images.servers.redis.database import Database, Refusal, number
from cluster_engine.images.servers.redis.lists import is_left, move, pop
from cluster_engine.images.servers.redis.resp import (
    Failure,
    NullArray,
    Reply,
    Status,
    encode,
    request,
)
from cluster_engine.images.servers.redis.session import Blocked, Session
from cluster_engine.images.servers.redis.session_commands import SESSION_COMMANDS, Silence
from cluster_engine.runtime.system import System

if TYPE_CHECKING:
    from cluster_engine.images.servers.redis.server import RedisServer

_BLOCKING = {"blpop": -3, "brpop": -3, "brpoplpush": 4, "blmove": 6}
_OPEN_TO_ALL = ("auth", "hello", "quit", "reset")
_WHILE_SUBSCRIBED = "subscribe unsubscribe psubscribe punsubscribe ping quit reset".split()
_QUEUE_MAX = 10_000
_OUT_OF_MEMORY = "OOM command not allowed when used memory > 'maxmemory'."
_READ_ONLY = "READONLY You can't write against a read only replica."
_UNTRUSTED = "NOAUTH Authentication required."
#: May be done even when memory is short: they only take away.
_FREEING = frozenset(
    "del unlink expire pexpire expireat pexpireat lpop rpop spop srem hdel zrem zpopmin zpopmax "
    "flushdb ltrim getdel lrem persist zremrangebyrank zremrangebyscore".split()
)


def answer(server: RedisServer, system: System, session: Session, words: list[bytes]) -> None:
    """Answer one request of a client."""
    server.commands_done += 1
    name = words[0].decode("latin-1").lower()
    session.last = name
    server.tell_monitors(session, words)
    reply: Reply | Silence = _refused(server, session, name) or _arity(words, name)
    if reply is not None:
        session.is_queue_broken = session.queue is not None
    elif session.queue is not None and name not in ("exec", "discard", "multi", "watch", "quit"):
        reply = _enqueue(session, words)
    elif name == "exec":
        reply = _execute(server, system, session)
    else:
        reply = run(server, system, session, words)
    if not isinstance(reply, Silence):
        session.outgoing += encode(reply)


def run(
    server: RedisServer, system: System, session: Session, words: list[bytes]
) -> Reply | Silence:
    """Do one command."""
    name = words[0].decode("latin-1").lower()
    own = SESSION_COMMANDS.get(name)
    if own is not None:
        return own.run(server, system, session, words[1:])
    if name in _BLOCKING:
        return _block(server, session, words)
    return _run_on_keys(server, system, session, words)


def retry_blocked(server: RedisServer) -> None:
    """Let waiting clients have what has come, the first to wait first."""
    waiting = [session for session in server.sessions.values() if session.blocked is not None]
    for session in sorted(waiting, key=lambda held: held.blocked.order if held.blocked else 0):
        blocked = session.blocked
        if blocked is None:
            continue
        reply = _take(server, session, blocked.words)
        if reply is None and blocked.due_ms and blocked.due_ms <= server.keyspace.now_ms:
            reply = None if blocked.words[0].lower() == b"blmove" else NullArray()
        elif reply is None:
            continue
        session.blocked = None
        session.outgoing += encode(reply)


def _refused(server: RedisServer, session: Session, name: str) -> Failure | None:
    if server.config["requirepass"] and not session.has_authenticated and name not in _OPEN_TO_ALL:
        return Failure(_UNTRUSTED)
    if session.subscriptions and name not in _WHILE_SUBSCRIBED:
        return Failure(
            f"ERR Can't execute '{name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / "
            "RESET are allowed in this context"
        )
    return None


def _arity(words: list[bytes], name: str) -> Failure | None:
    own, command = SESSION_COMMANDS.get(name), commands.COMMANDS.get(name)
    arity = _BLOCKING.get(name) or (own.arity if own else command.arity if command else 0)
    if name == "exec":
        arity = 1
    if not arity:
        return commands.unknown(words)
    if len(words) == arity if arity > 0 else len(words) >= -arity:
        return None
    return commands.wrong_count(name)


def _enqueue(session: Session, words: list[bytes]) -> Reply:
    queue = session.queue
    if queue is None or len(queue) >= _QUEUE_MAX:
        session.is_queue_broken = True
        return Failure("ERR transaction too long")
    queue.append(words)
    return Status("QUEUED")


def _execute(server: RedisServer, system: System, session: Session) -> Reply:
    queue, is_broken = session.queue, session.is_queue_broken
    if queue is None:
        return Failure("ERR EXEC without MULTI")
    has_changed = any(
        server.keyspace.database(place).find(key) != value
        for (place, key), value in session.watched.items()
    )
    session.queue, session.is_queue_broken, session.watched = None, False, {}
    if is_broken:
        return Failure("EXECABORT Transaction discarded because of previous errors.")
    if has_changed:
        return NullArray()
    replies: list[Reply] = []
    for words in queue:
        reply = run(server, system, session, words)
        if session.blocked is not None:
            session.blocked, reply = None, NullArray()
        if not isinstance(reply, Silence):
            replies.append(reply)
    return replies


def _run_on_keys(
    server: RedisServer, system: System, session: Session, words: list[bytes]
) -> Reply:
    name = words[0].decode("latin-1").lower()
    command = commands.COMMANDS[name]
    database = server.keyspace.database(session.database)
    if not command.is_write:
        reply = commands.run(database, words)
        if name == "get":
            server.hits += reply is not None
            server.misses += reply is None
        return reply
    if server.is_read_only and not session.is_replica:
        return Failure(_READ_ONLY)
    if name not in _FREEING and not server.make_room(sum(map(len, words))):
        return Failure(_OUT_OF_MEMORY)
    before = database.changes
    reply = commands.run(database, words)
    if database.changes != before and not isinstance(reply, Failure):
        tell_change(server, system, session.database, words, reply)
    return reply


def tell_change(
    server: RedisServer, system: System, place: int, words: list[bytes], reply: Reply
) -> None:
    """Let the append-only file and the replicas know what has been done."""
    name = words[0].lower()
    said = [words]
    if name == b"spop":
        taken = reply if isinstance(reply, list) else [reply]
        said = [[b"SREM", words[1], *(item for item in taken if isinstance(item, bytes))]]
    elif len(words) > 1:
        due_ms = server.keyspace.database(place).expires_ms.get(words[1])
        if due_ms is not None and words[1] in server.keyspace.database(place).values:
            said.append([b"PEXPIREAT", words[1], b"%d" % due_ms])
    server.propagate(system, place, b"".join(request(piece) for piece in said))


def _block(server: RedisServer, session: Session, words: list[bytes]) -> Reply | Silence:
    try:
        wait = number(words[-1], "ERR timeout is not a float or out of range")
        if wait < 0:
            return Failure("ERR timeout is negative")
        reply = _take(server, session, words)
    except Refusal as refusal:
        return Failure(str(refusal))
    if reply is not None:
        return reply
    due_ms = server.keyspace.now_ms + int(wait * 1000) if wait else 0
    session.blocked = Blocked(words, due_ms, server.commands_done)
    return Silence()


def _take(server: RedisServer, session: Session, words: list[bytes]) -> Reply:
    """What a blocking command gets now; None: nothing."""
    database: Database = server.keyspace.database(session.database)
    name = words[0].lower()
    if name == b"brpoplpush":
        return move(database, words[1], words[2], ends=(False, True))
    if name == b"blmove":
        ends = (is_left(words[3]), is_left(words[4]))
        return move(database, words[1], words[2], ends=ends)
    for key in words[1:-1]:
        value = pop(database, key, is_left=name == b"blpop")
        if value is not None:
            return [key, value]
    return None
