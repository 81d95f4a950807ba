"""One node as the scheduler sees it: what it offers and what its pods take.

The table of all nodes owns these; a dry run works on a `clone`.

Models: pkg/scheduler/framework/types.go, NodeInfo (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.scheduler.pods import HostPort, PodInfo
from cluster_engine.scheduler.resources import PODS, amounts

_ANY_IP = "0.0.0.0"
_NO_LABELS: Mapping[str, str] = {}


class NodeState:
    """A node and the pods on it. `node` is None while only pods name it."""

    __slots__ = (
        "allocatable",
        "index",
        "labels",
        "name",
        "node",
        "nonzero_cpu",
        "nonzero_memory",
        "pods",
        "ports",
        "requested",
        "taints",
    )

    def __init__(self, name: str) -> None:
        self.name = name
        self.node: Object | None = None
        #: Its row in the table; -1 when it has none.
        self.index = -1
        self.labels: Mapping[str, str] = _NO_LABELS
        self.taints: tuple[Mapping[str, Any], ...] = ()
        self.allocatable: dict[str, int] = {}
        self.requested: dict[str, int] = {}
        self.nonzero_cpu = 0
        self.nonzero_memory = 0
        #: By uid, in order of arrival.
        self.pods: dict[str, PodInfo] = {}
        #: How many pods hold each host port.
        self.ports: dict[HostPort, int] = {}

    @property
    def is_unschedulable(self) -> bool:
        return self.node is not None and bool((self.node.get("spec") or {}).get("unschedulable"))

    @property
    def pods_max(self) -> int:
        return self.allocatable.get(PODS, 0)

    def set_node(self, node: Object) -> None:
        """Take over what the node object says."""
        before = self.node
        self.node = node
        self.labels = node["metadata"].get("labels") or _NO_LABELS
        self.taints = tuple((node.get("spec") or {}).get("taints") or ())
        offered = (node.get("status") or {}).get("allocatable")
        if before is None or (before.get("status") or {}).get("allocatable") is not offered:
            self.allocatable = amounts(offered)

    def add(self, info: PodInfo) -> None:
        """Count a pod in."""
        self.pods[info.uid] = info
        requested = self.requested
        for name, amount in info.requests.items():
            requested[name] = requested.get(name, 0) + amount
        self.nonzero_cpu += info.nonzero[0]
        self.nonzero_memory += info.nonzero[1]
        for port in info.template.host_ports:
            self.ports[port] = self.ports.get(port, 0) + 1

    def remove(self, uid: str) -> PodInfo:
        """Count a pod out."""
        info = self.pods.pop(uid)
        requested = self.requested
        for name, amount in info.requests.items():
            requested[name] -= amount
        self.nonzero_cpu -= info.nonzero[0]
        self.nonzero_memory -= info.nonzero[1]
        for port in info.template.host_ports:
            self.ports[port] -= 1
            if not self.ports[port]:
                del self.ports[port]
        return info

    def has_conflict(self, wanted: HostPort) -> bool:
        """Whether that host port is taken, by itself or by the any-address."""
        for held in self.ports:
            if (held.protocol, held.port) != (wanted.protocol, wanted.port):
                continue
            if wanted.ip == _ANY_IP or held.ip in (_ANY_IP, wanted.ip):
                return True
        return False

    def clone(self) -> NodeState:
        """A twin whose pods can be moved about; it keeps the row of the original."""
        twin = NodeState(self.name)
        twin.node, twin.index = self.node, self.index
        twin.labels, twin.taints, twin.allocatable = self.labels, self.taints, self.allocatable
        twin.requested = dict(self.requested)
        twin.nonzero_cpu, twin.nonzero_memory = self.nonzero_cpu, self.nonzero_memory
        twin.pods = dict(self.pods)
        twin.ports = dict(self.ports)
        return twin
