"""Commands about the connection and the server itself, not about keys."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from cluster_engine.images.servers.redis.configuration import config_command
from cluster_engine.images.servers.redis.database import Refusal, integer
from cluster_engine.images.servers.redis.keys import copy, pattern
from cluster_engine.images.servers.redis.resp import OK, Failure, Reply, Status, encode, request
from cluster_engine.images.servers.redis.session import Session
from cluster_engine.runtime.system import System

if TYPE_CHECKING:
    from cluster_engine.images.servers.redis.server import RedisServer


class Silence:
    """The command answers later, or has answered already."""


Run: TypeAlias = Callable[["RedisServer", System, Session, list[bytes]], "Reply | Silence"]


@dataclass(frozen=True, slots=True)
class SessionCommand:
    """One such command; `arity` as in database.Command."""

    run: Run
    arity: int


def _ping(_: RedisServer, __: System, session: Session, words: list[bytes]) -> Reply:
    if session.subscriptions:
        return [b"pong", words[0] if words else b""]
    return words[0] if words else Status("PONG")


def _select(server: RedisServer, _: System, session: Session, words: list[bytes]) -> Reply:
    try:
        place = integer(words[0], "ERR invalid DB index")
    except Refusal as refusal:
        return Failure(str(refusal))
    if not 0 <= place < server.keyspace.count:
        return Failure("ERR DB index is out of range")
    session.database = place
    return OK


def _auth(server: RedisServer, _: System, session: Session, words: list[bytes]) -> Reply:
    password = server.config["requirepass"]
    if not password:
        if len(words) == 2 and words[0] == b"default":
            session.has_authenticated = True
            return OK
        return Failure(
            "ERR AUTH <password> called without any password configured for the default user. "
            "Are you sure your configuration is correct?"
        )
    if words[-1].decode("latin-1") != password or (len(words) == 2 and words[0] != b"default"):
        return Failure("WRONGPASS invalid username-password pair or user is disabled.")
    session.has_authenticated = True
    return OK


def _quit(_: RedisServer, __: System, session: Session, ___: list[bytes]) -> Reply:
    session.is_closing = True
    return OK


def _reset(_: RedisServer, __: System, session: Session, ___: list[bytes]) -> Reply:
    session.queue, session.watched, session.database = None, {}, 0
    session.channels, session.patterns = {}, {}
    session.is_monitor = session.has_authenticated = False
    return Status("RESET")


def _client(server: RedisServer, _: System, session: Session, words: list[bytes]) -> Reply:
    about = words[0].lower()
    if about == b"setname" and len(words) == 2:
        session.name = words[1].decode(errors="replace")
        return OK
    if about == b"getname":
        return session.name.encode() or None
    if about == b"id":
        return session.id
    if about in (b"list", b"info"):
        chosen = server.sessions.values() if about == b"list" else [session]
        return "".join(_client_line(held, server.keyspace.now_ms) for held in chosen).encode()
    if about in (b"setinfo", b"no-evict", b"no-touch", b"reply", b"tracking"):
        return OK
    said = words[0].decode(errors="replace")
    return Failure(f"ERR unknown subcommand '{said}'. Try CLIENT HELP.")


def _client_line(session: Session, now_ms: int) -> str:
    age = (now_ms - session.since_ms) // 1000
    queued = -1 if session.queue is None else len(session.queue)
    return (
        f"id={session.id} addr={session.address} laddr=0.0.0.0:6379 fd={session.fd} "
        f"name={session.name} age={age} idle=0 flags={'S' if session.is_replica else 'N'} "
        f"db={session.database} sub={len(session.channels)} psub={len(session.patterns)} "
        f"multi={queued} cmd={session.last} user=default resp=2\n"
    )


def _hello(server: RedisServer, _: System, session: Session, words: list[bytes]) -> Reply:
    if words and words[0] != b"2":
        return Failure("NOPROTO unsupported protocol version")
    if server.config["requirepass"] and not session.has_authenticated:
        return Failure(
            "NOAUTH HELLO must be called with the client already authenticated, otherwise the "
            "HELLO <proto> AUTH <user> <pass> option can be used to authenticate the client and "
            "select the RESP protocol version at the same time"
        )
    return [
        b"server",
        b"redis",
        b"version",
        server.version.encode(),
        b"proto",
        2,
        b"id",
        session.id,
        b"mode",
        b"standalone",
        b"role",
        server.role.encode(),
        b"modules",
        [],
    ]


def _multi(_: RedisServer, __: System, session: Session, ___: list[bytes]) -> Reply:
    if session.queue is not None:
        return Failure("ERR MULTI calls can not be nested")
    session.queue, session.is_queue_broken = [], False
    return OK


def _discard(_: RedisServer, __: System, session: Session, ___: list[bytes]) -> Reply:
    if session.queue is None:
        return Failure("ERR DISCARD without MULTI")
    session.queue, session.watched = None, {}
    return OK


def _watch(server: RedisServer, _: System, session: Session, words: list[bytes]) -> Reply:
    if session.queue is not None:
        return Failure("ERR WATCH inside MULTI is not allowed")
    database = server.keyspace.database(session.database)
    for key in words:
        value = database.find(key)
        session.watched[session.database, key] = copy(value) if value is not None else None
    return OK


def _unwatch(_: RedisServer, __: System, session: Session, ___: list[bytes]) -> Reply:
    session.watched = {}
    return OK


def _subscribe(
    session: Session, words: list[bytes], held: dict[bytes, None], kind: bytes
) -> Silence:
    for name in words:
        held[name] = None
        session.outgoing += encode([kind, name, session.subscriptions])
    return Silence()


def _unsubscribe(
    session: Session, words: list[bytes], held: dict[bytes, None], kind: bytes
) -> Silence:
    names: list[bytes | None] = list(words or held) or [None]
    for name in names:
        if name is not None:
            held.pop(name, None)
        session.outgoing += encode([kind, name, session.subscriptions])
    return Silence()


def _publish(server: RedisServer, _: System, __: Session, words: list[bytes]) -> Reply:
    channel, message = words
    count = 0
    for session in server.sessions.values():
        if channel in session.channels:
            session.outgoing += encode([b"message", channel, message])
            count += 1
        for glob in session.patterns:
            if pattern(glob).fullmatch(channel):
                session.outgoing += encode([b"pmessage", glob, channel, message])
                count += 1
    return count


def _pubsub(server: RedisServer, _: System, __: Session, words: list[bytes]) -> Reply:
    about = words[0].lower()
    held = dict.fromkeys(name for session in server.sessions.values() for name in session.channels)
    if about == b"channels":
        glob = words[1] if len(words) > 1 else b"*"
        return [name for name in held if pattern(glob).fullmatch(name)]
    if about == b"numsub":
        found: list[Reply] = []
        for name in words[1:]:
            found += [name, sum(name in held.channels for held in server.sessions.values())]
        return found
    return sum(len(session.patterns) for session in server.sessions.values())


def _flush_all(server: RedisServer, system: System, __: Session, ___: list[bytes]) -> Reply:
    if server.is_read_only:
        return Failure("READONLY You can't write against a read only replica.")
    server.keyspace.clear()
    server.propagate(system, 0, request([b"FLUSHALL"]))
    return OK


def _swap(server: RedisServer, _: System, __: Session, words: list[bytes]) -> Reply:
    try:
        first, second = (integer(word, "ERR invalid first DB index") for word in words)
    except Refusal as refusal:
        return Failure(str(refusal))
    if not all(0 <= place < server.keyspace.count for place in (first, second)):
        return Failure("ERR DB index is out of range")
    server.keyspace.swap(first, second)
    return OK


def _config(server: RedisServer, _: System, __: Session, words: list[bytes]) -> Reply:
    return config_command(server.config, words, server.setting_changed)


def _info(server: RedisServer, _: System, __: Session, words: list[bytes]) -> Reply:
    return server.info([word.decode("latin-1").lower() for word in words]).encode()


def _save(server: RedisServer, system: System, _: Session, __: list[bytes]) -> Reply:
    return OK if server.save(system) else Failure("ERR")


def _background_save(server: RedisServer, system: System, _: Session, __: list[bytes]) -> Reply:
    server.save_in_background(system)
    return Status("Background saving started")


def _rewrite_log(server: RedisServer, system: System, _: Session, __: list[bytes]) -> Reply:
    server.rewrite_log(system)
    return Status("Background append only file rewriting started")


def _shutdown(server: RedisServer, _: System, session: Session, words: list[bytes]) -> Silence:
    flags = {word.lower() for word in words}
    if flags - {b"nosave", b"save", b"now", b"force"}:
        session.outgoing += encode(Failure("ERR syntax error"))
        return Silence()
    server.end(is_saving=False if b"nosave" in flags else True if b"save" in flags else None)
    return Silence()


def _last_save(server: RedisServer, _: System, __: Session, ___: list[bytes]) -> Reply:
    return server.saved_ms // 1000


def _time(server: RedisServer, _: System, __: Session, ___: list[bytes]) -> Reply:
    now_ms = server.keyspace.now_ms
    return [b"%d" % (now_ms // 1000), b"%d" % (now_ms % 1000 * 1000)]


def _role(server: RedisServer, _: System, __: Session, ___: list[bytes]) -> Reply:
    return server.replication.role(server)


def _replica_of(server: RedisServer, system: System, __: Session, words: list[bytes]) -> Reply:
    server.follow(system, " ".join(word.decode("latin-1") for word in words))
    return OK


def _replica_says(
    _: RedisServer, __: System, session: Session, words: list[bytes]
) -> Reply | Silence:
    if words[0].lower() == b"ack":
        return Silence()
    if words[0].lower() == b"listening-port" and len(words) > 1 and words[1].isdigit():
        session.replica_port = int(words[1])
    return OK


def _synchronize(server: RedisServer, system: System, session: Session, __: list[bytes]) -> Silence:
    server.replication.serve(server, system, session)
    return Silence()


def _monitor(_: RedisServer, __: System, session: Session, ___: list[bytes]) -> Reply:
    session.is_monitor = True
    return OK


def _memory(server: RedisServer, _: System, session: Session, words: list[bytes]) -> Reply:
    if words[0].lower() != b"usage" or len(words) < 2:
        return OK
    value = server.keyspace.database(session.database).find(words[1])
    return None if value is None else 48 + len(words[1]) + len(value)


def _commands(_: RedisServer, __: System, ___: Session, words: list[bytes]) -> Reply:
    return 241 if words and words[0].lower() == b"count" else []


def _constant(reply: Reply) -> Run:
    return lambda _, __, ___, ____: reply


SESSION_COMMANDS: dict[str, SessionCommand] = {
    "ping": SessionCommand(_ping, -1),
    "echo": SessionCommand(lambda _, __, ___, words: words[0], 2),
    "select": SessionCommand(_select, 2),
    "auth": SessionCommand(_auth, -2),
    "quit": SessionCommand(_quit, -1),
    "reset": SessionCommand(_reset, 1),
    "client": SessionCommand(_client, -2),
    "hello": SessionCommand(_hello, -1),
    "multi": SessionCommand(_multi, 1),
    "discard": SessionCommand(_discard, 1),
    "watch": SessionCommand(_watch, -2),
    "unwatch": SessionCommand(_unwatch, 1),
    "subscribe": SessionCommand(
        lambda _, __, held, words: _subscribe(held, words, held.channels, b"subscribe"), -2
    ),
    "psubscribe": SessionCommand(
        lambda _, __, held, words: _subscribe(held, words, held.patterns, b"psubscribe"), -2
    ),
    "unsubscribe": SessionCommand(
        lambda _, __, held, words: _unsubscribe(held, words, held.channels, b"unsubscribe"), -1
    ),
    "punsubscribe": SessionCommand(
        lambda _, __, held, words: _unsubscribe(held, words, held.patterns, b"punsubscribe"), -1
    ),
    "publish": SessionCommand(_publish, 3),
    "pubsub": SessionCommand(_pubsub, -2),
    "flushall": SessionCommand(_flush_all, -1),
    "swapdb": SessionCommand(_swap, 3),
    "config": SessionCommand(_config, -2),
    "info": SessionCommand(_info, -1),
    "save": SessionCommand(_save, 1),
    "bgsave": SessionCommand(_background_save, -1),
    "bgrewriteaof": SessionCommand(_rewrite_log, 1),
    "lastsave": SessionCommand(_last_save, 1),
    "shutdown": SessionCommand(_shutdown, -1),
    "time": SessionCommand(_time, 1),
    "role": SessionCommand(_role, 1),
    "replicaof": SessionCommand(_replica_of, 3),
    "slaveof": SessionCommand(_replica_of, 3),
    "replconf": SessionCommand(_replica_says, -1),
    "psync": SessionCommand(_synchronize, -3),
    "sync": SessionCommand(_synchronize, 1),
    "wait": SessionCommand(
        lambda server, _, __, ___: sum(held.is_replica for held in server.sessions.values()), 3
    ),
    "monitor": SessionCommand(_monitor, 1),
    "memory": SessionCommand(_memory, -2),
    "command": SessionCommand(_commands, -1),
    "slowlog": SessionCommand(
        lambda _, __, ___, words: 0 if words[0].lower() == b"len" else [], -2
    ),
    "latency": SessionCommand(_constant([]), -2),
    "module": SessionCommand(_constant([]), -2),
    "acl": SessionCommand(
        lambda _, __, ___, words: b"default" if words[0].lower() == b"whoami" else [], -2
    ),
}
