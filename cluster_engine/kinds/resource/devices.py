"""Requests for devices, which claims and their templates share.

Fields of features that are off by default are dropped.

Models: k8s.io/kubernetes/pkg/apis/resource/v1/defaults.go, pkg/api/resourceclaimspec (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object

GROUP = "resource.k8s.io"


def default_claim_spec(spec: Object | None) -> None:
    """One device each, tolerations compare for equality."""
    for request in ((spec or {}).get("devices") or {}).get("requests") or ():
        if request.get("exactly") is not None:
            _default_request(request["exactly"])
        for alternative in request.get("firstAvailable") or ():
            _default_request(alternative)


def drop_from_slice(obj: Object) -> None:
    """What a slice may not say yet."""
    spec = obj.get("spec") or {}
    for field in ("partitionTypeAttribute", "skipNodeOperations"):
        spec.pop(field, None)
    for device in spec.get("devices") or ():
        device.pop("nodeAllocatableResources", None)
        for consumed in device.get("consumesCounters") or ():
            consumed.pop("compatibilityGroups", None)
        for attribute in (device.get("attributes") or {}).values():
            for field in ("bools", "ints", "strings", "versions"):
                attribute.pop(field, None)


def _default_request(request: Object) -> None:
    request.pop("derivedAttributes", None)
    if not request.get("allocationMode"):
        request["allocationMode"] = "ExactCount"
    if request["allocationMode"] == "ExactCount" and not request.get("count"):
        request["count"] = 1
    for toleration in request.get("tolerations") or ():
        if not toleration.get("operator"):
            toleration["operator"] = "Equal"
