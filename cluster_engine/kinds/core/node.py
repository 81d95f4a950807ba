"""The Node kind.

Models: k8s.io/kubernetes/pkg/apis/core/v1/defaults.go, pkg/registry/core/node (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.conditions import find
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.addresses import cidr_warnings
from cluster_engine.kinds.columns import AGE, NAME, age
from cluster_engine.kinds.core.node_validation import (
    validate,
    validate_change,
    validate_update,
)
from cluster_engine.kinds.core.pod.defaults import round_up
from cluster_engine.kinds.kind import STATUS, Column, Kind, Subresource
from cluster_engine.kinds.preparation import only_status

COLUMNS = (
    NAME,
    Column("Status", meaning="The status of the node"),
    Column("Roles", meaning="The roles of the node"),
    AGE,
    Column("Version", described_by="core.v1.NodeSystemInfo.kubeletVersion"),
    Column("Internal-IP", described_by="core.v1.NodeStatus.addresses", priority=1),
    Column("External-IP", described_by="core.v1.NodeStatus.addresses", priority=1),
    Column("OS-Image", described_by="core.v1.NodeSystemInfo.osImage", priority=1),
    Column("Kernel-Version", described_by="core.v1.NodeSystemInfo.kernelVersion", priority=1),
    Column(
        "Container-Runtime",
        described_by="core.v1.NodeSystemInfo.containerRuntimeVersion",
        priority=1,
    ),
)

_ROLE_PREFIX = "node-role.kubernetes.io/"
_ROLE_LABEL = "kubernetes.io/role"


def default(obj: Object) -> None:
    """All its capacity is allocatable, unless it says otherwise."""
    status = obj.get("status")
    if not status:
        return
    if not status.get("allocatable") and status.get("capacity"):
        status["allocatable"] = dict(status["capacity"])
    for name in ("capacity", "allocatable"):
        if status.get(name):
            round_up(status[name])


def prepare(new: Object, old: Object | None) -> None:
    """A new node keeps the status it is registered with; no node has a dynamic configuration."""
    new["spec"] = _without(new.get("spec") or {}, "configSource", "podPreemptionPolicy")
    if old is None:
        new["status"] = _without(new.get("status") or {}, "config")
    elif "status" in old:
        new["status"] = old["status"]
    else:
        new.pop("status", None)


def _without(held: Object, *fields: str) -> Object:
    if not any(field in held for field in fields):
        return held
    return {name: value for name, value in held.items() if name not in fields}


def warn(new: Object, old: Object | None) -> list[str]:
    """Of a field that nothing reads any more, and of blocks not in their canonical form."""
    del old
    spec, warnings = new.get("spec") or {}, []
    if spec.get("externalID"):
        warnings.append("spec.externalID: this field is deprecated, and is unused by Kubernetes")
    for position, block in enumerate(spec.get("podCIDRs") or ()):
        warnings += cidr_warnings(f"spec.podCIDRs[{position}]", block)
    return warnings


def roles_of(obj: Object) -> list[str]:
    """The roles that its labels say, sorted."""
    roles = set()
    for label, value in (obj["metadata"].get("labels") or {}).items():
        if label.startswith(_ROLE_PREFIX):
            roles.add(label.removeprefix(_ROLE_PREFIX))
        elif label == _ROLE_LABEL:
            roles.add(value)
    return sorted(roles - {""})


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    status = obj.get("status") or {}
    info = status.get("nodeInfo") or {}
    kernel = info.get("kernelVersion") or "<unknown>"
    if info.get("architecture"):
        kernel = f"{kernel} ({info['architecture']})"
    return [
        obj["metadata"]["name"],
        _state(obj, status),
        ",".join(roles_of(obj)) or "<none>",
        age(obj, now_ms),
        info.get("kubeletVersion") or "",
        _address(status, "InternalIP"),
        _address(status, "ExternalIP"),
        info.get("osImage") or "<unknown>",
        kernel,
        info.get("containerRuntimeVersion") or "<unknown>",
    ]


def _state(obj: Object, status: Object) -> str:
    ready = find(status.get("conditions"), "Ready")
    words = ["Unknown"]
    if ready is not None:
        words = ["Ready" if ready.get("status") == "True" else "NotReady"]
    if (obj.get("spec") or {}).get("unschedulable"):
        words.append("SchedulingDisabled")
    return ",".join(words)


def _address(status: Object, type_: str) -> str:
    for address in status.get("addresses") or ():
        if address.get("type") == type_:
            return str(address.get("address", ""))
    return "<none>"


KIND = Kind(
    group="",
    version="v1",
    kind="Node",
    plural="nodes",
    singular="node",
    namespaced=False,
    short_names=("no",),
    subresources=(
        Subresource(
            "proxy",
            ("", "v1", "NodeProxyOptions"),
            ("create", "delete", "get", "patch", "update"),
        ),
        STATUS,
    ),
    default=default,
    validate=validate,
    validate_update=validate_update,
    validate_status=validate_change,
    warn=warn,
    prepare=prepare,
    prepare_status=only_status,
    columns=COLUMNS,
    cells=cells,
    is_namespace_selectable=False,
    field_selectors={
        "spec.unschedulable": lambda obj: (
            "true" if (obj.get("spec") or {}).get("unschedulable") else "false"
        )
    },
)
