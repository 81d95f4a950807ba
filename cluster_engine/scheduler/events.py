"""What happens in the cluster, as far as it may help a pod that found no place.

Actions are flags; a change of an object is named as exactly as possible.

Models: k8s.io/kube-scheduler/framework/types.go, ActionType, and
pkg/scheduler/framework/events.go (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.scheduler.resources import bound_requests

ADD = 1
DELETE = 2
NODE_ALLOCATABLE = 4
NODE_LABEL = 8
NODE_TAINT = 16
NODE_CONDITION = 32
NODE_ANNOTATION = 64
NODE_FEATURE = 128
NODE_PREEMPTION_POLICY = 256
POD_LABEL = 512
POD_SCALE_DOWN = 1024
POD_SCALE_UP = 2048
POD_TOLERATION = 4096
POD_GATES_ELIMINATED = 8192
POD_CLAIM_GENERATED = 16384
UPDATE = 32764

NODE = "nodes"
#: A pod on a node; a pod that waits; the very pod that was rejected.
ASSIGNED_POD = "pods:assigned"
UNSCHEDULED_POD = "pods:unscheduled"
TARGET_POD = "pods:target"
PERSISTENT_VOLUME = "persistentvolumes"
PERSISTENT_VOLUME_CLAIM = "persistentvolumeclaims"
STORAGE_CLASS = "storageclasses.storage.k8s.io"
CSI_NODE = "csinodes.storage.k8s.io"
CSI_DRIVER = "csidrivers.storage.k8s.io"
CSI_STORAGE_CAPACITY = "csistoragecapacities.storage.k8s.io"
VOLUME_ATTACHMENT = "volumeattachments.storage.k8s.io"
RESOURCE_CLAIM = "resourceclaims.resource.k8s.io"
DEVICE_CLASS = "deviceclasses.resource.k8s.io"
RESOURCE_SLICE = "resourceslices.resource.k8s.io"

#: Resources watched only for what they may mean to rejected pods.
OTHER_RESOURCES = (
    PERSISTENT_VOLUME,
    PERSISTENT_VOLUME_CLAIM,
    STORAGE_CLASS,
    CSI_NODE,
    CSI_DRIVER,
    CSI_STORAGE_CAPACITY,
    VOLUME_ATTACHMENT,
    RESOURCE_CLAIM,
    DEVICE_CLASS,
    RESOURCE_SLICE,
)


def is_covered(wanted: int, action: int) -> bool:
    """Whether an interest in `wanted` covers the action: it is part of it, not wider."""
    return bool(wanted & action) and action <= wanted


def pod_changes(old: Object, new: Object) -> list[int]:
    """What a change of a pod means for scheduling."""
    found = []
    if (old["metadata"].get("labels") or {}) != (new["metadata"].get("labels") or {}):
        found.append(POD_LABEL)
    found += _scaling(old, new)
    before, after = old["spec"], new["spec"]
    if before is not after:
        if before.get("schedulingGates") and not after.get("schedulingGates"):
            found.append(POD_GATES_ELIMINATED)
        if len(before.get("tolerations") or ()) != len(after.get("tolerations") or ()):
            found.append(POD_TOLERATION)
    if _generated_claims(old) != _generated_claims(new):
        found.append(POD_CLAIM_GENERATED)
    return found or [UPDATE]


def _scaling(old: Object, new: Object) -> list[int]:
    if old["spec"] is new["spec"] and resource_status(old) == resource_status(new):
        return []
    if old["spec"] == new["spec"] and resource_status(old) == resource_status(new):
        return []
    before, after = bound_requests(old)[0], bound_requests(new)[0]
    found = []
    if any(amount > after.get(name, 0) for name, amount in before.items()):
        found.append(POD_SCALE_DOWN)
    if any(amount > before.get(name, 0) for name, amount in after.items()):
        found.append(POD_SCALE_UP)
    return found


def resource_status(pod: Object) -> Any:
    """What the node says about the pod's resources, to compare."""
    status = pod.get("status") or {}
    containers = [
        (held.get("name"), held.get("allocatedResources"), held.get("resources"))
        for field in ("containerStatuses", "initContainerStatuses")
        for held in status.get(field) or ()
        if held.get("allocatedResources") or held.get("resources")
    ]
    return containers, status.get("allocatedResources"), status.get("resources")


def _generated_claims(pod: Object) -> Any:
    status = pod.get("status") or {}
    return status.get("resourceClaimStatuses"), status.get("extendedResourceClaimStatus")


def node_changes(old: Object, new: Object) -> list[int]:
    """What a change of a node means for scheduling; empty when nothing."""
    found = []
    before, after = old.get("spec") or {}, new.get("spec") or {}
    if before.get("unschedulable") and not after.get("unschedulable"):
        found.append(NODE_TAINT)
    if _status(old, "allocatable") != _status(new, "allocatable"):
        found.append(NODE_ALLOCATABLE)
    if (old["metadata"].get("labels") or {}) != (new["metadata"].get("labels") or {}):
        found.append(NODE_LABEL)
    if (before.get("taints") or []) != (after.get("taints") or []):
        found.append(NODE_TAINT)
    if _conditions(old) != _conditions(new):
        found.append(NODE_CONDITION)
    if (old["metadata"].get("annotations") or {}) != (new["metadata"].get("annotations") or {}):
        found.append(NODE_ANNOTATION)
    if _status(old, "declaredFeatures") != _status(new, "declaredFeatures"):
        found.append(NODE_FEATURE)
    return found


def _status(node: Object, field: str) -> Any:
    return (node.get("status") or {}).get(field)


def _conditions(node: Object) -> dict[str, str]:
    return {c["type"]: c.get("status", "") for c in _status(node, "conditions") or ()}
