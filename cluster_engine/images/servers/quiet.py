"""Servers that only start, listen and wait: databases nobody speaks to in the labs, and pause."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import Exited, Outcome, Waiting
from cluster_engine.runtime.system import System

_SIGINT, _SIGTERM = 2, 15
_FOREVER_MS = 2**62


class Pause:
    """Waits for its end."""

    def __init__(self, arguments: list[str]) -> None:
        del arguments
        self._is_ending = False

    def step(self, system: System) -> Outcome:
        """Nothing to do."""
        if self._is_ending:
            system.write(2, b"Shutting down, got signal: Terminated\n")
            return Exited(0)
        return Waiting(until_ms=_FOREVER_MS)

    def signal(self, system: System, number: int) -> bool:
        """Ends on SIGTERM and SIGINT."""
        del system
        self._is_ending = number in (_SIGTERM, _SIGINT)
        return self._is_ending


class QuietServer:
    """Listens on a port and says the lines its real counterpart says."""

    port = 0
    required: tuple[str, ...] = ()
    refusal = ""
    lines: tuple[str, ...] = ()
    last_line = ""
    memory_bytes = 64 * 1024 * 1024

    def __init__(self, arguments: list[str]) -> None:
        self._arguments = arguments
        self._listener = -1
        self._is_ending = False

    def step(self, system: System) -> Outcome:
        """Start, then wait. A missing setting ends it as the image's entrypoint would."""
        if self._is_ending:
            if self.last_line:
                system.write(2, f"{self.last_line}\n".encode())
            return Exited(0)
        if self._listener >= 0:
            client = system.accept(self._listener)
            while client is not None:
                system.close(client)
                client = system.accept(self._listener)
            return Waiting(readable=(self._listener,))
        if self.required and not any(system.environment.get(name) for name in self.required):
            system.write(2, self.refusal.encode())
            return Exited(1)
        try:
            self._listener = system.listen(self.port)
        except Errno as error:
            system.write(2, f"cannot listen on port {self.port}: {error}\n".encode())
            return Exited(1)
        system.report_usage(cpu_milli=5, memory_bytes=self.memory_bytes)
        system.write(2, "".join(f"{line}\n" for line in self.lines).encode())
        return Waiting(readable=(self._listener,))

    def signal(self, system: System, number: int) -> bool:
        """Ends in order on SIGTERM and SIGINT."""
        del system
        self._is_ending = number in (_SIGTERM, _SIGINT)
        return self._is_ending


class MySql(QuietServer):
    """mysqld, which wants a root password."""

    port = 3306
    required = ("MYSQL_ROOT_PASSWORD", "MYSQL_ALLOW_EMPTY_PASSWORD", "MYSQL_RANDOM_ROOT_PASSWORD")
    refusal = (
        "[ERROR] [Entrypoint]: Database is uninitialized and password option is not specified\n"
        "    You need to specify one of the following as an environment variable:\n"
        "    - MYSQL_ROOT_PASSWORD\n    - MYSQL_ALLOW_EMPTY_PASSWORD\n"
        "    - MYSQL_RANDOM_ROOT_PASSWORD\n"
    )
    lines = (
        "[Entrypoint]: MySQL init process done. Ready for start up.",
        "[System] [Server] /usr/sbin/mysqld: ready for connections. Version: '8.4.6'  port: 3306",
    )
    memory_bytes = 380 * 1024 * 1024


class Postgres(QuietServer):
    """postgres, which wants a password too."""

    port = 5432
    required = ("POSTGRES_PASSWORD", "POSTGRES_HOST_AUTH_METHOD")
    refusal = (
        "Error: Database is uninitialized and superuser password is not specified.\n"
        "       You must specify POSTGRES_PASSWORD to a non-empty value for the\n"
        '       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".\n'
    )
    lines = (
        "PostgreSQL init process complete; ready for start up.",
        'LOG:  listening on IPv4 address "0.0.0.0", port 5432',
        "LOG:  database system is ready to accept connections",
    )
    last_line = "LOG:  database system is shut down"


class Mongo(QuietServer):
    """mongod."""

    port = 27017
    lines = ('{"s":"I","c":"NETWORK","msg":"Waiting for connections","attr":{"port":27017}}',)


class Memcached(QuietServer):
    """memcached, which says nothing."""

    port = 11211
    memory_bytes = 4 * 1024 * 1024
