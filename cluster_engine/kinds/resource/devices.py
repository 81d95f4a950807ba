"""Requests for devices, which claims and their templates share.

Models: k8s.io/kubernetes/pkg/apis/resource/v1/defaults.go (v1.37.2).
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


def _default_request(request: Object) -> None:
    if not request.get("allocationMode"):
        request["allocationMode"] = "ExactCount"
    if request["allocationMode"] == "ExactCount" and not request.get("count"):
        request["count"] = 1
    for toleration in request.get("tolerations") or ():
        if not toleration.get("operator"):
            toleration["operator"] = "Equal"
