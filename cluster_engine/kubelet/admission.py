"""Whether a node takes a pod that was bound to it: the checks of the kubelet itself.

The scheduler has made most of them before; they catch pods that name their node themselves.

Models: pkg/kubelet/lifecycle/predicate.go, AdmissionCheck of pkg/scheduler (v1.37.2).
"""

from __future__ import annotations

from typing import NamedTuple

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.quantity import cpu_milli, value
from cluster_engine.kubelet.affinity import matches_node
from cluster_engine.kubelet.resources import pod_total


class Rejection(NamedTuple):
    """Why the node does not take the pod: reason and message of the event."""

    reason: str
    message: str


def reservation(spec: Object) -> tuple[tuple[str, int], ...]:
    """What the pod needs of its node: cpu in thousandths, the rest in whole units."""
    amounts = [(name, _amount(name, text)) for name, text in pod_total(spec, "requests").items()]
    return (("pods", 1), *amounts)


def admit(
    pod: Object, node: Object, used: dict[str, int], needed: tuple[tuple[str, int], ...]
) -> Rejection | None:
    """None when the node takes the pod; `used` is what its other pods have reserved."""
    allocatable = (node.get("status") or {}).get("allocatable") or {}
    for name, amount in needed:
        if name not in allocatable:
            if "/" in name or not amount:
                continue
            capacity = 0
        else:
            capacity = _amount(name, allocatable[name])
        held = used.get(name, 0)
        if amount and held + amount > capacity:
            message = (
                f"Node didn't have enough resource: {name}, requested: {amount}, "
                f"used: {held}, capacity: {capacity}"
            )
            return Rejection(f"OutOf{name}", message)
    if not matches_node(pod["spec"], node):
        why = "node(s) didn't match Pod's node affinity/selector"
        return Rejection("NodeAffinity", f"Predicate NodeAffinity failed: {why}")
    if _is_repelled(pod["spec"], node):
        why = "node(s) had taints that the pod didn't tolerate"
        return Rejection("TaintToleration", f"Predicate TaintToleration failed: {why}")
    return None


def _amount(name: str, text: str) -> int:
    return cpu_milli(text) if name == "cpu" else value(text)


def _is_repelled(spec: Object, node: Object) -> bool:
    for taint in node["spec"].get("taints") or ():
        if taint["effect"] == "NoExecute" and not any(
            _tolerates(toleration, taint) for toleration in spec.get("tolerations") or ()
        ):
            return True
    return False


def _tolerates(toleration: Object, taint: Object) -> bool:
    if toleration.get("effect") not in (None, "", taint["effect"]):
        return False
    key = toleration.get("key") or ""
    if key and key != taint["key"]:
        return False
    if toleration.get("operator") == "Exists":
        return True
    return bool(key) and (toleration.get("value") or "") == (taint.get("value") or "")
