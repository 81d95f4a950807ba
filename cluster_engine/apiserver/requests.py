"""What goes in and out of the API server: requests, responses and the streams behind some of them.

The web tier turns HTTP and WebSockets into these and back; nothing here knows a socket.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias
from urllib.parse import parse_qsl

from cluster_engine.store.changes import Caller, Source

__all__ = [
    "ADMIN",
    "ERROR",
    "RESIZE",
    "STDERR",
    "STDIN",
    "STDOUT",
    "Caller",
    "Frame",
    "Request",
    "Response",
    "Source",
    "Stream",
    "User",
]

#: Channels of a stream, as in the `v5.channel.k8s.io` WebSocket protocol. A watch or a followed
#: log uses STDOUT only; a port-forward uses STDIN and STDOUT as the two directions.
STDIN, STDOUT, STDERR, ERROR, RESIZE = 0, 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class User:
    """Who asks. An empty name is `system:anonymous`."""

    name: str = "system:anonymous"
    groups: tuple[str, ...] = ("system:unauthenticated",)
    uid: str = ""
    extra: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


#: May do everything, as kubeadm's admin.
ADMIN = User("kubernetes-admin", ("system:masters", "system:authenticated"))


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `path` starts with "/" and is percent-decoded; header names are lower case."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    #: Set when the host has authenticated the caller; else the headers' credentials count.
    user: User | None = None
    #: What belongs together: the requests of one command, or of one text.
    request_id: str = ""
    #: None: a part of the cluster itself, or nobody the host knows.
    caller: Caller | None = None

    def parameters(self) -> dict[str, list[str]]:
        """The query as lists of values by name."""
        found: dict[str, list[str]] = {}
        for name, value in parse_qsl(self.query, keep_blank_values=True):
            found.setdefault(name, []).append(value)
        return found


@dataclass(slots=True)
class Response:
    """The answer. With `stream` set, the body follows frame by frame and `body` is empty."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    #: Texts for `Warning: 299 - "…"` headers.
    warnings: tuple[str, ...] = ()
    stream: Stream | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """A piece of a stream: for a watch one event line (with newline), else raw bytes."""

    channel: int
    data: bytes
    #: Who typed it, where the host knows.
    caller: Caller | None = None


#: Plain data that a copy of the cluster makes a stream from: its sort, then what that sort needs.
Recipe: TypeAlias = tuple[Any, ...]


class Stream(Protocol):
    """A conversation that outlives its request. Owned by one client; bounded on both sides.

    After `is_done`, once `read` returns nothing more, the host closes the connection.
    """

    #: Called, at most once until the next `read`, when there is something to read or it is done.
    #: It must only take note (for example set an asyncio event).
    on_ready: Callable[[], None] | None

    @property
    def has_effects(self) -> bool:
        """Whether reading, writing and closing change the cluster (a command, a forwarded port), or
        only this stream (a watch, a log)."""

    @property
    def is_done(self) -> bool:
        """No frame will come after those that wait."""

    def read(self, bytes_max: int = 65536) -> list[Frame]:
        """Take waiting frames, about `bytes_max` at most; empty when none wait."""

    def write(self, frame: Frame) -> None:
        """Give the engine a frame of the client: STDIN bytes, or RESIZE with its JSON."""

    def end_input(self, channel: int = STDIN) -> None:
        """The client will send no more on that channel."""

    def close(self) -> None:
        """The client is gone: free everything."""

    def recipe(self) -> Recipe | None:
        """What `Cluster.revive` makes this stream from in a copy made now; None: it has ended."""
