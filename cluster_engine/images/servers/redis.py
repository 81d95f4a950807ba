"""redis-server: its log, its protocol, its dump file.

Models: redis 7.4, standalone. SIGTERM ends it with 0 after the log lines people know.
"""

from __future__ import annotations

from datetime import UTC, datetime

from cluster_engine.images.servers import resp
from cluster_engine.images.servers.redis_commands import OK, Database, dump, load, run
from cluster_engine.images.servers.resp import Failure, ProtocolError, Reply
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import Exited, Outcome, Waiting
from cluster_engine.runtime.system import System

VERSION = "7.4.5"
PORT_DEFAULT = 6379
_SIGINT, _SIGTERM = 2, 15
_STDOUT = 1
CLIENTS_MAX = 200
_NO_CONFIG = (
    "Warning: no config file specified, using the default config. "
    "In order to specify a config file use redis-server /path/to/redis.conf"
)
_CONFIG = {
    "save": "3600 1 300 100 60 10000",
    "maxmemory": "0",
    "appendonly": "no",
    "dir": "/data",
    "dbfilename": "dump.rdb",
    "databases": "16",
}


class RedisServer:
    """The program; clients by descriptor with the bytes they have sent so far."""

    def __init__(self, arguments: list[str]) -> None:
        self._port = PORT_DEFAULT
        if "--port" in arguments[:-1]:
            self._port = int(arguments[arguments.index("--port") + 1])
        self._listener = -1
        self._clients: dict[int, bytearray] = {}
        self._database = Database()
        self._saved_changes = 0
        self._start_ms = 0
        self._answered = 0
        self._is_ending = False

    def step(self, system: System) -> Outcome:
        """Take connections, answer what they ask."""
        self._database.now_ms = system.now_ms
        if self._listener < 0 and not self._start(system):
            return Exited(1)
        if not self._is_ending:
            self._take_clients(system)
            for client in list(self._clients):
                self._serve(system, client)
        if self._is_ending:
            return self._end(system)
        return Waiting(readable=(self._listener, *self._clients))

    def _take_clients(self, system: System) -> None:
        while len(self._clients) < CLIENTS_MAX:
            client = system.accept(self._listener)
            if client is None:
                break
            self._clients[client] = bytearray()

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

    def _start(self, system: System) -> bool:
        self._start_ms = system.now_ms
        self._log(system, "*", "oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo", "C")
        facts = f"bits=64, commit=00000000, modified=0, pid={system.pid}, just started"
        self._log(system, "*", f"Redis version={VERSION}, {facts}", "C")
        self._log(system, "#", _NO_CONFIG, "C")
        try:
            self._listener = system.listen(self._port)
        except Errno:
            place = f"*:{self._port}: bind: Address already in use"
            text = f"Warning: Could not create server TCP listening socket {place}"
            self._log(system, "#", text)
            self._log(system, "#", f"Failed listening on port {self._port} (tcp), aborting.")
            return False
        self._log(system, "*", f"Running mode=standalone, port={self._port}.")
        self._log(system, "*", "Server initialized")
        self._load(system)
        self._log(system, "*", "Ready to accept connections tcp")
        system.report_usage(cpu_milli=3, memory_bytes=8 * 1024 * 1024)
        return True

    def _serve(self, system: System, client: int) -> None:
        buffer = self._clients[client]
        try:
            while (data := system.read(client)) is not None:
                if not data:
                    self._drop(system, client)
                    return
                buffer += data
            while (words := resp.take_request(buffer)) is not None:
                if words and self._answer(system, client, words):
                    return
        except ProtocolError as error:
            system.write(client, resp.encode(Failure(f"ERR {error}")))
            self._drop(system, client)
        except Errno:
            self._drop(system, client)

    def _answer(self, system: System, client: int, words: list[bytes]) -> bool:
        """Answer one request; True when the client is gone or the server ends."""
        self._answered += 1
        name = words[0].lower()
        if name == b"quit":
            system.write(client, resp.encode(OK))
            self._drop(system, client)
            return True
        if name == b"shutdown":
            self._log(system, "#", "User requested shutdown...")
            self._is_ending = True
            return True
        own = self._own_command(system, name, words[1:])
        system.write(client, resp.encode(run(self._database, words) if own is None else own))
        return False

    def _own_command(self, system: System, name: bytes, words: list[bytes]) -> Reply:
        """Commands about the server itself; None for the others."""
        if name == b"info":
            return self._info(system).encode()
        if name in (b"save", b"bgsave"):
            self._save(system)
            return OK if name == b"save" else resp.Status("Background saving started")
        if name == b"lastsave":
            return self._start_ms // 1000
        if name == b"config":
            if words and words[0].lower() == b"get":
                found: list[Reply] = []
                for wish in words[1:]:
                    text = wish.decode("latin-1")
                    if text in _CONFIG:
                        found += [wish, _CONFIG[text].encode()]
                return found
            return OK
        return None

    def _drop(self, system: System, client: int) -> None:
        del self._clients[client]
        system.close(client)

    def _info(self, system: System) -> str:
        keys = len(self._database.live_keys())
        lines = [
            "# Server",
            f"redis_version:{VERSION}",
            "redis_mode:standalone",
            "os:Linux 6.1.0 x86_64",
            f"process_id:{system.pid}",
            f"tcp_port:{self._port}",
            f"uptime_in_seconds:{(system.now_ms - self._start_ms) // 1000}",
            "",
            "# Clients",
            f"connected_clients:{len(self._clients)}",
            "",
            "# Memory",
            "used_memory_human:1.00M",
            "",
            "# Stats",
            f"total_commands_processed:{self._answered}",
            "",
            "# Replication",
            "role:master",
            "connected_slaves:0",
            "",
            "# Keyspace",
        ]
        if keys:
            lines.append(f"db0:keys={keys},expires={len(self._database.expires_ms)},avg_ttl=0")
        return "\r\n".join(lines) + "\r\n"

    def _save(self, system: System) -> None:
        try:
            system.write_file(f"{system.cwd}/dump.rdb", dump(self._database), mode=0o600)
            self._saved_changes = self._database.changes
            self._log(system, "*", "DB saved on disk")
        except Errno as error:
            self._log(system, "#", f"Failed opening the temp RDB file for saving: {error}")

    def _load(self, system: System) -> None:
        try:
            data = system.read_file(f"{system.cwd}/dump.rdb")
        except Errno:
            return
        keys = load(self._database, data)
        self._saved_changes = self._database.changes
        text = f"Done loading RDB, keys loaded: {keys}, keys expired: 0."
        self._log(system, "*", text)
        self._log(system, "*", "DB loaded from disk: 0.000 seconds")

    def _end(self, system: System) -> Outcome:
        self._log(system, "*", "User requested shutdown...")
        if self._database.changes > self._saved_changes:
            self._log(system, "*", "Saving the final RDB snapshot before exiting.")
            self._save(system)
        self._log(system, "#", "Redis is now ready to exit, bye bye...")
        return Exited(0)

    def _log(self, system: System, level: str, words: str, role: str = "M") -> None:
        moment = datetime.fromtimestamp(system.now_ms / 1000, UTC)
        stamp = moment.strftime("%d %b %Y %H:%M:%S.") + f"{system.now_ms % 1000:03d}"
        system.write(_STDOUT, f"{system.pid}:{role} {stamp} {level} {words}\n".encode())
