"""The DeviceTaintRule kind.

Models: k8s.io/kubernetes/pkg/registry/resource/devicetaintrule (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.columns import AGE, NAME, age, since
from cluster_engine.kinds.kind import STATUS, Column, Kind
from cluster_engine.kinds.preparation import SeparateStatus, sealed_status
from cluster_engine.kinds.resource.devices import GROUP

COLUMNS = (
    NAME,
    Column("Key", described_by="resource.v1.DeviceTaint.key"),
    Column("Value", described_by="resource.v1.DeviceTaint.value"),
    Column("Effect", described_by="resource.v1.DeviceTaint.effect"),
    Column("TimeAdded", described_by="resource.v1.DeviceTaint.timeAdded"),
    AGE,
)

_separate_status = SeparateStatus(GROUP, "v1", "DeviceTaintRule")


def prepare(new: Object, old: Object | None) -> None:
    """The status is apart; the taint is there since the rule is."""
    _separate_status(new, old)
    spec = new.get("spec") or {}
    taint = spec.get("taint") or {}
    created = new["metadata"].get("creationTimestamp")
    if taint and not taint.get("timeAdded") and created:
        new["spec"] = {**spec, "taint": {**taint, "timeAdded": created}}


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    taint = (obj.get("spec") or {}).get("taint") or {}
    added = taint.get("timeAdded")
    return [
        obj["metadata"]["name"],
        taint.get("key", ""),
        taint.get("value", ""),
        taint.get("effect", ""),
        since(added, now_ms) if added else "",
        age(obj, now_ms),
    ]


KIND = Kind(
    group=GROUP,
    version="v1",
    kind="DeviceTaintRule",
    plural="devicetaintrules",
    singular="devicetaintrule",
    namespaced=False,
    subresources=(STATUS,),
    prepare=prepare,
    prepare_status=sealed_status,
    has_generation=True,
    columns=COLUMNS,
    cells=cells,
)
