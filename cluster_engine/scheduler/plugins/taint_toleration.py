"""No nodes with taints that the pod does not bear; fewer unwelcome ones are better.

Models: pkg/scheduler/framework/plugins/tainttoleration/taint_toleration.go (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.scheduler.counters import IntRow
from cluster_engine.scheduler.events import ADD, NODE, NODE_TAINT, POD_TOLERATION, TARGET_POD
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
from cluster_engine.scheduler.selection import has_untolerated
from cluster_engine.scheduler.statuses import Status, unresolvable

REASON = "node(s) had untolerated taint(s)"
_REJECTED = unresolvable(REASON)


def _repels(node: Object, pod: PodInfo) -> bool:
    taints = (node.get("spec") or {}).get("taints") or ()
    return has_untolerated(taints, pod.spec.get("tolerations") or ())


def _after_node_change(_: object, pod: PodInfo, old: Object | None, new: Object | None) -> bool:
    return (old is None or _repels(old, pod)) and new is not None and not _repels(new, pod)


class TaintToleration(PreFilterPlugin, FilterPlugin, PreScorePlugin, ScorePlugin):
    name = "TaintToleration"
    has_normalize = True
    events = (
        Interest(NODE, ADD | NODE_TAINT, _after_node_change),
        Interest(TARGET_POD, POD_TOLERATION),
    )

    def pre_filter(self, cycle: Cycle) -> Status | frozenset[str] | None:
        return None

    def filter(self, cycle: Cycle, node: NodeState) -> Status | None:
        return _REJECTED if has_untolerated(node.taints, cycle.pod.template.tolerations) else None

    def filter_all(self, cycle: Cycle, rejections: Rejections) -> None:
        rejections.reject(cycle.table.blocked(cycle.pod.template), _REJECTED)

    def pre_score(self, cycle: Cycle, rows: IntRow) -> Status | None:
        return None

    def score(self, cycle: Cycle, rows: IntRow) -> Scores:
        unwelcome = cycle.table.unwelcome(cycle.pod.template)
        return unwelcome[rows] if unwelcome.any() else 0

    def normalize(self, cycle: Cycle, rows: IntRow, scores: Scores) -> Scores:
        return by_highest(scores, is_reversed=True)
