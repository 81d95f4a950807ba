"""redis.conf, the options of redis-server, and CONFIG: one set of names and values."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping

from cluster_engine.images.servers.redis.keys import pattern
from cluster_engine.images.servers.redis.resp import OK, Failure, Reply, split_words

DEFAULTS: dict[str, str] = {
    "activedefrag": "no",
    "appenddirname": "appendonlydir",
    "appendfilename": "appendonly.aof",
    "appendfsync": "everysec",
    "appendonly": "no",
    "bind": "* -::*",
    "cluster-enabled": "no",
    "daemonize": "no",
    "databases": "16",
    "dbfilename": "dump.rdb",
    "dir": "",
    "hash-max-listpack-entries": "128",
    "hash-max-listpack-value": "64",
    "hz": "10",
    "lazyfree-lazy-eviction": "no",
    "list-max-listpack-size": "-2",
    "logfile": "",
    "loglevel": "notice",
    "masterauth": "",
    "masteruser": "",
    "maxclients": "10000",
    "maxmemory": "0",
    "maxmemory-policy": "noeviction",
    "maxmemory-samples": "5",
    "min-replicas-to-write": "0",
    "no-appendfsync-on-rewrite": "no",
    "notify-keyspace-events": "",
    "pidfile": "",
    "port": "6379",
    "protected-mode": "no",
    "rdbchecksum": "yes",
    "rdbcompression": "yes",
    "replica-announce-ip": "",
    "replica-announce-port": "0",
    "replica-priority": "100",
    "replica-read-only": "yes",
    "replicaof": "",
    "repl-diskless-sync": "yes",
    "requirepass": "",
    "save": "3600 1 300 100 60 10000",
    "set-max-intset-entries": "512",
    "slowlog-log-slower-than": "10000",
    "slowlog-max-len": "128",
    "stop-writes-on-bgsave-error": "yes",
    "supervised": "no",
    "tcp-backlog": "511",
    "tcp-keepalive": "300",
    "timeout": "0",
    "unixsocket": "",
    "zset-max-listpack-entries": "128",
}
#: Older names of the same settings.
_ALIASES = {
    "slaveof": "replicaof",
    "slave-read-only": "replica-read-only",
    "slave-priority": "replica-priority",
    "hash-max-ziplist-entries": "hash-max-listpack-entries",
    "hash-max-ziplist-value": "hash-max-listpack-value",
    "zset-max-ziplist-entries": "zset-max-listpack-entries",
    "list-max-ziplist-size": "list-max-listpack-size",
}
#: Taken without effect.
_IGNORED = frozenset(
    "aclfile always-show-logo client-output-buffer-limit crash-log-enabled include io-threads "
    "latency-monitor-threshold loadmodule lua-time-limit rename-command oom-score-adj "
    "proc-title-template repl-backlog-size repl-backlog-ttl repl-disable-tcp-nodelay "
    "repl-diskless-sync-delay repl-timeout user auto-aof-rewrite-percentage "
    "auto-aof-rewrite-min-size aof-load-truncated aof-use-rdb-preamble dynamic-hz "
    "jemalloc-bg-thread lazyfree-lazy-expire lazyfree-lazy-server-del rdb-del-sync-files "
    "stream-node-max-bytes stream-node-max-entries tracking-table-max-keys".split()
)
#: Cannot be changed while the server runs.
_FIXED = frozenset("databases daemonize cluster-enabled unixsocket tcp-backlog supervised".split())
_MEMORY = frozenset(("maxmemory", "repl-backlog-size"))
_NUMBERS = frozenset(
    "databases hz maxclients maxmemory-samples port tcp-backlog tcp-keepalive timeout "
    "slowlog-max-len slowlog-log-slower-than replica-priority".split()
)
_SWITCHES = frozenset(name for name, value in DEFAULTS.items() if value in ("yes", "no")) - {
    "supervised"
}
_POLICIES = frozenset(
    "volatile-lru allkeys-lru volatile-lfu allkeys-lfu volatile-random allkeys-random "
    "volatile-ttl noeviction".split()
)
_UNITS = {
    "": 1,
    "b": 1,
    "k": 1000,
    "kb": 1024,
    "m": 1000**2,
    "mb": 1024**2,
    "g": 1000**3,
    "gb": 1024**3,
}
SECRETS = frozenset(("requirepass", "masterauth"))


class BadDirective(Exception):
    """A line that the server does not understand; `str()` says why."""

    def __init__(self, why: str, line: int, text: str) -> None:
        super().__init__(why)
        self.line = line
        self.text = text


def read_lines(values: MutableMapping[str, str], content: str) -> None:
    """Take over the lines of a configuration. Raises BadDirective."""
    has_saves = False
    for number, raw in enumerate(content.split("\n"), start=1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        split = split_words(line)
        if split is None:
            raise BadDirective("Unbalanced quotes in configuration line", number, line)
        words = [word.decode("latin-1") for word in split]
        name = words[0].lower()
        if name == "save" and has_saves and len(words) == 3:
            # Each line adds one more rule.
            values["save"] = f"{values['save']} {words[1]} {words[2]}".strip()
            continue
        has_saves = has_saves or name == "save"
        problem = put(values, name, words[1:])
        if problem:
            raise BadDirective(problem, number, line)


def from_arguments(words: list[str]) -> str:
    """The options after the configuration file (`--port 7000 --save ""`) as lines of one."""
    lines: list[str] = []
    for word in words:
        if word.startswith("--"):
            lines.append(word[2:])
        elif lines:
            escaped = word.replace("\\", "\\\\").replace('"', '\\"')
            lines[-1] += f' "{escaped}"'
    return "\n".join(lines)


def put(values: MutableMapping[str, str], name: str, words: list[str]) -> str:
    """Set one value; why not, if not."""
    name = _ALIASES.get(name, name)
    if name in _IGNORED:
        return ""
    if name not in DEFAULTS or not words:
        return "Bad directive or wrong number of arguments"
    value = " ".join(words)
    if name == "replicaof" and words == ["no", "one"]:
        value = ""
    elif name in _MEMORY:
        size = memory_bytes(value)
        if size is None:
            return "argument must be a memory value"
        value = str(size)
    elif name in _NUMBERS and not value.removeprefix("-").isdecimal():
        return "argument couldn't be parsed into an integer"
    elif name in _SWITCHES and value not in ("yes", "no"):
        return "argument must be 'yes' or 'no'"
    elif name == "maxmemory-policy" and value not in _POLICIES:
        listed = ", ".join(sorted(_POLICIES))
        return f"argument(s) must be one of the following: {listed}"
    values[name] = value
    return ""


def memory_bytes(text: str) -> int | None:
    """`100mb` in bytes."""
    digits = text.rstrip("bBkKmMgG")
    factor = _UNITS.get(text[len(digits) :].lower())
    return int(digits) * factor if digits.isdecimal() and factor is not None else None


def config_command(
    values: MutableMapping[str, str], words: list[bytes], changed: Callable[[str], None]
) -> Reply:
    """CONFIG GET, SET, RESETSTAT and REWRITE."""
    about = words[0].lower() if words else b""
    if about == b"get" and len(words) > 1:
        found: list[Reply] = []
        names = dict.fromkeys(
            name
            for glob in words[1:]
            for name in DEFAULTS
            if pattern(glob.lower()).fullmatch(name.encode())
        )
        for name in names:
            found += [name.encode(), values[name].encode()]
        return found
    if about == b"set" and len(words) > 2 and len(words) % 2:
        return _set(values, [word.decode("latin-1") for word in words[1:]], changed)
    if about == b"resetstat":
        return OK
    if about == b"rewrite":
        return Failure("ERR The server is running without a config file")
    said = words[0].decode(errors="replace") if words else ""
    return Failure(
        f"ERR unknown subcommand or wrong number of arguments for '{said}'. Try CONFIG HELP."
    )


def _set(
    values: MutableMapping[str, str], words: list[str], changed: Callable[[str], None]
) -> Reply:
    trial = dict(values)
    for name, value in zip(words[::2], words[1::2], strict=True):
        lower = name.lower()
        if lower not in DEFAULTS and lower not in _ALIASES and lower not in _IGNORED:
            return Failure(f"ERR Unknown option or number of arguments for CONFIG SET - '{name}'")
        why = "can't set immutable config" if lower in _FIXED else put(trial, lower, [value])
        if why:
            return Failure(f"ERR CONFIG SET failed (possibly related to argument '{name}') - {why}")
    names = [name for name in trial if trial[name] != values[name]]
    for name in names:
        values[name] = trial[name]
        changed(name)
    return OK
