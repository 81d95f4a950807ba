"""The extension points, and what a plugin is given to work with.

A plugin's base classes say at which points it takes part. Filters and scores look at one node or,
where it pays, at all rows of the node table at once; the two must agree.

Models: k8s.io/kube-scheduler/framework/interface.go (v0.37.2).
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any, Protocol, TypeAlias

import numpy as np

from cluster_engine.apimachinery.objects import Object
from cluster_engine.client.informer import Informers
from cluster_engine.scheduler.counters import IntRow
from cluster_engine.scheduler.nodes import NodeState
from cluster_engine.scheduler.pods import PodInfo
from cluster_engine.scheduler.rejections import Rejections
from cluster_engine.scheduler.statuses import Status
from cluster_engine.scheduler.table import NodeTable

SCORE_MAX = 100
#: One number per feasible node, or one for all of them.
Scores: TypeAlias = "int | IntRow"


class Nominations(Protocol):
    """Who is meant for which node though not yet on it; see nominator.py."""

    def on(self, node_name: str) -> list[PodInfo]:
        """Pods meant for that node."""

    def rows(self, table: NodeTable) -> list[int]:
        """Rows of nodes that some pod is meant for, in order."""


@dataclass(slots=True)
class Handle:
    """What a scheduler gives its plugins."""

    informers: Informers
    random: Random
    now_ms: Callable[[], int]
    table: Callable[[], NodeTable]
    nominations: Nominations
    #: Whether victims are being evicted for the pod with that uid right now.
    is_preempting: Callable[[str], bool]

    def get(self, resource: str, namespace: str, name: str) -> Object | None:
        """An object as the informers know it."""
        return self.informers.of(resource).get(namespace, name)

    def list(self, resource: str, namespace: str | None = None) -> list[Object]:
        """All objects of a resource."""
        return self.informers.of(resource).list(namespace)


@dataclass(slots=True)
class Cycle:
    """One attempt to place one pod."""

    pod: PodInfo
    table: NodeTable
    #: What plugins note for their later selves, by plugin name.
    notes: dict[str, Any] = field(default_factory=dict)
    skipped_filters: set[str] = field(default_factory=set)
    skipped_scores: set[str] = field(default_factory=set)

    def copy(self) -> Cycle:
        """A twin for a dry run: notes that change as pods are moved about are its own."""
        notes = {
            name: copy.copy(note) if isinstance(note, Movable) else note
            for name, note in self.notes.items()
        }
        return Cycle(self.pod, self.table, notes, self.skipped_filters, self.skipped_scores)


class Movable:
    """Base of notes that `add_pod` and `remove_pod` change; `copy.copy` must make a twin."""

    __slots__ = ()


class Plugin:
    """Base of all plugins."""

    name = ""
    #: Which events may make a pod schedulable that this plugin rejected; see events.py.
    events: tuple[Interest, ...] = ()

    def __init__(self, handle: Handle) -> None:
        self.handle = handle


class PreEnqueuePlugin(Plugin):
    def pre_enqueue(self, pod: PodInfo) -> Status | None:
        """Whether the pod may wait for its turn at all."""
        raise NotImplementedError


class QueueSortPlugin(Plugin):
    def sort_key(self, priority: int, waiting_since_ms: int) -> tuple[int, ...]:
        """Smaller comes first."""
        raise NotImplementedError


class PreFilterPlugin(Plugin):
    #: Whether moving pods about changes its note: it then has `add_pod` and `remove_pod`.
    has_extensions = False

    def pre_filter(self, cycle: Cycle) -> Status | frozenset[str] | None:
        """Prepare; SKIP when the filter has nothing to do; names when only those nodes count."""
        raise NotImplementedError

    def add_pod(self, cycle: Cycle, info: PodInfo, node: NodeState) -> None:
        """In a dry run, a pod has been put on that node."""

    def remove_pod(self, cycle: Cycle, info: PodInfo, node: NodeState) -> None:
        """In a dry run, a pod has been taken off that node."""


class FilterPlugin(Plugin):
    def filter(self, cycle: Cycle, node: NodeState) -> Status | None:
        """Why the pod cannot be on that node; None when it can."""
        raise NotImplementedError

    def filter_all(self, cycle: Cycle, rejections: Rejections) -> None:
        """Reject rows of the table. Overridden where arrays are quicker than one by one."""
        nodes = cycle.table.nodes
        for row in np.flatnonzero(rejections.alive):
            status = self.filter(cycle, nodes[row])
            if status is not None:
                rejections.reject_row(int(row), status)


class PostFilterPlugin(Plugin):
    def post_filter(self, cycle: Cycle, rejections: Rejections) -> PostFilterResult:
        """Try to make room for a pod that fits nowhere."""
        raise NotImplementedError


class PreScorePlugin(Plugin):
    def pre_score(self, cycle: Cycle, rows: IntRow) -> Status | None:
        """Prepare for scoring the feasible rows; SKIP when there is nothing to say."""
        raise NotImplementedError


class ScorePlugin(Plugin):
    #: Whether `normalize` does anything.
    has_normalize = False

    def score(self, cycle: Cycle, rows: IntRow) -> Scores:
        """How much it likes each of these rows."""
        raise NotImplementedError

    def normalize(self, cycle: Cycle, rows: IntRow, scores: Scores) -> Scores:
        """Bring the scores into the range of 0 to 100."""
        return scores


class ReservePlugin(Plugin):
    def reserve(self, cycle: Cycle, node: NodeState) -> Status | None:
        """The pod is about to be bound to that node."""
        raise NotImplementedError


class PreBindPlugin(Plugin):
    def pre_bind(self, cycle: Cycle, node: NodeState) -> Binding | None:
        """What must be done before the pod can be bound; None: nothing."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Victims:
    """Pods to evict from a node, the most important first."""

    node: str
    pods: tuple[PodInfo, ...]
    violations: int = 0


@dataclass(frozen=True, slots=True)
class PostFilterResult:
    """What came of making room."""

    status: Status | None
    message: str
    #: The node the pod is now meant for; "" clears an old nomination, None leaves it.
    nominated_node: str | None
    victims: Victims | None = None


@dataclass(frozen=True, slots=True)
class Binding:
    """Work before a bind: volumes to claim and claims to have provisioned, by name."""

    #: (volume, namespace of the claim, claim).
    volumes: tuple[tuple[str, str, str], ...] = ()
    #: (namespace, claim).
    provisions: tuple[tuple[str, str], ...] = ()


#: (pod, old object, new object) -> whether the event may help the pod.
Hint: TypeAlias = "Callable[[Any, PodInfo, Object | None, Object | None], bool]"


@dataclass(frozen=True, slots=True)
class Interest:
    """An event that a plugin wants to hear of. Without a hint it always helps."""

    resource: str
    actions: int
    hint: Hint | None = None
