"""Binding a pod to a node.

A binding is written beside the rules for pod updates, as upstream does: it may set what no update
may, and it owns no fields.

Models: k8s.io/kubernetes/pkg/registry/core/pod/storage BindingREST (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.errors import ApiError, conflict
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.time import rfc3339
from cluster_engine.apiserver.core import Core
from cluster_engine.store.changes import Origin, Record

_TOPOLOGY_LABELS = ("topology.kubernetes.io/zone", "topology.kubernetes.io/region")


def bind_pod(
    core: Core,
    record: Record,
    node: str,
    origin: Origin,
    *,
    labels: dict[str, str] | None = None,
    annotations: dict[str, str] | None = None,
    is_dry_run: bool = False,
) -> None:
    """Set the pod's node. Raises ApiError 409 when the pod cannot be bound any more."""
    pod = record.object
    metadata, spec = pod["metadata"], pod["spec"]
    name = metadata["name"]
    if "deletionTimestamp" in metadata:
        raise _refused(name, f"pod {name} is being deleted, cannot be assigned to a host")
    if spec.get("nodeName"):
        raise _refused(name, f'pod {name} is already assigned to node "{spec["nodeName"]}"')
    if spec.get("schedulingGates"):
        raise _refused(name, f"pod {name} has non-empty .spec.schedulingGates")
    added = {**_topology(core, node), **(labels or {})}
    if added:
        metadata = {**metadata, "labels": {**(metadata.get("labels") or {}), **added}}
    if annotations:
        joined = {**(metadata.get("annotations") or {}), **annotations}
        metadata = {**metadata, "annotations": joined}
    bound = {
        **pod,
        "metadata": metadata,
        "spec": {**spec, "nodeName": node},
        "status": _scheduled(pod.get("status") or {}, rfc3339(core.clock.now_ms)),
    }
    if is_dry_run:
        return
    core.store.put(
        "pods",
        bound,
        origin,
        time_ms=core.clock.now_ms,
        expected=record,
        managers=record.managers,
    )
    record.encoded = None


def _topology(core: Core, node: str) -> dict[str, str]:
    """What the PodTopologyLabels admission plugin copies from the node."""
    record = core.store.get("nodes", "", node)
    if record is None:
        return {}
    held = record.object["metadata"].get("labels") or {}
    return {name: held[name] for name in _TOPOLOGY_LABELS if name in held}


def _scheduled(status: Object, now: str) -> Object:
    """The status with a true PodScheduled condition and no nomination."""
    status = {name: value for name, value in status.items() if name != "nominatedNodeName"}
    condition = {
        "type": "PodScheduled",
        "status": "True",
        "lastProbeTime": None,
        "lastTransitionTime": now,
    }
    held = status.get("conditions") or []
    if any(item["type"] == "PodScheduled" for item in held):
        changed = [
            _true(item, condition) if item["type"] == "PodScheduled" else item for item in held
        ]
        return {**status, "conditions": changed}
    return {**status, "conditions": [*held, condition]}


def _true(held: Object, condition: Object) -> Object:
    if held.get("status") == "True":
        return {**condition, "lastTransitionTime": held.get("lastTransitionTime")}
    return condition


def _refused(name: str, why: str) -> ApiError:
    return conflict("pods/binding", name, why)
