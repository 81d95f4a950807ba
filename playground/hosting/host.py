"""How the site reaches clusters: an interface of asynchronous, serialisable messages.

`local.LocalHost` keeps the clusters in this process. The same interface over a socket will serve
clusters in other processes, so nothing here hands out an engine object.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from cluster_engine.apiserver.person_writes import PersonWrite
from cluster_engine.apiserver.requests import Frame, Request
from playground.hosting.rehearsal import Rehearsal, RehearsalPlan

#: As fast as possible: what is due next runs at once, whenever it is due.
SPEED_MAX = math.inf
SPEED_NUMBER_MAX = 100_000.0


class HostError(Exception):
    """The host refuses; the text is for the user."""


class UnknownCluster(HostError):
    """There is no such cluster (any more)."""


class HostFull(HostError):
    """A limit of the host is reached."""


@dataclass(frozen=True, slots=True)
class ClusterPlan:
    """What a new cluster is like, and how its clock runs at first."""

    name: str = "podyard"
    nodes: int = 3
    seed: int = 1
    profile: str = "realistic"
    node_cpu: str = "4"
    node_memory: str = "16Gi"
    node_pods: int = 110
    is_api_only: bool = False
    speed: float = 1.0
    #: Virtual time at the start, in ms since the epoch; None: the wall clock's.
    start_ms: int | None = None
    #: Limits of the engine that differ from its own, by name.
    limits: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClockReading:
    """A cluster's clock: virtual ms since the epoch, and how fast it runs."""

    now_ms: int
    speed: float
    is_paused: bool

    def body(self) -> dict[str, Any]:
        """As JSON: `{"now", "speed", "paused"}`; an unlimited speed is the word "max"."""
        return {"now": self.now_ms, "speed": speed_word(self.speed), "paused": self.is_paused}


class Conversation(Protocol):
    """The stream behind an answer: a watch, a log, an exec, a terminal."""

    async def read(self, bytes_max: int = 65536) -> list[Frame]:
        """The next frames, as soon as there are any; an empty list is the end."""

    def write(self, frame: Frame) -> None:
        """Send the engine a frame."""

    def end_input(self, channel: int = 0) -> None:
        """The client sends no more on that channel."""

    def keep(self, label: str) -> bool:
        """Let a terminal live on without a client, under that name; False when it is none. See
        ClusterHost.kept."""

    def close(self) -> None:
        """The client is gone. May be called more than once."""

    #: Whether somebody looks at it; a cluster may leave memory while nobody looks at its kept
    #: terminals.
    is_looked_at: bool

    @property
    def is_left(self) -> bool:
        """Whether it ended only because the cluster has left memory; `kept` has it again."""

    @property
    def size(self) -> tuple[int, int]:
        """Columns and rows of a terminal; zeros when it is none."""

    def shown(self) -> list[Frame]:
        """All that a kept terminal remembers after `position`, at once."""

    @property
    def position(self) -> int:
        """How many bytes of a kept terminal have been read, or gone by unread."""


