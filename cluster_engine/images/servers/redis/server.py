"""redis-server: its life, its log, its clients.

Models: redis, standalone: what it says when it starts and ends, and that SIGTERM ends it with 0.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import MutableMapping
from datetime import UTC, datetime

from cluster_engine.images.servers.redis import answering, saving
from cluster_engine.images.servers.redis.configuration import (
    DEFAULTS,
    BadDirective,
    from_arguments,
    read_lines,
)
from cluster_engine.images.servers.redis.information import Facts, info, memory_bytes
from cluster_engine.images.servers.redis.keyspace import KEYS_MAX, Keyspace
from cluster_engine.images.servers.redis.replication import Replication
from cluster_engine.images.servers.redis.resp import (
    Failure,
    ProtocolError,
    encode,
    take_request,
)
from cluster_engine.images.servers.redis.session import Session
from cluster_engine.images.versions import numbers_of
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import Exited, Outcome, Waiting
from cluster_engine.runtime.system import System

VERSION = "8.4.0"
CLIENTS_MAX = 128
OUTPUT_BYTES_MAX = 4 * 1024 * 1024
_SIGINT, _SIGTERM = 2, 15
_STDOUT, _STDERR = 1, 2
_COMMANDS_PER_STEP = 200
_WORK_PER_COMMAND = 2
_REPORT_BYTES = 1024 * 1024
_LEVELS = {"debug": 0, "verbose": 1, "notice": 2, "warning": 3, "nothing": 4}
_MARKS = {".": 0, "-": 1, "*": 2, "#": 3}
_NO_CONFIG = (
    "Warning: no config file specified, using the default config. "
    "In order to specify a config file use redis-server /path/to/redis.conf"
)


class RedisServer:
    """The program. Its clients by descriptor."""

    def __init__(self, arguments: list[str]) -> None:
        self.arguments = arguments
        self._settings: dict[str, str] = {}
        self.keyspace = Keyspace()
        self.sessions: dict[int, Session] = {}
        self.replication = Replication()
        self.version = VERSION
        self.run_id = ""
        self.config_file = ""
        self.pid = 1
        self.start_ms = 0
        self.saved_ms = 0
        self.saved_changes = 0
        self.logged_database = -1
        self.commands_done = self.connections_taken = 0
        self.hits = self.misses = 0
        self._listener = -1
        self._used_bytes = self._reported_bytes = 0
        self._is_ending = False
        #: Whether to write the dump at the end: None: if there are rules for it.
        self._is_saving: bool | None = None

    # Life

    def step(self, system: System) -> Outcome:
        """Take connections, answer what they ask."""
        self.keyspace.now_ms = system.now_ms
        if self._listener < 0:
            code = self._start(system)
            if code is not None:
                return Exited(code)
        is_busy = False
        if not self._is_ending:
            self._take_clients(system)
            self.replication.step(self, system)
            is_busy = self._serve_all(system)
            saving.save_when_due(self, system)
        self._send_all(system)
        if self._is_ending:
            return self._end(system)
        return Waiting() if is_busy else self._wait()

    def signal(self, system: System, number: int) -> bool:
        """SIGTERM and SIGINT end it in order; the rest have their usual effect."""
        if number not in (_SIGTERM, _SIGINT):
            return False
        name = "SIGTERM" if number == _SIGTERM else "SIGINT"
        seconds = system.now_ms // 1000
        said = f"{system.pid}:signal-handler ({seconds}) Received {name} scheduling shutdown...\n"
        system.write(_STDOUT, said.encode())
        self._is_ending = True
        return True

    def end(self, *, is_saving: bool | None) -> None:
        """End after this step; with a dump, without one, or as the rules say (None)."""
        self._is_ending = True
        self._is_saving = is_saving

    def _start(self, system: System) -> int | None:
        """Everything before the first client; the code to end with, None when it runs."""
        self.version = system.environment.get("REDIS_VERSION") or VERSION
        self.pid = system.pid
        code = self._read_configuration(system)
        if code is not None:
            return code
        self.start_ms = self.saved_ms = system.now_ms
        seed = system.random(28)
        self.run_id = seed[:20].hex()
        self.keyspace.seed = int.from_bytes(seed[20:])
        self._greet(system)
        port = int(self.config["port"])
        try:
            self._listener = system.listen(port)
        except Errno as error:
            place = f"*:{port}: bind: {error.text}"
            text = f"Warning: Could not create server TCP listening socket {place}"
            self.log(system, "#", text)
            self.log(system, "#", f"Failed listening on port {port} (tcp), aborting.")
            return 1
        self.log(system, "*", f"Running mode=standalone, port={port}.")
        self.log(system, self._mark, "Server initialized")
        saving.load(self, system)
        self.saved_changes = self.keyspace.changes
        transport = " tcp" if self._is_new else ""
        self.log(system, "*", f"Ready to accept connections{transport}")
        if self.config["replicaof"]:
            self.follow(system, self.config["replicaof"])
        self._used_bytes = self._reported_bytes = memory_bytes(self.keyspace)
        system.report_usage(cpu_milli=3, memory_bytes=7 * _REPORT_BYTES + self._reported_bytes)
        return None

    def _read_configuration(self, system: System) -> int | None:
        words = self.arguments[1:]
        if self.arguments[0].rpartition("/")[2] == "redis-sentinel" or "--sentinel" in words:
            text = "*** FATAL: Sentinel started without a config file. Exiting...\n"
            system.write(_STDERR, text.encode())
            return 1
        if words and words[0] in ("-v", "--version"):
            text = f"Redis server v={self.version} sha=00000000:0 malloc=jemalloc-5.3.0 bits=64\n"
            system.write(_STDOUT, text.encode())
            return 0
        content = ""
        if words and not words[0].startswith("--"):
            self.config_file = words.pop(0)
            try:
                content = system.read_file(self.config_file).decode("utf-8", "replace") + "\n"
            except Errno as error:
                text = f"Fatal error, can't open config file '{self.config_file}': {error.text}"
                self.log(system, "#", text, "C")
                return 1
        try:
            read_lines(self.config, content + from_arguments(words))
        except BadDirective as bad:
            text = (
                f"\n*** FATAL CONFIG FILE ERROR (Redis {self.version}) ***\n"
                f"Reading the configuration file, at line {bad.line}\n>>> '{bad.text}'\n{bad}\n"
            )
            system.write(_STDERR, text.encode())
            return 1
        self.keyspace.count = max(int(self.config["databases"]), 1)
        return None

    def _greet(self, system: System) -> None:
        stars = "oO0OoO0OoO0Oo"
        self.log(system, self._mark, f"{stars} Redis is starting {stars}", "C")
        facts = f"bits=64, commit=00000000, modified=0, pid={system.pid}, just started"
        self.log(system, self._mark, f"Redis version={self.version}, {facts}", "C")
        if len(self.arguments) > 1:
            self.log(system, self._mark, "Configuration loaded", "C")
        else:
            self.log(system, "#", _NO_CONFIG, "C")
        if numbers_of(self.version) >= (6, 2):
            self.log(system, "*", "monotonic clock: POSIX clock_gettime")

    def _end(self, system: System) -> Outcome:
        self.log(system, self._mark, "User requested shutdown...")
        is_saving = self._is_saving
        if is_saving is None:
            is_saving = bool(saving.rules(self.config["save"]))
        if is_saving:
            self.log(system, "*", "Saving the final RDB snapshot before exiting.")
            if not saving.save(self, system) and self._is_saving is None:
                text = "Error trying to save the DB, can't exit."
                self.log(system, "#", text)
        self.log(system, "#", "Redis is now ready to exit, bye bye...")
        return Exited(0)

    # Clients

    def _take_clients(self, system: System) -> None:
        while len(self.sessions) < CLIENTS_MAX:
            client = system.accept(self._listener)
            if client is None:
                break
            self.connections_taken += 1
            ip, port = system.peer(client)
            self.sessions[client] = Session(
                client, self.connections_taken + 2, f"{ip}:{port}", system.now_ms
            )

    def _serve_all(self, system: System) -> bool:
        """Read and answer; whether more could be done at once."""
        left = _COMMANDS_PER_STEP
        before = self.keyspace.changes
        for session in list(self.sessions.values()):
            left = self._serve(system, session, left)
            if self._is_ending:
                break
        if self.keyspace.changes != before or any(s.blocked for s in self.sessions.values()):
            answering.retry_blocked(self)
        self._report(system)
        return left <= 0

    def _serve(self, system: System, session: Session, left: int) -> int:
        try:
            while (data := system.read(session.fd)) is not None:
                if not data:
                    self.drop(system, session)
                    return left
                session.incoming += data
            while left > 0 and session.blocked is None and not session.is_closing:
                words = take_request(session.incoming)
                if words is None:
                    break
                if words:
                    left -= 1
                    system.work(_WORK_PER_COMMAND)
                    answering.answer(self, system, session, words)
                if self._is_ending:
                    break
        except ProtocolError as error:
            session.outgoing += encode(Failure(f"ERR {error}"))
            session.is_closing = True
        except Errno:
            self.drop(system, session)
        return left

    def _send_all(self, system: System) -> None:
        for session in list(self.sessions.values()):
            if not session.outgoing and not session.is_closing:
                continue
            try:
                taken = system.write(session.fd, bytes(session.outgoing)) if session.outgoing else 0
            except Errno:
                self.drop(system, session)
                continue
            del session.outgoing[:taken]
            if len(session.outgoing) > OUTPUT_BYTES_MAX or (
                session.is_closing and not session.outgoing
            ):
                self.drop(system, session)

    def _wait(self) -> Waiting:
        sessions = self.sessions.values()
        due = [held.blocked.due_ms for held in sessions if held.blocked and held.blocked.due_ms]
        due += [moment for moment in (saving.due_ms(self), self.replication.due_ms()) if moment]
        link = (self.replication.fd,) if self.replication.fd >= 0 else ()
        return Waiting(
            readable=(self._listener, *link, *self.sessions),
            writable=tuple(held.fd for held in sessions if held.outgoing),
            until_ms=min(due) if due else None,
        )

    def drop(self, system: System, session: Session) -> None:
        """End a connection."""
        if self.sessions.pop(session.fd, None) is not None:
            system.close(session.fd)

    def tell_monitors(self, session: Session, words: list[bytes]) -> None:
        """Show a command to those who watch."""
        for held in self.sessions.values():
            if held.is_monitor:
                shown = " ".join(f'"{word.decode("utf-8", "replace")}"' for word in words)
                now_ms = self.keyspace.now_ms
                stamp = f"{now_ms // 1000}.{now_ms % 1000:03d}000"
                line = f"+{stamp} [{session.database} {session.address}] {shown}\r\n"
                held.outgoing += line.encode()

    # What commands ask

    @property
    def config(self) -> MutableMapping[str, str]:
        """All settings: those that have been made over the usual ones."""
        return ChainMap(self._settings, DEFAULTS)

    @property
    def is_read_only(self) -> bool:
        """Whether clients may not write."""
        return self.replication.is_replica and self.config["replica-read-only"] == "yes"

    @property
    def role(self) -> str:
        """ "master" or "replica"."""
        return "replica" if self.replication.is_replica else "master"

    @property
    def changes_unsaved(self) -> int:
        """How many changes the dump does not have."""
        return self.keyspace.changes - self.saved_changes

    def save(self, system: System) -> bool:
        """Write the dump."""
        return saving.save(self, system)

    def save_in_background(self, system: System) -> None:
        """Write the dump as the forked child would."""
        saving.save_in_background(self, system)

    def rewrite_log(self, system: System) -> None:
        """Begin the append-only file again."""
        saving.rewrite_log(self, system)

    def note_saved(self, now_ms: int) -> None:
        """The dump has everything."""
        self.saved_ms, self.saved_changes = now_ms, self.keyspace.changes

    def setting_changed(self, name: str) -> None:
        """A setting has another value: most are read when they matter."""
        if name == "appendonly":
            self.logged_database = -1

    def propagate(self, system: System, place: int, data: bytes) -> None:
        """Write a change to the append-only file and to the replicas."""
        if self.config["appendonly"] == "yes":
            saving.append(self, system, place, data)
        self.replication.tell(self, place, data)

    def follow(self, system: System, wish: str) -> None:
        """Become a replica of `host port`, or a primary with `no one` or ""."""
        words = wish.split()
        self.replication.drop(system)
        if len(words) != 2 or [word.lower() for word in words] == ["no", "one"]:
            if self.replication.is_replica:
                self.log(system, "*", "MASTER MODE enabled (user request)")
            self.replication.follow("", 0, system.now_ms)
            return
        port = int(words[1]) if words[1].isdecimal() else 0
        self.replication.follow(words[0], port, system.now_ms)
        text = f"REPLICAOF {words[0]}:{port} enabled (user request)"
        self.log(system, "*", text)

    def make_room(self, extra: int) -> bool:
        """Whether there is memory for so many bytes more, after evictions if the policy says so."""
        if self.keyspace.keys >= KEYS_MAX:
            return False
        self._used_bytes += extra
        limit = int(self.config["maxmemory"])
        if not limit or self._used_bytes <= limit:
            return True
        self._used_bytes = memory_bytes(self.keyspace) + extra
        policy = self.config["maxmemory-policy"]
        while self._used_bytes > limit and policy != "noeviction":
            key = self._victim(only_volatile=policy.startswith("volatile"))
            if key is None:
                break
            number, name = key
            database = self.keyspace.database(number)
            self._used_bytes -= database.key_bytes(name)
            database.remove(name)
        return self._used_bytes <= limit

    def _victim(self, *, only_volatile: bool) -> tuple[int, bytes] | None:
        """The key to give up: the oldest."""
        for number, database in sorted(self.keyspace.databases.items()):
            pool = database.expires_ms if only_volatile else database.values
            for key in pool:
                return number, key
        return None

    def info(self, wanted: list[str]) -> str:
        """The answer to INFO."""
        facts = Facts(
            version=self.version,
            pid=self.pid,
            port=int(self.config["port"]),
            run_id=self.run_id,
            start_ms=self.start_ms,
            now_ms=self.keyspace.now_ms,
            config_file=self.config_file,
            clients=len(self.sessions),
            blocked=sum(held.blocked is not None for held in self.sessions.values()),
            connections=self.connections_taken,
            commands=self.commands_done,
            hits=self.hits,
            misses=self.misses,
            changes_unsaved=self.changes_unsaved,
            saved_ms=self.saved_ms,
            is_append_only=self.config["appendonly"] == "yes",
            maxmemory=int(self.config["maxmemory"]),
            policy=self.config["maxmemory-policy"],
            replication=self.replication.lines(self),
        )
        return info(facts, self.keyspace, wanted)

    # The log

    def log(self, system: System, mark: str, words: str, role: str = "", pid: int = 0) -> None:
        """A line of the log; `mark` is its level: `.`, `-`, `*`, `#`."""
        if _MARKS[mark] < _LEVELS.get(self.config["loglevel"], 2):
            return
        moment = datetime.fromtimestamp(system.now_ms / 1000, UTC)
        stamp = moment.strftime("%d %b %Y %H:%M:%S.") + f"{system.now_ms % 1000:03d}"
        role = role or ("S" if self.replication.is_replica else "M")
        line = f"{pid or system.pid}:{role} {stamp} {mark} {words}\n"
        if self.config["logfile"]:
            try:
                system.write_file(self.config["logfile"], line.encode(), append=True)
            except Errno:
                return
        else:
            system.write(_STDOUT, line.encode())

    @property
    def _is_new(self) -> bool:
        return numbers_of(self.version) >= (7, 2)

    @property
    def _mark(self) -> str:
        """Older servers told of their start as a warning."""
        return "*" if self._is_new else "#"

    def _report(self, system: System) -> None:
        if abs(self._used_bytes - self._reported_bytes) > _REPORT_BYTES:
            self._used_bytes = self._reported_bytes = memory_bytes(self.keyspace)
            system.report_usage(memory_bytes=7 * _REPORT_BYTES + self._reported_bytes)
