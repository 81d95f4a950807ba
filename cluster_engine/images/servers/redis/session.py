"""One client of the server: its connection, and what it has chosen. Data only."""

from __future__ import annotations

from dataclasses import dataclass, field

from cluster_engine.images.servers.redis.database import Value


@dataclass(slots=True)
class Blocked:
    """A command that waits for a list to have something: it is done again with every change."""

    words: list[bytes]
    #: 0: forever.
    due_ms: int
    order: int


@dataclass(slots=True)
class Session:
    """One client."""

    fd: int
    id: int
    address: str
    since_ms: int
    incoming: bytearray = field(default_factory=bytearray)
    outgoing: bytearray = field(default_factory=bytearray)
    database: int = 0
    name: str = ""
    has_authenticated: bool = False
    #: The last command, for CLIENT LIST.
    last: str = "NULL"
    #: The commands of a transaction; None outside of one.
    queue: list[list[bytes]] | None = None
    is_queue_broken: bool = False
    #: What WATCH has seen.
    watched: dict[tuple[int, bytes], Value | None] = field(default_factory=dict)
    channels: dict[bytes, None] = field(default_factory=dict)
    patterns: dict[bytes, None] = field(default_factory=dict)
    blocked: Blocked | None = None
    #: A replica gets every change; a monitor every command.
    is_replica: bool = False
    replica_port: int = 6379
    is_monitor: bool = False
    #: Close it when all of `outgoing` is gone.
    is_closing: bool = False

    @property
    def subscriptions(self) -> int:
        """How many channels and patterns it listens to."""
        return len(self.channels) + len(self.patterns)
