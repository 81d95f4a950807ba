"""All open connections: bytes in, bytes out, and telling the other side.

Part of the fabric (`fabric.connections`). Ends are named by the connection's number and a side.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from cluster_engine.network.connection import (
    BUFFER_BYTES_MAX,
    CLIENT,
    SERVER,
    Connection,
    Handler,
    NetworkError,
    Party,
)
from cluster_engine.network.http import (
    BadRequest,
    HttpReply,
    HttpRequest,
    reply_bytes,
    take_request,
)

CONNECTIONS_MAX = 4_096


class Connections:
    """The connections of one cluster, by number."""

    def __init__(self, party: Callable[[str], Party | None]) -> None:
        self._party = party
        self._open: dict[int, Connection] = {}
        self._next_id = 1

    def open(self, source_ip: str, ip: str, port: int, party: str, handler: Handler) -> Connection:
        """A new connection to what listens as `handler`. Raises NetworkError."""
        if len(self._open) >= CONNECTIONS_MAX:
            raise NetworkError("timeout", f"{ip}:{port}")
        server = self._party(handler.party)
        connection = Connection(self._next_id, source_ip, ip, port, (party, handler.party))
        self._next_id += 1
        self._open[connection.id] = connection
        if handler.is_http and not handler.takes_streams:
            connection.handler = handler
        elif server is None or not server.accept(handler.key, connection):
            self._open.pop(connection.id, None)
            raise NetworkError("connection refused", f"{ip}:{port}")
        return connection

    def get(self, connection_id: int) -> Connection | None:
        """An open connection by its number."""
        return self._open.get(connection_id)

    def send(self, connection_id: int, side: int, data: bytes) -> int:
        """Send from that side; how many bytes were taken (0: the buffer is full, or it is over)."""
        connection = self._open.get(connection_id)
        if connection is None or connection.is_finished[side] or connection.is_closed[1 - side]:
            return 0
        buffer = connection.incoming[1 - side]
        taken = data[: max(BUFFER_BYTES_MAX - len(buffer), 0)]
        buffer += taken
        if connection.handler is not None and side == CLIENT:
            self._serve(connection, connection.handler)
        elif taken:
            self._tell(connection, 1 - side)
        return len(taken)

    def is_broken(self, connection_id: int, side: int) -> bool:
        """Whether what that side sends would be lost: the other end is closed."""
        connection = self._open.get(connection_id)
        return connection is None or connection.is_closed[1 - side]

    def receive(self, connection_id: int, side: int, bytes_max: int = 65536) -> bytes | None:
        """Take bytes that have come to that side; None: none yet; b"": none will come."""
        connection = self._open.get(connection_id)
        if connection is None:
            return b""
        buffer = connection.incoming[side]
        if not buffer:
            return b"" if connection.is_finished[1 - side] else None
        was_full = len(buffer) >= BUFFER_BYTES_MAX
        data = bytes(buffer[:bytes_max])
        del buffer[:bytes_max]
        if was_full:
            self._tell(connection, 1 - side)
        return data

    def finish(self, connection_id: int, side: int) -> None:
        """That side sends no more, but still reads."""
        connection = self._open.get(connection_id)
        if connection is None or connection.is_finished[side]:
            return
        connection.is_finished[side] = True
        if connection.handler is not None and side == CLIENT:
            connection.is_finished[SERVER] = True
        self._tell(connection, 1 - side)

    def close(self, connection_id: int, side: int) -> None:
        """That side neither sends nor reads any more; closed by both, a connection is forgotten."""
        connection = self._open.get(connection_id)
        if connection is None:
            return
        self.finish(connection_id, side)
        connection.is_closed[side] = True
        connection.incoming[side].clear()
        if connection.handler is not None or connection.is_closed[1 - side]:
            self._open.pop(connection_id, None)

    def drop(self, connection_id: int) -> None:
        """End a connection at once, for both sides."""
        connection = self._open.pop(connection_id, None)
        if connection is not None:
            self._tell(connection, CLIENT)
            self._tell(connection, SERVER)

    def drop_address(self, ip: str) -> None:
        """Whoever had that address is gone."""
        for number in [c.id for c in self._open.values() if ip in (c.ip, c.source_ip)]:
            self.drop(number)

    def state(self) -> tuple[dict[int, Connection], int]:
        """The connections, sharing nothing, and the next number."""
        return {number: held.copy() for number, held in self._open.items()}, self._next_id

    def restore(self, state: tuple[dict[int, Connection], int]) -> None:
        """Take over a value made by `state`."""
        self._open = {number: held.copy() for number, held in state[0].items()}
        self._next_id = state[1]

    def _serve(self, connection: Connection, handler: Handler) -> None:
        buffer = connection.incoming[SERVER]
        try:
            while (request := take_request(buffer)) is not None:
                if not self._answer(connection, handler, request):
                    return
        except BadRequest:
            reply = HttpReply(400, headers={"Connection": "close"})
            connection.incoming[CLIENT].extend(reply_bytes(reply))
            self.finish(connection.id, SERVER)

    def _answer(self, connection: Connection, handler: Handler, request: HttpRequest) -> bool:
        """Answer one request of a stream; False when the connection is over."""
        request = replace(
            request, source_ip=connection.source_ip, ip=connection.ip, port=connection.port
        )
        party = self._party(handler.party)
        reply = party.answer(handler.key, request) if party is not None else None
        if reply is None:
            self.drop(connection.id)
            return False
        is_head = request.method == "HEAD"
        connection.incoming[CLIENT].extend(reply_bytes(reply, is_head=is_head))
        self._tell(connection, CLIENT)
        if request.headers.get("connection", "").lower() == "close":
            self.finish(connection.id, SERVER)
            return False
        return True

    def _tell(self, connection: Connection, side: int) -> None:
        if connection.handler is not None and side == SERVER:
            return
        party = self._party(connection.parties[side])
        if party is not None:
            party.ready(connection.id, side)
