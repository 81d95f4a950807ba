"""No cordoned nodes, unless the pod bears the taint that stands for it.

Models: pkg/scheduler/framework/plugins/nodeunschedulable/node_unschedulable.go (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.scheduler.events import ADD, NODE, NODE_TAINT, POD_TOLERATION, TARGET_POD
from cluster_engine.scheduler.framework import Cycle, FilterPlugin, Interest, PreFilterPlugin
from cluster_engine.scheduler.nodes import NodeState
from cluster_engine.scheduler.pods import PodInfo
from cluster_engine.scheduler.rejections import Rejections
from cluster_engine.scheduler.selection import UNSCHEDULABLE_TAINT, tolerates
from cluster_engine.scheduler.statuses import Status, unresolvable

REASON = "node(s) were unschedulable"
_REJECTED = unresolvable(REASON)


def _is_cordoned(node: Object) -> bool:
    return bool((node.get("spec") or {}).get("unschedulable"))


def _after_node_change(_: object, _pod: PodInfo, old: Object | None, new: Object | None) -> bool:
    if new is None or _is_cordoned(new):
        return False
    return old is None or _is_cordoned(old)


def _after_toleration(_: object, _pod: PodInfo, _old: Object | None, new: Object | None) -> bool:
    tolerations = new["spec"].get("tolerations") or () if new is not None else ()
    return tolerates(tolerations, UNSCHEDULABLE_TAINT)


class NodeUnschedulable(PreFilterPlugin, FilterPlugin):
    name = "NodeUnschedulable"
    events = (
        Interest(NODE, ADD | NODE_TAINT, _after_node_change),
        Interest(TARGET_POD, POD_TOLERATION, _after_toleration),
    )

    def pre_filter(self, cycle: Cycle) -> Status | frozenset[str] | None:
        return None

    def filter(self, cycle: Cycle, node: NodeState) -> Status | None:
        if not node.is_unschedulable:
            return None
        return None if tolerates(cycle.pod.template.tolerations, UNSCHEDULABLE_TAINT) else _REJECTED

    def filter_all(self, cycle: Cycle, rejections: Rejections) -> None:
        cordoned = cycle.table.unschedulable
        if cordoned.any() and not tolerates(cycle.pod.template.tolerations, UNSCHEDULABLE_TAINT):
            rejections.reject(cordoned, _REJECTED)
