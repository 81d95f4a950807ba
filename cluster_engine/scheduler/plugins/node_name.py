"""Only the node that the pod names.

Models: pkg/scheduler/framework/plugins/nodename/node_name.go (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.scheduler.events import ADD, NODE
from cluster_engine.scheduler.framework import Cycle, FilterPlugin, Interest, PreFilterPlugin
from cluster_engine.scheduler.nodes import NodeState
from cluster_engine.scheduler.rejections import Rejections
from cluster_engine.scheduler.statuses import Status, unresolvable

REASON = "node(s) didn't match the requested node name"
_REJECTED = unresolvable(REASON)


class NodeName(PreFilterPlugin, FilterPlugin):
    name = "NodeName"
    events = (Interest(NODE, ADD),)

    def pre_filter(self, cycle: Cycle) -> Status | frozenset[str] | None:
        wanted = cycle.pod.spec.get("nodeName")
        return frozenset((wanted,)) if wanted else None

    def filter(self, cycle: Cycle, node: NodeState) -> Status | None:
        wanted = cycle.pod.spec.get("nodeName")
        return _REJECTED if wanted and wanted != node.name else None

    def filter_all(self, cycle: Cycle, rejections: Rejections) -> None:
        if cycle.pod.spec.get("nodeName"):
            super().filter_all(cycle, rejections)
