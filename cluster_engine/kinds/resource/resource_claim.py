"""The ResourceClaim kind.

Models: k8s.io/kubernetes/pkg/registry/resource/resourceclaim (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.columns import AGE, NAME, age
from cluster_engine.kinds.kind import STATUS, Column, Kind
from cluster_engine.kinds.preparation import SeparateStatus, sealed_status
from cluster_engine.kinds.resource.devices import GROUP, default_claim_spec

COLUMNS = (
    NAME,
    Column("State", meaning="A summary of the current state (allocated, pending, reserved, etc.)."),
    AGE,
)


def default(obj: Object) -> None:
    """The defaults of its requests."""
    default_claim_spec(obj.get("spec"))


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    status = obj.get("status") or {}
    states = ["deleted"] if obj["metadata"].get("deletionTimestamp") else []
    if status.get("allocation") is not None:
        states.append("allocated")
        if status.get("reservedFor"):
            states.append("reserved")
    elif not states:
        states.append("pending")
    return [obj["metadata"]["name"], ",".join(states), age(obj, now_ms)]


KIND = Kind(
    group=GROUP,
    version="v1",
    kind="ResourceClaim",
    plural="resourceclaims",
    singular="resourceclaim",
    namespaced=True,
    subresources=(STATUS,),
    default=default,
    prepare=SeparateStatus(GROUP, "v1", "ResourceClaim"),
    prepare_status=sealed_status,
    columns=COLUMNS,
    cells=cells,
)
