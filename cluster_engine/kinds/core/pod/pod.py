"""The Pod kind.

Models: k8s.io/kubernetes/pkg/registry/core/pod/strategy.go (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.core.pod.columns import COLUMNS, cells
from cluster_engine.kinds.core.pod.defaults import default_pod
from cluster_engine.kinds.core.pod.preparation import (
    prepare,
    prepare_ephemeral,
    prepare_resize,
    prepare_status,
)
from cluster_engine.kinds.core.pod.resize import validate_resize
from cluster_engine.kinds.core.pod.status import validate_status
from cluster_engine.kinds.core.pod.validation import (
    validate,
    validate_ephemeral,
    validate_update,
)
from cluster_engine.kinds.core.pod.warnings import warn
from cluster_engine.kinds.kind import STATUS, Kind, Subresource

_STREAM = ("create", "get")
_PROXY = ("create", "delete", "get", "patch", "update")


def grace_seconds(obj: Object) -> int:
    """How long a pod may take to stop: not at all when it does not run anywhere or has ended."""
    spec, status = obj.get("spec") or {}, obj.get("status") or {}
    if not spec.get("nodeName") or status.get("phase") in ("Failed", "Succeeded"):
        return 0
    seconds: int = spec.get("terminationGracePeriodSeconds") or 0
    return 1 if seconds < 0 else seconds


def _pod_ip(obj: Object) -> str:
    addresses = (obj.get("status") or {}).get("podIPs") or [{}]
    return str(addresses[0].get("ip") or "")


KIND = Kind(
    group="",
    version="v1",
    kind="Pod",
    plural="pods",
    singular="pod",
    namespaced=True,
    short_names=("po",),
    categories=("all",),
    subresources=(
        Subresource("attach", ("", "v1", "PodAttachOptions"), _STREAM),
        Subresource("binding", ("", "v1", "Binding"), ("create",)),
        Subresource("ephemeralcontainers", prepare=prepare_ephemeral, validate=validate_ephemeral),
        Subresource("eviction", ("policy", "v1", "Eviction"), ("create",)),
        Subresource("exec", ("", "v1", "PodExecOptions"), _STREAM),
        Subresource("log", verbs=("get",)),
        Subresource("portforward", ("", "v1", "PodPortForwardOptions"), _STREAM),
        Subresource("proxy", ("", "v1", "PodProxyOptions"), _PROXY),
        Subresource("resize", prepare=prepare_resize, validate=validate_resize),
        STATUS,
    ),
    default=default_pod,
    validate=validate,
    validate_update=validate_update,
    validate_status=validate_status,
    warn=warn,
    prepare=prepare,
    prepare_status=prepare_status,
    has_generation=True,
    columns=COLUMNS,
    cells=cells,
    field_selectors={
        "spec.nodeName": lambda obj: obj["spec"].get("nodeName", ""),
        "spec.host": lambda obj: obj["spec"].get("nodeName", ""),
        "spec.restartPolicy": lambda obj: obj["spec"].get("restartPolicy", ""),
        "spec.schedulerName": lambda obj: obj["spec"].get("schedulerName", ""),
        "spec.serviceAccountName": lambda obj: obj["spec"].get("serviceAccountName", ""),
        "spec.hostNetwork": lambda obj: "true" if obj["spec"].get("hostNetwork") else "false",
        "status.phase": lambda obj: obj.get("status", {}).get("phase", ""),
        "status.podIP": _pod_ip,
        "status.podIPs": lambda obj: "",
        "status.nominatedNodeName": lambda obj: obj.get("status", {}).get("nominatedNodeName", ""),
    },
    grace_seconds=grace_seconds,
)
