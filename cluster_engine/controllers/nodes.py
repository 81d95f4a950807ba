"""What controllers do about nodes: address ranges, and taints that follow their conditions.

Heartbeats are not awaited: a simulated node is unreachable only when it says so through its Ready
condition (see docs/fidelity.md). What becomes of its pods then is in eviction.py.

Models: k8s.io/kubernetes/pkg/controller/{nodeipam,nodelifecycle} (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.conditions import find
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.time import rfc3339
from cluster_engine.client.reconciler import ComponentContext, Reconciler

_NOT_READY = "node.kubernetes.io/not-ready"
_UNREACHABLE = "node.kubernetes.io/unreachable"
#: NoSchedule taints by condition type and status.
_CONDITION_TAINTS = {
    ("Ready", "False"): _NOT_READY,
    ("Ready", "Unknown"): _UNREACHABLE,
    ("MemoryPressure", "True"): "node.kubernetes.io/memory-pressure",
    ("DiskPressure", "True"): "node.kubernetes.io/disk-pressure",
    ("PIDPressure", "True"): "node.kubernetes.io/pid-pressure",
    ("NetworkUnavailable", "True"): "node.kubernetes.io/network-unavailable",
}
_UNSCHEDULABLE = "node.kubernetes.io/unschedulable"
_OURS = {*_CONDITION_TAINTS.values(), _UNSCHEDULABLE}


class NodeIpamController(Reconciler):
    """Gives each node the first free /24, see `_range`."""

    name = "node-ipam-controller"

    def __init__(self, context: ComponentContext) -> None:
        super().__init__(context)
        self._nodes = context.informers.of("nodes")
        self._nodes.add_index("cidr", lambda node: (node["spec"].get("podCIDR", ""),))
        self._nodes.add_handler(self.enqueue_change)

    def reconcile(self, key: str) -> None:
        """Allocate a range for a node that has none."""
        node = self._nodes.get("", key)
        if node is None or node["spec"].get("podCIDR"):
            return
        number = 0
        while self._nodes.by_index("cidr", _range(number)):
            number += 1
        spec = {**node["spec"], "podCIDR": _range(number), "podCIDRs": [_range(number)]}
        self.client.update("nodes", {**node, "spec": spec})


def _range(number: int) -> str:
    """From 10.244.0.0 up to 10.255.255.0, then from 100.64.0.0 (the shared address space)."""
    block, third = divmod(number, 256)
    if block < 12:
        return f"10.{244 + block}.{third}.0/24"
    return f"100.{64 + block - 12}.{third}.0/24"


class NodeLifecycleController(Reconciler):
    """Keeps the taints of a node in step with its conditions and `unschedulable`."""

    name = "node-controller"

    def __init__(self, context: ComponentContext) -> None:
        super().__init__(context)
        self._nodes = context.informers.of("nodes")
        self._nodes.add_handler(self.enqueue_change)

    def reconcile(self, key: str) -> None:
        """Add and remove the taints that are this controller's to manage."""
        node = self._nodes.get("", key)
        if node is None:
            return
        held = node["spec"].get("taints") or []
        wanted = self._wanted(node)
        kept = [
            taint
            for taint in held
            if taint["key"] not in _OURS or (taint["key"], taint["effect"]) in wanted
        ]
        present = {(taint["key"], taint["effect"]) for taint in kept}
        now = rfc3339(self.clock.now_ms)
        for name, effect in wanted:
            if (name, effect) not in present:
                kept.append({"key": name, "effect": effect, "timeAdded": now})
        if kept == held:
            return
        spec = {field: value for field, value in node["spec"].items() if field != "taints"}
        if kept:
            spec["taints"] = kept
        self.client.update("nodes", {**node, "spec": spec})

    def _wanted(self, node: Object) -> list[tuple[str, str]]:
        conditions = node.get("status", {}).get("conditions") or []
        wanted = []
        for (type_, status), name in _CONDITION_TAINTS.items():
            condition = find(conditions, type_)
            if condition is not None and condition["status"] == status:
                wanted.append((name, "NoSchedule"))
                if type_ == "Ready":
                    wanted.append((name, "NoExecute"))
        if find(conditions, "Ready") is None:
            wanted.append((_NOT_READY, "NoSchedule"))
        if node["spec"].get("unschedulable"):
            wanted.append((_UNSCHEDULABLE, "NoSchedule"))
        return wanted
