"""No nodes where a host port of the pod is taken.

Models: pkg/scheduler/framework/plugins/nodeports/node_ports.go (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.scheduler.events import ADD, ASSIGNED_POD, DELETE, NODE
from cluster_engine.scheduler.framework import Cycle, FilterPlugin, Interest, PreFilterPlugin
from cluster_engine.scheduler.nodes import NodeState
from cluster_engine.scheduler.pods import PodInfo, pod_info
from cluster_engine.scheduler.statuses import SKIP, Status, unschedulable

REASON = "node(s) didn't have free ports for the requested pod ports"
_REJECTED = unschedulable(REASON)


def _after_pod_deleted(_: object, pod: PodInfo, old: Object | None, _new: Object | None) -> bool:
    if old is None or not _had_node(old):
        return False
    emptied = NodeState("")
    emptied.add(pod_info(old))
    return any(emptied.has_conflict(port) for port in pod.template.host_ports)


def _had_node(pod: Object) -> bool:
    return bool(pod["spec"].get("nodeName") or (pod.get("status") or {}).get("nominatedNodeName"))


class NodePorts(PreFilterPlugin, FilterPlugin):
    name = "NodePorts"
    events = (Interest(ASSIGNED_POD, DELETE, _after_pod_deleted), Interest(NODE, ADD))

    def pre_filter(self, cycle: Cycle) -> Status | frozenset[str] | None:
        return None if cycle.pod.template.host_ports else SKIP

    def filter(self, cycle: Cycle, node: NodeState) -> Status | None:
        if any(node.has_conflict(port) for port in cycle.pod.template.host_ports):
            return _REJECTED
        return None
