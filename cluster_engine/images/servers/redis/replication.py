"""Replication: a replica's connection to its primary, and what a primary does for replicas.

Models: redis' handshake (PING, REPLCONF, PSYNC), a full transfer, then a stream of changes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cluster_engine.images.servers.redis import commands
from cluster_engine.images.servers.redis.resp import (
    ProtocolError,
    Reply,
    request,
    take_request,
)
from cluster_engine.images.servers.redis.session import Session
from cluster_engine.network.connection import NetworkError
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import System

if TYPE_CHECKING:
    from cluster_engine.images.servers.redis.server import RedisServer

_RETRY_MS, _RETRY_MS_MAX = 1_000, 60_000


@dataclass(slots=True)
class Replication:
    """What one server knows of its primary (none: it is one) and its replicas."""

    host: str = ""
    port: int = 0
    fd: int = -1
    #: What we wait for: one of the handshake, "payload", "stream"; "" while there is no link.
    phase: str = ""
    incoming: bytearray = field(default_factory=bytearray)
    database: int = 0
    offset: int = 0
    #: The database of the last change told to replicas.
    told_database: int = -1
    retry_ms: int = 0
    retries: int = 0

    @property
    def is_replica(self) -> bool:
        """Whether the server follows another."""
        return bool(self.host)

    def follow(self, host: str, port: int, now_ms: int) -> None:
        """Follow that server from now on ("": none)."""
        self.host, self.port, self.phase = host, port, ""
        self.retry_ms, self.retries = now_ms, 0
        self.incoming.clear()

    def due_ms(self) -> int | None:
        """When to try again."""
        return self.retry_ms if self.host and self.fd < 0 else None

    def step(self, server: RedisServer, system: System) -> None:
        """Connect, or take what the primary has sent."""
        if not self.host:
            return
        if self.fd < 0:
            if system.now_ms >= self.retry_ms:
                self._connect(server, system)
            return
        try:
            while (data := system.read(self.fd)) is not None:
                if not data:
                    self._lost(server, system, "Connection with master lost.")
                    return
                self.incoming += data
            while self.phase and self._take(server, system):
                pass
        except (Errno, ProtocolError):
            self._lost(server, system, "Connection with master lost.")

    def serve(self, server: RedisServer, system: System, session: Session) -> None:
        """Give a replica everything, and from now on every change."""
        place = f"{session.address.partition(':')[0]}:{session.replica_port}"
        server.log(system, "*", f"Replica {place} asks for synchronization")
        server.log(system, "*", f"Full resync requested by replica {place}")
        payload = server.keyspace.dump()
        session.is_replica = True
        head = f"+FULLRESYNC {server.run_id} {self.offset}\r\n${len(payload)}\r\n".encode()
        session.outgoing += head + payload
        self.told_database = -1
        server.log(system, "*", f"Synchronization with replica {place} succeeded")

    def tell(self, server: RedisServer, place: int, data: bytes) -> None:
        """Send a change to the replicas."""
        replicas = [session for session in server.sessions.values() if session.is_replica]
        if not replicas:
            return
        if place != self.told_database:
            data = request([b"SELECT", b"%d" % place]) + data
            self.told_database = place
        self.offset += 0 if self.host else len(data)
        for session in replicas:
            session.outgoing += data

    def role(self, server: RedisServer) -> Reply:
        """The answer to ROLE."""
        if self.host:
            state = b"connected" if self.phase == "stream" else b"connect"
            return [b"slave", self.host.encode(), self.port, state, self.offset]
        replicas: list[Reply] = [
            [
                held.address.partition(":")[0].encode(),
                b"%d" % held.replica_port,
                b"%d" % self.offset,
            ]
            for held in server.sessions.values()
            if held.is_replica
        ]
        return [b"master", self.offset, replicas]

    def lines(self, server: RedisServer) -> list[str]:
        """The section of INFO."""
        replicas = [held for held in server.sessions.values() if held.is_replica]
        lines = [f"role:{'slave' if self.host else 'master'}"]
        if self.host:
            is_up = self.phase == "stream"
            lines += [
                f"master_host:{self.host}",
                f"master_port:{self.port}",
                f"master_link_status:{'up' if is_up else 'down'}",
                "master_last_io_seconds_ago:0" if is_up else "master_last_io_seconds_ago:-1",
                f"master_sync_in_progress:{int(self.phase == 'payload')}",
                f"slave_repl_offset:{self.offset}",
                "slave_read_only:1",
            ]
        lines.append(f"connected_slaves:{len(replicas)}")
        for number, held in enumerate(replicas):
            ip = held.address.partition(":")[0]
            lines.append(
                f"slave{number}:ip={ip},port={held.replica_port},state=online,"
                f"offset={self.offset},lag=0"
            )
        return [*lines, f"master_replid:{server.run_id}", f"master_repl_offset:{self.offset}"]

    def _connect(self, server: RedisServer, system: System) -> None:
        if not self.retries:
            server.log(system, "*", f"Connecting to MASTER {self.host}:{self.port}")
        try:
            self.fd = system.connect(self.host, self.port)
        except (NetworkError, Errno) as error:
            if not self.retries:
                why = "Connection refused" if "refused" in str(error) else "Name does not resolve"
                server.log(system, "#", f"Unable to connect to MASTER: {why}")
            self._wait(system)
            return
        server.log(system, "*", "MASTER <-> REPLICA sync started")
        server.log(system, "*", "Non blocking connect for SYNC fired the event.")
        self.retries = 0
        self.phase = "ping"
        system.write(self.fd, request([b"PING"]))

    def _wait(self, system: System) -> None:
        self.retry_ms = system.now_ms + min(_RETRY_MS << min(self.retries, 6), _RETRY_MS_MAX)
        self.retries += 1

    def _lost(self, server: RedisServer, system: System, words: str) -> None:
        server.log(system, "#" if "error" in words else "*", words)
        if self.fd >= 0:
            system.close(self.fd)
        self.fd, self.phase = -1, ""
        self.incoming.clear()
        self._wait(system)

    def drop(self, system: System) -> None:
        """Leave the primary."""
        if self.fd >= 0:
            system.close(self.fd)
        self.fd = -1

    def _take(self, server: RedisServer, system: System) -> bool:
        """One thing that has come; False: it has not all come."""
        if self.phase == "stream":
            return self._apply(server, system)
        end = self.incoming.find(b"\r\n")
        if end < 0:
            return False
        line = bytes(self.incoming[:end])
        if self.phase == "payload":
            return self._load(server, system, end)
        del self.incoming[: end + 2]
        self._greet(server, system, line)
        return True

    def _greet(self, server: RedisServer, system: System, line: bytes) -> None:
        """The answer to one step of the handshake leads to the next."""
        if line.startswith(b"-") and self.phase != "port":
            self._lost(
                server, system, f"MASTER aborted replication with an error: {line[1:].decode()}"
            )
            return
        if self.phase == "ping":
            words = "Master replied to PING, replication can continue..."
            server.log(system, "*", words)
            password = server.config["masterauth"]
            self.phase = "auth"
            if password:
                system.write(self.fd, request([b"AUTH", password.encode()]))
                return
        if self.phase == "auth":
            self.phase = "port"
            port = server.config["port"].encode()
            system.write(self.fd, request([b"REPLCONF", b"listening-port", port]))
        elif self.phase == "port":
            self.phase = "sync"
            server.log(system, "*", "Partial resynchronization not possible (no cached master)")
            system.write(self.fd, request([b"PSYNC", b"?", b"-1"]))
        elif self.phase == "sync":
            self.phase = "payload"
            parts = line.decode("latin-1").split()
            self.offset = int(parts[2]) if len(parts) > 2 and parts[2].isdigit() else 0
            text = f"Full resync from master: {' '.join(parts[1:2])}:{self.offset}"
            server.log(system, "*", text)

    def _load(self, server: RedisServer, system: System, end: int) -> bool:
        length = int(self.incoming[1:end])
        if len(self.incoming) < end + 2 + length:
            return False
        payload = bytes(self.incoming[end + 2 : end + 2 + length])
        del self.incoming[: end + 2 + length]
        for words in ("Flushing old data", "Loading DB in memory", "Finished with success"):
            server.log(system, "*", f"MASTER <-> REPLICA sync: {words}")
        server.keyspace.clear()
        server.keyspace.load(payload)
        self.phase, self.database = "stream", 0
        return True

    def _apply(self, server: RedisServer, system: System) -> bool:
        before = len(self.incoming)
        words = take_request(self.incoming)
        if words is None:
            return False
        data = request(words)
        self.offset += before - len(self.incoming)
        if not words:
            return True
        name = words[0].lower()
        if name == b"select":
            self.database = int(words[1])
        elif name == b"flushall":
            server.keyspace.clear()
            server.propagate(system, self.database, data)
        elif name != b"ping":
            commands.run(server.keyspace.database(self.database), words)
            server.propagate(system, self.database, data)
        return True
