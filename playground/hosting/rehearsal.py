"""What is tried on a copy of a cluster, and what that did; see host.ClusterHost.rehearse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cluster_engine.apiserver.requests import Request


@dataclass(frozen=True, slots=True)
class Trial:
    """A request, and the path of the object that it is about; empty: none that exists yet."""

    request: Request
    live_path: str = ""


@dataclass(frozen=True, slots=True)
class RehearsalPlan:
    """What is tried, and what is to be read before and after."""

    trials: tuple[Trial, ...]
    #: Paths read as the administrator before the first request and at the end.
    reads: tuple[str, ...] = ()
    #: Virtual time to run, at most.
    span_ms: int = 0
    #: So long without a change, and it is over.
    quiet_ms: int = 60_000
    has_scene: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """An answer that was not for anybody."""

    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What it did."""

    #: The answer to each request; of a stream only the head.
    answers: tuple[Said, ...]
    #: Each request's object right before it; empty where there was none.
    lives: tuple[bytes, ...]
    before: dict[str, bytes]
    after: dict[str, bytes]
    #: The full scene at the end, as viewers get it.
    scene: dict[str, Any] | None
    revision: int
    started_ms: int
    span_ms: int
    #: Nothing happened any more, or nothing is due.
    is_quiet: bool
    #: It took too much work and was cut short.
    is_cut: bool
