"""Databases that start, listen, log and end as people know it; nobody can speak to them.

Models: the official images of mysql, mariadb, postgres, mongo, memcached: what their entrypoints
demand, what they log, how they end. They understand no protocol.
"""

from __future__ import annotations

from datetime import UTC, datetime

from cluster_engine.images.scripts import Entrypoint
from cluster_engine.network.connection import NetworkError
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import Exited, Outcome, Waiting
from cluster_engine.runtime.system import System

_SIGINT, _SIGTERM, _SIGQUIT = 2, 15, 3
_STDOUT, _STDERR = 1, 2
_MIB = 1024 * 1024


def _iso(now_ms: int, separator: str = "T") -> str:
    moment = datetime.fromtimestamp(now_ms // 1000, UTC)
    return moment.strftime(f"%Y-%m-%d{separator}%H:%M:%S.") + f"{now_ms % 1000:03d}"


class Database:
    """Listens on a port and says the lines its real counterpart says."""

    port = 0
    memory_bytes = 64 * _MIB
    output = _STDERR

    def __init__(self, arguments: list[str]) -> None:
        self.arguments = arguments
        self._listener = -1
        self._ending = 0

    def step(self, system: System) -> Outcome:
        """Start, then close whatever connects."""
        if self._ending:
            self._say(system, self.last_lines(system, self._ending))
            return Exited(0)
        if self._listener < 0:
            port = self.port_wanted()
            code = self.prepare(system)
            if code is not None:
                return Exited(code)
            try:
                self._listener = system.listen(port)
            except Errno as error:
                self._say(system, [f"could not bind to port {port}: {error.text}"])
                return Exited(1)
            system.report_usage(cpu_milli=4, memory_bytes=self.memory_bytes)
            self._say(system, self.first_lines(system))
        while (client := system.accept(self._listener)) is not None:
            system.close(client)
        return Waiting(readable=(self._listener,))

    def signal(self, system: System, number: int) -> bool:
        """Ends in order."""
        del system
        if number not in (_SIGINT, _SIGTERM, _SIGQUIT):
            return False
        self._ending = number
        return True

    def prepare(self, system: System) -> int | None:
        """Before listening; a code ends the program with it."""
        del system
        return None

    def port_wanted(self) -> int:
        """`--port=` or `-p`, else the usual one."""
        words = self.arguments[1:]
        for place, word in enumerate(words):
            name, _, value = word.partition("=")
            if name in ("--port", "-p", "-P"):
                value = value or (words[place + 1] if place + 1 < len(words) else "")
                if value.isdecimal() and 0 < int(value) < 65536:
                    return int(value)
        return self.port

    def first_lines(self, system: System) -> list[str]:
        """What it says when it is up."""
        del system
        return []

    def last_lines(self, system: System, number: int) -> list[str]:
        """What it says when it ends."""
        del system, number
        return []

    def _say(self, system: System, lines: list[str]) -> None:
        if lines:
            system.write(self.output, "".join(f"{line}\n" for line in lines).encode())


class DatabaseEntrypoint(Entrypoint):
    """docker-entrypoint.sh: demands a password the first time, makes the data, changes the user."""

    server = ""
    uid = 999
    #: One of these must be set when there is no data yet.
    required: tuple[str, ...] = ()
    refusal = ""
    data = ""
    #: The file that tells that there is data.
    mark = "initialized"

    def prepare(self, system: System, words: list[str]) -> list[str] | int:
        """The command to become."""
        if words and words[0].startswith("-"):
            words = [self.server, *words]
        if not words or words[0] != self.server:
            return words
        folder = system.environment.get("PGDATA", self.data) if self.data else ""
        mark = f"{folder}/{self.mark}"
        if folder and not system.exists(mark):
            if self.required and not any(system.environment.get(name) for name in self.required):
                system.write(_STDERR, self.stamped(system, self.refusal).encode())
                return 1
            lines = self.initialize(system, folder)
            if lines is None:
                return 1
            system.write(_STDOUT, "".join(f"{line}\n" for line in lines).encode())
        if system.uid == 0:
            system.set_user(self.uid, self.uid)
        return words

    def initialize(self, system: System, folder: str) -> list[str] | None:
        """Make the first data; what is said of it, None when it cannot be."""
        try:
            _make_folders(system, folder)
            system.write_file(f"{folder}/{self.mark}", f"{self.server}\n".encode(), mode=0o600)
            if system.uid == 0:
                system.chown(folder, self.uid, self.uid)
                system.chown(f"{folder}/{self.mark}", self.uid, self.uid)
        except Errno as error:
            text = f"{self.server}: could not write to {folder}: {error.text}\n"
            system.write(_STDERR, text.encode())
            return None
        return self.first_lines(system)

    def first_lines(self, system: System) -> list[str]:
        """What is said of the first data."""
        del system
        return []

    def stamped(self, system: System, text: str) -> str:
        """The refusal as the script prints it."""
        del system
        return text


def _make_folders(system: System, path: str) -> None:
    made = ""
    for name in path.split("/"):
        if name:
            made += f"/{name}"
            if not system.exists(made):
                system.mkdir(made, 0o755)


class MySqlEntrypoint(DatabaseEntrypoint):
    """Of mysql."""

    server = "mysqld"
    data = "/var/lib/mysql"
    mark = "ibdata1"
    product = "MySQL"
    required: tuple[str, ...] = (
        "MYSQL_ROOT_PASSWORD",
        "MYSQL_ALLOW_EMPTY_PASSWORD",
        "MYSQL_RANDOM_ROOT_PASSWORD",
    )
    refusal = (
        "[ERROR] [Entrypoint]: Database is uninitialized and password option is not specified\n"
        "    You need to specify one of the following as an environment variable:\n"
        "    - MYSQL_ROOT_PASSWORD\n    - MYSQL_ALLOW_EMPTY_PASSWORD\n"
        "    - MYSQL_RANDOM_ROOT_PASSWORD\n"
    )

    def stamped(self, system: System, text: str) -> str:
        """With the date in front."""
        return f"{self._stamp(system)} {text}"

    def first_lines(self, system: System) -> list[str]:
        """From the temporary server to the real one."""
        names = system.environment.get("MYSQL_DATABASE")
        words = ["Initializing database files", "Database files initialized"]
        words += ["Starting temporary server", "Temporary server started."]
        words += [f"Creating database {names}"] if names else []
        words += ["Stopping temporary server", "Temporary server stopped"]
        words += [f"{self.product} init process done. Ready for start up."]
        return [f"{self._stamp(system)} [Note] [Entrypoint]: {word}" for word in words]

    def _stamp(self, system: System) -> str:
        moment = datetime.fromtimestamp(system.now_ms // 1000, UTC)
        return moment.strftime("%Y-%m-%d %H:%M:%S+00:00")


class MySql(Database):
    """mysqld."""

    port = 3306
    memory_bytes = 380 * _MIB
    name, mark = "mysqld", "MySQL Community Server - GPL."

    def version(self, system: System) -> str:
        """As its log says it."""
        return system.environment.get("MYSQL_VERSION", "8.4.7").partition("-")[0]

    def first_lines(self, system: System) -> list[str]:
        """From the start to being ready."""
        stamp = f"{_iso(system.now_ms)}000Z 0"
        version = self.version(system)
        text = f"/usr/sbin/mysqld (mysqld {version}) starting as process {system.pid}"
        ready = (
            f"/usr/sbin/mysqld: ready for connections. Version: '{version}'  socket: "
            f"'/var/run/mysqld/mysqld.sock'  port: {self.port_wanted()}  {self.mark}"
        )
        return [
            f"{stamp} [System] [MY-010116] [Server] {text}",
            f"{stamp} [System] [MY-013576] [InnoDB] InnoDB initialization has started.",
            f"{stamp} [System] [MY-013577] [InnoDB] InnoDB initialization has ended.",
            f"{stamp} [System] [MY-010931] [Server] {ready}",
        ]

    def last_lines(self, system: System, number: int) -> list[str]:
        """On SIGTERM."""
        stamp = f"{_iso(system.now_ms)}000Z 0"
        user = "Received SHUTDOWN from user <via user signal>. Shutting down mysqld"
        end = f"/usr/sbin/mysqld: Shutdown complete (mysqld {self.version(system)})  {self.mark}"
        return [
            f"{stamp} [System] [MY-013172] [Server] {user} (Version: {self.version(system)}).",
            f"{stamp} [System] [MY-010910] [Server] {end}",
        ]


class MariaDbEntrypoint(MySqlEntrypoint):
    """Of mariadb, which has names of its own and still takes mysql's."""

    server = "mariadbd"
    product = "MariaDB"
    required: tuple[str, ...] = (
        "MARIADB_ROOT_PASSWORD",
        "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD",
        "MARIADB_RANDOM_ROOT_PASSWORD",
        "MARIADB_ROOT_PASSWORD_HASH",
        *MySqlEntrypoint.required,
    )
    refusal = (
        "[ERROR] [Entrypoint]: Database is uninitialized and password option is not specified\n"
        "\tYou need to specify one of MARIADB_ROOT_PASSWORD, MARIADB_ROOT_PASSWORD_HASH, "
        "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD and MARIADB_RANDOM_ROOT_PASSWORD\n"
    )


class MariaDb(MySql):
    """mariadbd."""

    memory_bytes = 110 * _MIB

    def version(self, system: System) -> str:
        """As its log says it."""
        return f"{system.environment.get('MARIADB_VERSION', '12.1.2')}-MariaDB-ubu2404"

    def first_lines(self, system: System) -> list[str]:
        """From the start to being ready."""
        stamp = _iso(system.now_ms, " ").partition(".")[0] + " 0 [Note]"
        version = self.version(system)
        return [
            f"{stamp} Starting MariaDB {version} source revision as process {system.pid}",
            f"{stamp} InnoDB: Completed initialization of buffer pool",
            f"{stamp} Server socket created on IP: '0.0.0.0', port: '{self.port_wanted()}'.",
            f"{stamp} mariadbd: ready for connections.",
            f"Version: '{version}'  socket: '/run/mysqld/mysqld.sock'  port: {self.port_wanted()}"
            "  mariadb.org binary distribution",
        ]

    def last_lines(self, system: System, number: int) -> list[str]:
        """On SIGTERM."""
        stamp = _iso(system.now_ms, " ").partition(".")[0] + " 0 [Note]"
        return [
            f"{stamp} mariadbd (initiated by: unknown): Normal shutdown",
            f"{stamp} mariadbd: Shutdown complete",
        ]


class PostgresEntrypoint(DatabaseEntrypoint):
    """Of postgres."""

    server = "postgres"
    data = "/var/lib/postgresql/data"
    mark = "PG_VERSION"
    required: tuple[str, ...] = ("POSTGRES_PASSWORD",)
    refusal = (
        "Error: Database is uninitialized and superuser password is not specified.\n"
        "       You must specify POSTGRES_PASSWORD to a non-empty value for the\n"
        '       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".\n\n'
        "       You may also use POSTGRES_HOST_AUTH_METHOD=trust to allow all\n"
        "       connections without a password. This is *not* recommended.\n\n"
        '       See PostgreSQL documentation about "trust":\n'
        "       https://www.postgresql.org/docs/current/auth-trust.html\n"
    )

    def prepare(self, system: System, words: list[str]) -> list[str] | int:
        """`trust` needs no password; a volume's own lost+found is in the way of the first data."""
        if system.environment.get("POSTGRES_HOST_AUTH_METHOD") == "trust":
            self.required = ()
        return super().prepare(system, words)

    def first_lines(self, system: System) -> list[str]:
        """What initdb says, in short."""
        folder = system.environment.get("PGDATA", self.data)
        return [
            'The files belonging to this database system will be owned by user "postgres".',
            "This user must also own the server process.",
            "",
            'The database cluster will be initialized with locale "en_US.utf8".',
            "",
            f"fixing permissions on existing directory {folder} ... ok",
            "creating subdirectories ... ok",
            "selecting dynamic shared memory implementation ... posix",
            "creating configuration files ... ok",
            "running bootstrap script ... ok",
            "performing post-bootstrap initialization ... ok",
            "syncing data to disk ... ok",
            "",
            "PostgreSQL init process complete; ready for start up.",
            "",
        ]


class Postgres(Database):
    """postgres."""

    port = 5432
    memory_bytes = 26 * _MIB

    def first_lines(self, system: System) -> list[str]:
        """From the start to being ready."""
        version = system.environment.get("PG_VERSION", "18.1")
        stamp = f"{_iso(system.now_ms, ' ')} UTC [{system.pid}] LOG: "
        port = self.port_wanted()
        return [
            f"{stamp} starting PostgreSQL {version} (Debian {version}-1.pgdg12+1) on "
            "x86_64-pc-linux-gnu, compiled by gcc (Debian 12.2.0-14+deb12u1) 12.2.0, 64-bit",
            f'{stamp} listening on IPv4 address "0.0.0.0", port {port}',
            f'{stamp} listening on IPv6 address "::", port {port}',
            f'{stamp} listening on Unix socket "/var/run/postgresql/.s.PGSQL.{port}"',
            f"{stamp} database system was shut down at {_iso(system.now_ms, ' ')[:19]} UTC",
            f"{stamp} database system is ready to accept connections",
        ]

    def last_lines(self, system: System, number: int) -> list[str]:
        """Smart on SIGTERM, fast on SIGINT."""
        stamp = f"{_iso(system.now_ms, ' ')} UTC [{system.pid}] LOG: "
        way = "smart" if number == _SIGTERM else "fast"
        return [
            f"{stamp} received {way} shutdown request",
            f"{stamp} aborting any active transactions",
            f"{stamp} shutting down",
            f"{stamp} database system is shut down",
        ]


class PgIsReady:
    """pg_isready: whether the port can be reached."""

    def __init__(self, arguments: list[str]) -> None:
        self._arguments = arguments

    def step(self, system: System) -> Outcome:
        """One connection."""
        host, port = "localhost", 5432
        words = self._arguments[1:]
        for place, word in enumerate(words[:-1]):
            if word in ("-h", "--host"):
                host = words[place + 1]
            elif word in ("-p", "--port") and words[place + 1].isdecimal():
                port = int(words[place + 1])
        shown = "/var/run/postgresql" if host == "localhost" else host
        try:
            system.close(system.connect(host, port))
        except (NetworkError, Errno):
            system.write(_STDOUT, f"{shown}:{port} - no response\n".encode())
            return Exited(2)
        system.write(_STDOUT, f"{shown}:{port} - accepting connections\n".encode())
        return Exited(0)

    def signal(self, system: System, number: int) -> bool:
        """Nothing is caught."""
        del system, number
        return False


class MongoEntrypoint(DatabaseEntrypoint):
    """Of mongo."""

    server = "mongod"
    data = "/data/db"
    mark = "WiredTiger"


class Mongo(Database):
    """mongod."""

    port = 27017
    memory_bytes = 120 * _MIB
    output = _STDOUT

    def first_lines(self, system: System) -> list[str]:
        """Structured lines."""
        facts = f'"pid":{system.pid},"port":{self.port_wanted()},"dbPath":"/data/db",'
        host = f'"architecture":"64-bit","host":"{system.hostname}"'
        return [
            self._line(
                system,
                "CONTROL",
                4615611,
                "initandlisten",
                "MongoDB starting",
                f"{{{facts}{host}}}",
            ),
            self._line(
                system,
                "NETWORK",
                23015,
                "listener",
                "Listening on",
                f'{{"address":"0.0.0.0:{self.port_wanted()}"}}',
            ),
            self._line(
                system,
                "NETWORK",
                23016,
                "listener",
                "Waiting for connections",
                f'{{"port":{self.port_wanted()},"ssl":"off"}}',
            ),
        ]

    def last_lines(self, system: System, number: int) -> list[str]:
        """On SIGTERM."""
        return [
            self._line(
                system,
                "CONTROL",
                23377,
                "SignalHandler",
                "Received signal",
                f'{{"signal":{number},"error":"Terminated"}}',
            ),
            self._line(
                system, "CONTROL", 23138, "SignalHandler", "Shutting down", '{"exitCode":0}'
            ),
        ]

    def _line(self, system: System, part: str, number: int, who: str, words: str, more: str) -> str:
        stamp = f'{{"t":{{"$date":"{_iso(system.now_ms)}+00:00"}},"s":"I",  '
        return f'{stamp}"c":"{part}",  "id":{number}, "ctx":"{who}","msg":"{words}","attr":{more}}}'


class MemcachedEntrypoint(DatabaseEntrypoint):
    """Of memcached."""

    server = "memcached"


class Memcached(Database):
    """memcached, which says nothing."""

    port = 11211
    memory_bytes = 4 * _MIB
