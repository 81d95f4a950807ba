"""All nodes and their pods, beside each other: objects for a close look, arrays for a quick one.

Row i of every array belongs to `nodes[i]`. Rows follow upstream's order: zones in turn, nodes in
order of arrival. Pods change single cells; nodes that come or go have the arrays made anew.

Models: pkg/scheduler/backend/cache (cache.go, snapshot.go, node_tree.go; v1.37.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cluster_engine.apimachinery.objects import Object
from cluster_engine.scheduler.counters import BoolRow, IntRow, PodCounters, PodQuestion
from cluster_engine.scheduler.nodes import NodeState
from cluster_engine.scheduler.pods import PodInfo, Template
from cluster_engine.scheduler.resources import PODS
from cluster_engine.scheduler.selection import has_untolerated, untolerated_preferences
from cluster_engine.scheduler.topology import Column, ImageState, ZoneTree, column, image_states

#: Masks kept per kind before all are forgotten.
_MASKS_MAX = 512


@dataclass(slots=True)
class AffineGroup:
    """Where the pods of one template with affinity terms are."""

    counts: IntRow
    total: int = 0


@dataclass(slots=True)
class _Memos:
    """What follows from labels, taints and images alone."""

    selections: dict[Template, BoolRow] = field(default_factory=dict)
    blocked: dict[bytes, BoolRow] = field(default_factory=dict)
    preferences: dict[bytes, IntRow] = field(default_factory=dict)
    columns: dict[str, Column] = field(default_factory=dict)
    images: dict[str, ImageState] | None = None


class NodeTable:
    """The scheduler's picture of the cluster. `refresh` before reading rows."""

    def __init__(self) -> None:
        self.nodes: list[NodeState] = []
        #: The names of `nodes`; a new tuple when the rows change.
        self.names: tuple[str, ...] = ()
        self.allocatable: dict[str, IntRow] = {}
        self.requested: dict[str, IntRow] = {}
        self.nonzero_cpu: IntRow = np.zeros(0, np.int64)
        self.nonzero_memory: IntRow = np.zeros(0, np.int64)
        self.pod_counts: IntRow = np.zeros(0, np.int64)
        self.pods_max: IntRow = np.zeros(0, np.int64)
        self.unschedulable: BoolRow = np.zeros(0, np.bool_)
        #: Templates with affinity terms and where their pods are.
        self.affine: dict[Template, AffineGroup] = {}
        self._states: dict[str, NodeState] = {}
        self._where: dict[str, NodeState] = {}
        self._tree = ZoneTree()
        self._counters = PodCounters()
        self._memos = _Memos()
        self._is_stale = True

    # --- changes ---------------------------------------------------------------------------

    def set_node(self, node: Object) -> None:
        """A node has come or changed."""
        name = node["metadata"]["name"]
        state = self._states.get(name)
        if state is None:
            state = self._states[name] = NodeState(name)
        before = state.node
        state.set_node(node)
        if self._tree.put(name, state.labels):
            self._is_stale = True
        if before is None or self._is_stale:
            self._is_stale = True
            return
        self._update_row(state)
        self._forget(before, node)

    def remove_node(self, name: str) -> None:
        """A node has gone; its pods stay known until they go too."""
        state = self._states.get(name)
        if state is None or state.node is None:
            return
        self._tree.remove(name)
        self._is_stale = True
        state.node = None
        state.index = -1
        if not state.pods:
            del self._states[name]

    def add_pod(self, info: PodInfo, node_name: str) -> None:
        """A pod is on that node (or about to be)."""
        state = self._states.get(node_name)
        if state is None:
            state = self._states[node_name] = NodeState(node_name)
        state.add(info)
        self._where[info.uid] = state
        self._count(state, info, 1)

    def remove_pod(self, uid: str) -> PodInfo | None:
        """A pod has left; None when it was not here."""
        state = self._where.pop(uid, None)
        if state is None:
            return None
        info = state.remove(uid)
        self._count(state, info, -1)
        if state.node is None and not state.pods:
            self._states.pop(state.name, None)
        return info

    def pod(self, uid: str) -> PodInfo | None:
        """A pod that is on a node."""
        state = self._where.get(uid)
        return None if state is None else state.pods[uid]

    def order(self) -> Any:
        """The order of nodes and of the pods on them: what the store does not tell."""
        pods = {name: tuple(state.pods) for name, state in self._states.items() if state.pods}
        return self._tree.state(), pods

    def restore_order(self, order: Any) -> None:
        """Put nodes and pods in the order of a table with the same content."""
        tree, pods = order
        self._tree.restore(tree, {n: s.labels for n, s in self._states.items() if s.node})
        for name, uids in pods.items():
            state = self._states.get(name)
            if state is not None:
                ranks = {uid: rank for rank, uid in enumerate(uids)}
                ordered = sorted(state.pods.items(), key=lambda p: ranks.get(p[0], len(ranks)))
                state.pods = dict(ordered)
        self._is_stale = True

    # --- reading ---------------------------------------------------------------------------

    def __len__(self) -> int:
        return len(self.nodes)

    def node(self, name: str) -> NodeState | None:
        """A node that exists, by name."""
        state = self._states.get(name)
        return None if state is None or state.node is None else state

    def resource(self, name: str) -> tuple[IntRow, IntRow]:
        """What the nodes offer of a resource, and what is taken."""
        offered = self.allocatable.get(name)
        if offered is None:
            offered = self._gather(lambda state: state.allocatable.get(name, 0))
            self.allocatable[name] = offered
            self.requested[name] = self._gather(lambda state: state.requested.get(name, 0))
        return offered, self.requested[name]

    def counts(self, question: PodQuestion) -> IntRow:
        """How many pods of each node answer the question. Read-only."""
        return self._counters.counts(question, len(self.nodes), self._pods())

    def column(self, key: str) -> Column:
        """The values of a node label."""
        found = self._memos.columns.get(key)
        if found is None:
            found = self._memos.columns[key] = column(key, self.nodes)
        return found

    def selected(self, template: Template) -> BoolRow:
        """Nodes that the pod's node selector and required affinity allow. Read-only."""
        memo = self._memos.selections
        found = memo.get(template)
        if found is None:
            matches = template.selection.matches
            found = np.array([matches(n.labels, n.name) for n in self.nodes], np.bool_)
            _remember(memo, template, found)
        return found

    def blocked(self, template: Template) -> BoolRow:
        """Nodes with a NoSchedule or NoExecute taint that the pod does not bear. Read-only."""
        memo = self._memos.blocked
        found = memo.get(template.tolerations_key)
        if found is None:
            bears = template.tolerations
            found = np.array([has_untolerated(n.taints, bears) for n in self.nodes], np.bool_)
            _remember(memo, template.tolerations_key, found)
        return found

    def unwelcome(self, template: Template) -> IntRow:
        """How many PreferNoSchedule taints of each node the pod does not bear. Read-only."""
        memo = self._memos.preferences
        found = memo.get(template.tolerations_key)
        if found is None:
            bears = template.tolerations
            found = np.array(
                [untolerated_preferences(n.taints, bears) for n in self.nodes], np.int64
            )
            _remember(memo, template.tolerations_key, found)
        return found

    def image(self, name: str) -> ImageState | None:
        """An image that some node has, None when none has it."""
        if self._memos.images is None:
            self._memos.images = image_states(self.nodes)
        return self._memos.images.get(name)

    def refresh(self) -> None:
        """Make the arrays anew if nodes have come or gone."""
        if not self._is_stale:
            return
        self._is_stale = False
        for state in self.nodes:
            state.index = -1
        self.nodes = [self._states[name] for name in self._tree.names()]
        self.names = tuple(state.name for state in self.nodes)
        for row, state in enumerate(self.nodes):
            state.index = row
        self.allocatable.clear()
        self.requested.clear()
        self.nonzero_cpu = self._gather(lambda state: state.nonzero_cpu)
        self.nonzero_memory = self._gather(lambda state: state.nonzero_memory)
        self.pod_counts = self._gather(lambda state: len(state.pods))
        self.pods_max = self._gather(lambda state: state.pods_max)
        self.unschedulable = np.array([s.is_unschedulable for s in self.nodes], np.bool_)
        self._memos = _Memos()
        self._counters.clear()
        self.affine.clear()
        for row, info in self._pods():
            if info.template.affinity:
                self._count_affine(row, info.template, 1)

    # --- inside ----------------------------------------------------------------------------

    def _pods(self) -> Iterator[tuple[int, PodInfo]]:
        for row, state in enumerate(self.nodes):
            for info in state.pods.values():
                yield row, info

    def _gather(self, read: Any) -> IntRow:
        return np.array([read(state) for state in self.nodes], np.int64)

    def _count(self, state: NodeState, info: PodInfo, by: int) -> None:
        row = state.index
        if self._is_stale or row < 0:
            return
        for name in info.requests:
            taken = self.requested.get(name)
            if taken is not None:
                taken[row] = state.requested[name]
        self.nonzero_cpu[row] = state.nonzero_cpu
        self.nonzero_memory[row] = state.nonzero_memory
        self.pod_counts[row] += by
        self._counters.change(row, info, by)
        if info.template.affinity:
            self._count_affine(row, info.template, by)

    def _count_affine(self, row: int, template: Template, by: int) -> None:
        group = self.affine.get(template)
        if group is None:
            group = self.affine[template] = AffineGroup(np.zeros(len(self.nodes), np.int64))
        group.counts[row] += by
        group.total += by
        if not group.total:
            del self.affine[template]

    def _update_row(self, state: NodeState) -> None:
        row = state.index
        for name, offered in self.allocatable.items():
            offered[row] = state.allocatable.get(name, 0)
        self.pods_max[row] = state.allocatable.get(PODS, 0)
        self.unschedulable[row] = state.is_unschedulable

    def _forget(self, before: Object, after: Object) -> None:
        """Drop the memos that a change of a node makes wrong."""
        if before["metadata"].get("labels") != after["metadata"].get("labels"):
            self._memos.selections.clear()
            self._memos.columns.clear()
        if (before.get("spec") or {}).get("taints") != (after.get("spec") or {}).get("taints"):
            self._memos.blocked.clear()
            self._memos.preferences.clear()
        old, new = ((node.get("status") or {}).get("images") for node in (before, after))
        if old is not new and old != new:
            self._memos.images = None


def _remember(memo: dict[Any, Any], key: Any, found: Any) -> None:
    if len(memo) >= _MASKS_MAX:
        memo.clear()
    memo[key] = found
