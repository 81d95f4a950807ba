"""Only nodes that the pod's selector and required affinity allow; preferred ones are better.

Models: pkg/scheduler/framework/plugins/nodeaffinity/node_affinity.go (v1.37.2).
"""

from __future__ import annotations

import numpy as np

from cluster_engine.apimachinery.objects import Object
from cluster_engine.scheduler.counters import IntRow
from cluster_engine.scheduler.events import ADD, NODE, NODE_LABEL
from cluster_engine.scheduler.framework import (
    Cycle,
    FilterPlugin,
    Interest,
    PreFilterPlugin,
    PreScorePlugin,
    ScorePlugin,
    Scores,
)
from cluster_engine.scheduler.nodes import NodeState
from cluster_engine.scheduler.normalizing import by_highest
from cluster_engine.scheduler.pods import PodInfo
from cluster_engine.scheduler.rejections import Rejections
from cluster_engine.scheduler.statuses import SKIP, Status, unresolvable

REASON = "node(s) didn't match Pod's node affinity/selector"
REASON_CONFLICT = "pod affinity terms conflict"
REASON_BROKEN = "parsing preferred node affinity: a term is malformed"
_REJECTED = unresolvable(REASON)
_CONFLICT = unresolvable(REASON_CONFLICT)


def _allows(node: Object, pod: PodInfo) -> bool:
    metadata = node["metadata"]
    return pod.template.selection.matches(metadata.get("labels") or {}, metadata["name"])


def _after_node_change(_: object, pod: PodInfo, old: Object | None, new: Object | None) -> bool:
    return new is not None and _allows(new, pod) and (old is None or not _allows(old, pod))


class NodeAffinity(PreFilterPlugin, FilterPlugin, PreScorePlugin, ScorePlugin):
    name = "NodeAffinity"
    has_normalize = True
    events = (Interest(NODE, ADD | NODE_LABEL, _after_node_change),)

    def pre_filter(self, cycle: Cycle) -> Status | frozenset[str] | None:
        template = cycle.pod.template
        if template.selection.is_everything:
            return SKIP
        if template.node_names is not None and not template.node_names:
            return _CONFLICT
        return template.node_names

    def filter(self, cycle: Cycle, node: NodeState) -> Status | None:
        allows = cycle.pod.template.selection.matches(node.labels, node.name)
        return None if allows else _REJECTED

    def filter_all(self, cycle: Cycle, rejections: Rejections) -> None:
        rejections.reject(~cycle.table.selected(cycle.pod.template), _REJECTED)

    def pre_score(self, cycle: Cycle, rows: IntRow) -> Status | None:
        return None if cycle.pod.template.preferences else SKIP

    def score(self, cycle: Cycle, rows: IntRow) -> Scores:
        preferences = cycle.pod.template.preferences
        nodes = cycle.table.nodes
        return np.array(
            [
                sum(w for w, term in preferences if term.matches(node.labels, node.name))
                for node in (nodes[row] for row in rows)
            ],
            np.int64,
        )

    def normalize(self, cycle: Cycle, rows: IntRow, scores: Scores) -> Scores:
        return by_highest(scores, is_reversed=False)
