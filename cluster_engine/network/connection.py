"""A connection: two bounded byte buffers and who holds its ends. Plain data, owned by the fabric.

Ends are named by the connection's number and a side, so that components keep numbers, not objects,
and a copied cluster finds its own connections again.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeAlias

from cluster_engine.network.http import HttpReply, HttpRequest

#: Sides of a connection.
CLIENT, SERVER = 0, 1
BUFFER_BYTES_MAX = 1024 * 1024

NetworkErrorKind: TypeAlias = Literal[
    "no such host", "connection refused", "no route to host", "timeout", "dns timeout"
]


class NetworkError(Exception):
    """Nobody could be reached. `kind` says how it failed, for the texts and exit codes of tools."""

    def __init__(self, kind: NetworkErrorKind, address: str) -> None:
        super().__init__(f"{address}: {kind}")
        self.kind = kind
        self.address = address


@dataclass(frozen=True, slots=True)
class Handler:
    """Who answers at a listening port: a party's name and what the party knows the port by.

    With `is_http` the party answers whole requests at once (`Party.answer`); else it is given byte
    streams (`Party.accept`). With `takes_streams`, too, it does both, whatever the client opens.
    """

    party: str
    key: Hashable
    is_http: bool = False
    takes_streams: bool = False


@dataclass(slots=True)
class Connection:
    """One open connection."""

    id: int
    source_ip: str
    ip: str
    port: int
    #: The parties that hold the client's and the server's end.
    parties: tuple[str, str]
    #: Bytes on their way: (to the client, to the server).
    incoming: tuple[bytearray, bytearray] = field(
        default_factory=lambda: (bytearray(), bytearray())
    )
    #: Which side has said that it sends no more.
    is_finished: list[bool] = field(default_factory=lambda: [False, False])
    #: Which side has gone: it does not read any more either.
    is_closed: list[bool] = field(default_factory=lambda: [False, False])
    #: Set when the server's end is answered request by request.
    handler: Handler | None = None

    def copy(self) -> Connection:
        """An independent connection in the same state."""
        return Connection(
            self.id,
            self.source_ip,
            self.ip,
            self.port,
            self.parties,
            (bytearray(self.incoming[0]), bytearray(self.incoming[1])),
            list(self.is_finished),
            list(self.is_closed),
            self.handler,
        )


class Party(Protocol):
    """A component that holds ends of connections (the kernel, the kubelets, the API server).

    None of these calls may do more than take note or compute an answer.
    """

    def accept(self, key: Hashable, connection: Connection) -> bool:
        """A client wants a byte stream to the port known by `key`. False: refused."""

    def answer(self, key: Hashable, request: HttpRequest) -> HttpReply | None:
        """Answer a request to the port known by `key`. None: refused (nobody is there any more)."""

    def ready(self, connection_id: int, side: int) -> None:
        """That end of a connection has something to read, room to write again, or has ended."""
