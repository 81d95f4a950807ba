"""A forwarded port: the client's bytes go into a connection of the fabric, the pod's come back."""

from __future__ import annotations

from collections.abc import Callable

from cluster_engine.apiserver.requests import STDIN, STDOUT, Frame, Recipe
from cluster_engine.network.connection import CLIENT
from cluster_engine.network.connections import Connections

_WAITING_MAX = 4 * 1024 * 1024


class ForwardStream:
    """One forwarded connection, as the API server hands it to its client."""

    has_effects = True

    def __init__(
        self,
        connections: Connections,
        connection_id: int,
        on_close: Callable[[], None],
        waiting: bytes = b"",
    ) -> None:
        self.on_ready: Callable[[], None] | None = None
        self._connections = connections
        self._id = connection_id
        self._on_close = on_close
        #: Client bytes that the pod has no room for yet.
        self._waiting = bytearray(waiting)
        self._is_over = False

    @property
    def is_done(self) -> bool:
        """See apiserver.requests.Stream."""
        if self._is_over:
            return True
        connection = self._connections.get(self._id)
        if connection is None:
            return True
        return connection.is_finished[1 - CLIENT] and not connection.incoming[CLIENT]

    def ready(self) -> None:
        """The connection has news."""
        self._flush()
        if self.on_ready is not None:
            self.on_ready()

    def read(self, bytes_max: int = 65536) -> list[Frame]:
        """See apiserver.requests.Stream."""
        data = self._connections.receive(self._id, CLIENT, bytes_max)
        return [Frame(STDOUT, data)] if data else []

    def write(self, frame: Frame) -> None:
        """See apiserver.requests.Stream."""
        if frame.channel == STDIN and len(self._waiting) + len(frame.data) <= _WAITING_MAX:
            self._waiting += frame.data
            self._flush()

    def end_input(self, channel: int = STDIN) -> None:
        """See apiserver.requests.Stream."""
        self._flush()
        self._connections.finish(self._id, CLIENT)

    def close(self) -> None:
        """See apiserver.requests.Stream."""
        self._is_over = True
        self._connections.close(self._id, CLIENT)
        self._on_close()

    def recipe(self) -> Recipe | None:
        """See apiserver.requests.Stream."""
        if self._is_over or self._connections.get(self._id) is None:
            return None
        return "forward", self._id, bytes(self._waiting)

    def _flush(self) -> None:
        """Sending may call `ready`, which comes back here: what is sent is taken out first."""
        while self._waiting:
            data = bytes(self._waiting)
            self._waiting.clear()
            taken = self._connections.send(self._id, CLIENT, data)
            self._waiting[:0] = data[taken:]
            if not taken:
                return
