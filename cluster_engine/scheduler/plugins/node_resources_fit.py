"""Only nodes with enough left of everything; among those, the one with most left.

Models: pkg/scheduler/framework/plugins/noderesources/fit.go and least_allocated.go (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from cluster_engine.apimachinery.objects import Object
from cluster_engine.scheduler.counters import BoolRow, IntRow
from cluster_engine.scheduler.events import (
    ADD,
    ASSIGNED_POD,
    DELETE,
    NODE,
    NODE_ALLOCATABLE,
    POD_SCALE_DOWN,
    TARGET_POD,
)
from cluster_engine.scheduler.framework import (
    SCORE_MAX,
    Cycle,
    FilterPlugin,
    Interest,
    PreFilterPlugin,
    PreScorePlugin,
    ScorePlugin,
    Scores,
)
from cluster_engine.scheduler.nodes import NodeState
from cluster_engine.scheduler.pods import PodInfo
from cluster_engine.scheduler.rejections import Rejections
from cluster_engine.scheduler.resources import (
    CPU,
    EPHEMERAL_STORAGE,
    MEMORY,
    PODS,
    amounts,
    requests,
)
from cluster_engine.scheduler.statuses import Code, Status

REASON_PODS = "Too many pods"
REASON_RESOURCE = "Insufficient {resource}"

_FIRST = (CPU, MEMORY, EPHEMERAL_STORAGE)


def wanted(asked: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """What is asked for, in the order in which upstream looks at it."""
    for name in _FIRST:
        if asked.get(name):
            yield name, asked[name]
    for name in sorted(asked):
        if name not in _FIRST and asked[name]:
            yield name, asked[name]


def lacks(pod: PodInfo, node: NodeState) -> Status | None:
    """What that node has too little of for the pod."""
    reasons = []
    code = Code.UNSCHEDULABLE
    if len(node.pods) + 1 > node.pods_max:
        reasons.append(REASON_PODS)
    for name, amount in wanted(pod.template.requests):
        offered = node.allocatable.get(name, 0)
        if amount > offered - node.requested.get(name, 0):
            reasons.append(REASON_RESOURCE.format(resource=name))
            if amount > offered:
                code = Code.UNRESOLVABLE
    return Status(code, tuple(reasons)) if reasons else None


def _after_pod_deleted(_: object, _pod: PodInfo, old: Object | None, _new: Object | None) -> bool:
    if old is None:
        return False
    return bool(old["spec"].get("nodeName") or (old.get("status") or {}).get("nominatedNodeName"))


def _after_scale_down(_: object, pod: PodInfo, old: Object | None, new: Object | None) -> bool:
    """Whether a pod on a node has come to ask for less of something that the pod needs."""
    if old is None or new is None or not new["spec"].get("nodeName"):
        return False
    before, after = requests(old), requests(new)
    return any(before.get(name, 0) > after.get(name, 0) for name in pod.template.requests)


def _after_node_change(_: object, pod: PodInfo, old: Object | None, new: Object | None) -> bool:
    """Whether the pod would fit the empty node, and could not have before."""
    if new is None:
        return False
    empty = NodeState("")
    empty.set_node(new)
    if lacks(pod, empty) is not None:
        return False
    if old is None:
        return True
    before = amounts((old.get("status") or {}).get("allocatable"))
    names = [PODS, *pod.template.requests]
    return any(empty.allocatable.get(name, 0) > before.get(name, 0) for name in names)


class NodeResourcesFit(PreFilterPlugin, FilterPlugin, PreScorePlugin, ScorePlugin):
    name = "NodeResourcesFit"
    events = (
        Interest(ASSIGNED_POD, DELETE, _after_pod_deleted),
        Interest(NODE, ADD | NODE_ALLOCATABLE, _after_node_change),
        Interest(ASSIGNED_POD, POD_SCALE_DOWN, _after_scale_down),
        Interest(TARGET_POD, POD_SCALE_DOWN),
    )

    def pre_filter(self, cycle: Cycle) -> Status | frozenset[str] | None:
        return None

    def filter(self, cycle: Cycle, node: NodeState) -> Status | None:
        return lacks(cycle.pod, node)

    def filter_all(self, cycle: Cycle, rejections: Rejections) -> None:
        table = cycle.table
        short: list[tuple[str, BoolRow, BoolRow | None]] = []
        full = table.pod_counts >= table.pods_max
        if full.any():
            short.append((REASON_PODS, full, None))
        for name, amount in wanted(cycle.pod.template.requests):
            offered, taken = table.resource(name)
            lacking = offered - taken < amount
            if lacking.any():
                reason = REASON_RESOURCE.format(resource=name)
                short.append((reason, lacking, offered < amount))
        if short:
            _reject(rejections, short)

    def pre_score(self, cycle: Cycle, rows: IntRow) -> Status | None:
        return None

    def score(self, cycle: Cycle, rows: IntRow) -> Scores:
        table = cycle.table
        cpu, memory = cycle.pod.template.scoring
        return _average(
            table.resource(CPU)[0][rows],
            table.nonzero_cpu[rows] + cpu,
            table.resource(MEMORY)[0][rows],
            table.nonzero_memory[rows] + memory,
        )


def _reject(rejections: Rejections, short: list[tuple[str, BoolRow, BoolRow | None]]) -> None:
    """One answer per combination of reasons and of whether evicting could help."""
    combination = np.zeros(rejections.rows, np.int64)
    hopeless = np.zeros(rejections.rows, np.bool_)
    for bit, (_, lacking, is_too_small) in enumerate(short):
        combination |= lacking.astype(np.int64) << bit
        if is_too_small is not None:
            hopeless |= is_too_small
    combination = (combination << 1) | hopeless
    combination[~rejections.alive] = 0
    for value in np.unique(combination).tolist():
        if value > 1:
            reasons = tuple(r for bit, (r, _, _) in enumerate(short) if value >> (bit + 1) & 1)
            code = Code.UNRESOLVABLE if value & 1 else Code.UNSCHEDULABLE
            rejections.reject(combination == value, Status(code, reasons))


def _average(cpu: IntRow, cpu_taken: IntRow, memory: IntRow, memory_taken: IntRow) -> IntRow:
    """The mean share left of cpu and memory; what a node does not have at all is left out."""
    has_cpu, has_memory = cpu > 0, memory > 0
    if has_cpu.all() and has_memory.all():
        both: IntRow = (_left(cpu, cpu_taken) + _left(memory, memory_taken)) >> 1
        return both
    weights = has_cpu.astype(np.int64) + has_memory
    total = np.where(has_cpu, _left(np.maximum(cpu, 1), cpu_taken), 0)
    total += np.where(has_memory, _left(np.maximum(memory, 1), memory_taken), 0)
    mean: IntRow = np.where(weights > 0, total // np.maximum(weights, 1), 0)
    return mean


def _left(offered: IntRow, taken: IntRow) -> IntRow:
    share: IntRow = np.maximum(offered - taken, 0) * SCORE_MAX // offered
    return share
