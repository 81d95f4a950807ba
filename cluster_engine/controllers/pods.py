"""Questions about pods that several controllers ask.

Models: k8s.io/kubernetes/pkg/api/v1/pod, pkg/controller (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Iterable

from cluster_engine.apimachinery.conditions import find
from cluster_engine.apimachinery.objects import Object, controller_of
from cluster_engine.apimachinery.time import parse_rfc3339
from cluster_engine.client.informer import Informer

#: Index of objects by the uid of their controller ("" when they have none).
BY_CONTROLLER = "controller"


def controller_uid(obj: Object) -> Iterable[str]:
    """Index function: the uid of the object's controller."""
    owner = controller_of(obj)
    return (owner["uid"] if owner else "",)


def owned_by(informer: Informer, owner: Object) -> list[Object]:
    """Objects that `owner` controls, by name."""
    informer.add_index(BY_CONTROLLER, controller_uid)
    return informer.by_index(BY_CONTROLLER, owner["metadata"]["uid"])


def is_active(pod: Object) -> bool:
    """Neither finished nor on its way out."""
    phase = pod.get("status", {}).get("phase")
    return phase not in ("Succeeded", "Failed") and "deletionTimestamp" not in pod["metadata"]


def is_terminating(pod: Object) -> bool:
    """Asked to go, and not finished."""
    phase = pod.get("status", {}).get("phase")
    return phase not in ("Succeeded", "Failed") and "deletionTimestamp" in pod["metadata"]


def ready_condition(pod: Object) -> Object | None:
    """The Ready condition when it is True."""
    condition = find(pod.get("status", {}).get("conditions") or [], "Ready")
    return condition if condition is not None and condition["status"] == "True" else None


def available_at_ms(pod: Object, min_ready_seconds: int) -> int | None:
    """When a ready pod counts as available; None while it is not ready."""
    condition = ready_condition(pod)
    if condition is None:
        return None
    if not min_ready_seconds:
        return 0
    since = condition.get("lastTransitionTime")
    return None if not since else parse_rfc3339(since) + min_ready_seconds * 1000


def controller_reference(owner: Object) -> Object:
    """The owner reference of a controlled object."""
    return {
        "apiVersion": owner["apiVersion"],
        "kind": owner["kind"],
        "name": owner["metadata"]["name"],
        "uid": owner["metadata"]["uid"],
        "controller": True,
        "blockOwnerDeletion": True,
    }


def pod_from_template(template: Object, owner: Object) -> Object:
    """A pod of `owner`, named by the API server."""
    source = template.get("metadata") or {}
    metadata: Object = {
        "generateName": owner["metadata"]["name"] + "-",
        "namespace": owner["metadata"]["namespace"],
        "ownerReferences": [controller_reference(owner)],
    }
    for field in ("labels", "annotations", "finalizers"):
        if source.get(field):
            metadata[field] = source[field]
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": template["spec"]}
