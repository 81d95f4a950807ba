"""What hosting needs of a cluster, and the one place that makes one."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol

from cluster_engine.apiserver.person_writes import PersonWrite
from cluster_engine.apiserver.requests import Recipe, Request, Response, Stream
from cluster_engine.cluster import Cluster
from cluster_engine.simulation.limits import Limits
from cluster_engine.spec import ClusterSpec
from playground.hosting.host import ClusterPlan


class EngineViewer(Protocol):
    """See cluster_engine.projection.viewer.Viewer."""

    on_ready: Callable[[], None] | None

    def frame(self) -> dict[str, Any] | None: ...

    def close(self) -> None: ...


class Engine(Protocol):
    """See cluster_engine.cluster.Cluster."""

    @property
    def now_ms(self) -> int: ...

    @property
    def revision(self) -> int: ...

    @property
    def steps(self) -> int: ...

    @property
    def mark(self) -> tuple[int, int, int]: ...

    @property
    def last_person_write(self) -> int: ...

    def person_writes_after(self, sequence: int) -> list[PersonWrite]: ...

    def handle(self, request: Request) -> Response: ...

    def advance(self, until_ms: int, should_stop: Callable[[], bool] | None = None) -> bool: ...

    def replay(self, steps: int, now_ms: int) -> None: ...

    def next_deadline(self) -> int | None: ...

    def viewer(self) -> EngineViewer: ...

    def fork(self) -> Engine: ...

    def revive(self, recipe: Recipe) -> Stream | None: ...

    def kept_terminals(self) -> dict[str, Recipe]: ...

    def snapshot(self) -> bytes: ...

    def state(self) -> tuple[Any, ...]: ...

    def portable(self) -> dict[str, bytes]: ...


def build(plan: ClusterPlan) -> Engine:
    """A new cluster after `plan`. Raises ValueError when the plan makes no sense."""
    start_ms = plan.start_ms if plan.start_ms is not None else int(time.time() * 1000)
    return Cluster(
        ClusterSpec(
            name=plan.name,
            nodes=plan.nodes,
            seed=plan.seed,
            profile=plan.profile,
            node_cpu=plan.node_cpu,
            node_memory=plan.node_memory,
            node_pods=plan.node_pods,
            is_api_only=plan.is_api_only,
            start_ms=start_ms,
            limits=replace(Limits(), **plan.limits),
        )
    )


def revive(snapshot: bytes) -> Engine:
    """The cluster that a snapshot of this installation holds."""
    return Cluster.restore(snapshot)


def assemble(entries: Mapping[str, bytes], limits: Mapping[str, int]) -> Engine:
    """The cluster that portable files hold. Raises PortableError."""
    return Cluster.from_portable(entries, replace(Limits(), **limits))