@dataclass(slots=True)
class Answer:
    """A response on its way out of the host. With `stream` set, the body follows in frames."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    stream: Conversation | None = None


class View(Protocol):
    """Someone looking at a cluster."""

    async def frame(self) -> dict[str, Any] | None:
        """The next frame as soon as there is one, not more often than the host allows; None when
        the cluster is gone. The first is the full scene."""

    def frames_now(self) -> list[dict[str, Any]]:
        """What waits, without waiting."""

    def close(self) -> None:
        """Nobody looks any more."""


class ClusterHost(Protocol):
    """Everything the site can do with clusters. Unknown ids raise UnknownCluster."""

    async def open(self) -> None:
        """Begin; clusters that are written down can be asked for from now on."""

    async def create(self, cluster_id: str, plan: ClusterPlan) -> None: ...

    async def call(self, cluster_id: str, request: Request) -> Answer:
        """One API request. Refusals are answers, a Status each."""

    async def call_all(self, cluster_id: str, requests: Sequence[Request]) -> list[Answer]:
        """Several requests without anything between them. None of them opens a stream."""

    async def person_writes(self, cluster_id: str, after: int) -> list[PersonWrite]:
        """What people wrote after that number, as far as it is still kept; oldest first."""

    async def rehearse(self, cluster_id: str, plan: RehearsalPlan) -> Rehearsal:
        """What some requests would do, tried on a copy. Raises HostFull when too many wait."""

    async def view(self, cluster_id: str) -> View: ...

    async def clock(self, cluster_id: str) -> ClockReading: ...

    async def clock_set(
        self, cluster_id: str, *, speed: float | None = None, is_paused: bool | None = None
    ) -> ClockReading: ...

    async def clock_advance(self, cluster_id: str, span_ms: int) -> ClockReading:
        """Let that much virtual time pass now; answers when it has."""

    async def clock_step(self, cluster_id: str) -> ClockReading:
        """Run what is due next, whenever that is, and stand there."""

    async def fork(self, cluster_id: str, twin_id: str) -> None: ...

    async def renew(self, cluster_id: str, plan: ClusterPlan) -> None:
        """A new cluster in the place of the old one: viewers see it, streams end."""

    async def rewind(self, cluster_id: str, snapshot: bytes) -> None:
        """The cluster as a snapshot of it holds it, in the place of what it has become: viewers
        see it, streams end, its clock goes on from that moment."""

    async def snapshot(self, cluster_id: str) -> bytes: ...

    async def restore(self, cluster_id: str, snapshot: bytes, speed: float) -> None: ...

    async def portable(self, cluster_id: str) -> dict[str, bytes]:
        """The cluster as plain files by name; see cluster_engine.portable.layout."""

    async def create_portable(
        self,
        cluster_id: str,
        entries: Mapping[str, bytes],
        *,
        speed: float,
        is_paused: bool,
        limits: Mapping[str, int],
    ) -> None:
        """A cluster from such files, which may come from anywhere. Raises PortableError, which
        names the entry and the fix, and HostFull."""

    async def kept(self, cluster_id: str) -> dict[str, Conversation]:
        """The terminals that live on without a client, by the names they were kept under."""

    async def hibernate(self, cluster_id: str) -> None:
        """Nobody needs it for now: its streams and views end, its time stands still and it leaves
        memory, with its terminals. The next call to it brings it back as it was."""

    async def close(self, cluster_id: str) -> None:
        """Forget the cluster for good and end its streams. Unknown ids are ignored."""

    async def close_all(self) -> None:
        """Stop. What is written down can be asked for again after `open`."""

    def known(self) -> dict[str, float]:
        """The clusters that were written down when this host began, with when they were made
        (seconds since 1970)."""

    def has(self, cluster_id: str) -> bool:
        """Whether there is such a cluster, in memory or not."""

    def listen(self, listener: Callable[[str], None]) -> None:
        """From now on call `listener` with a cluster's id whenever it has done something, often
        and at once: it must only take note."""

    def listen_asleep(self, listener: Callable[[str], None]) -> None:
        """From now on call `listener` with a cluster's id when it leaves memory."""

    def numbers(self) -> dict[str, float]:
        """Gauges and counters for /metrics, by Prometheus name."""


def parse_speed(value: object) -> float:
    """A speed from JSON or a command line: a number from 0 to 100,000, or "max".

    Raises ValueError with a text for the user.
    """
    if isinstance(value, str) and value.strip().lower() == "max":
        return SPEED_MAX
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(f"speed {value!r}: give a number or 'max'")
    try:
        speed = float(value)
    except ValueError:
        raise ValueError(f"speed {value!r}: give a number or 'max'") from None
    if not 0 <= speed <= SPEED_NUMBER_MAX:
        raise ValueError(f"speed {value!r}: give 0 to {SPEED_NUMBER_MAX:g}, or 'max'")
    return speed


def speed_word(speed: float) -> float | int | str:
    """A speed as JSON holds it."""
    if math.isinf(speed):
        return "max"
    return int(speed) if speed == int(speed) else speed
