"""The DeviceTaintRule kind.

Models: k8s.io/kubernetes/pkg/registry/resource/devicetaintrule (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.fields import FieldError, too_many
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import Problems, conditions, dns_label
from cluster_engine.kinds.columns import AGE, NAME, age, since
from cluster_engine.kinds.kind import STATUS, Column, Kind
from cluster_engine.kinds.preparation import SeparateStatus, sealed_status
from cluster_engine.kinds.resource.devices import GROUP
from cluster_engine.kinds.resource.names import driver_name, pool_name
from cluster_engine.kinds.resource.taints import check_taint

COLUMNS = (
    NAME,
    Column("Key", described_by="resource.v1.DeviceTaint.key"),
    Column("Value", described_by="resource.v1.DeviceTaint.value"),
    Column("Effect", described_by="resource.v1.DeviceTaint.effect"),
    Column("TimeAdded", described_by="resource.v1.DeviceTaint.timeAdded"),
    AGE,
)

_CONDITIONS_MAX = 8
_CHECKS = {"driver": driver_name, "pool": pool_name, "device": dns_label}

_separate_status = SeparateStatus(GROUP, "v1", "DeviceTaintRule")


def prepare(new: Object, old: Object | None) -> None:
    """The status is apart; the taint is there since the rule is."""
    _separate_status(new, old)
    spec = new.get("spec") or {}
    taint = spec.get("taint") or {}
    created = new["metadata"].get("creationTimestamp")
    if taint and not taint.get("timeAdded") and created:
        new["spec"] = {**spec, "taint": {**taint, "timeAdded": created}}


def validate(obj: Object) -> list[FieldError]:
    """Problems of a new rule."""
    return _problems(obj, None)


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """Problems of a change."""
    return _problems(new, (old.get("spec") or {}).get("taint") or {})


def validate_status(new: Object, old: Object) -> list[FieldError]:
    """Problems of a change of the status."""
    del old
    problems, path = Problems(), "status.conditions"
    held = (new.get("status") or {}).get("conditions") or ()
    conditions(problems, path, held)
    if len(held) > _CONDITIONS_MAX:
        problems.append(too_many(path, len(held), _CONDITIONS_MAX))
    return problems.all()


def _problems(obj: Object, old_taint: Object | None) -> list[FieldError]:
    problems, spec = Problems(), obj.get("spec") or {}
    selector = spec.get("deviceSelector") or {}
    for field, check in _CHECKS.items():
        if selector.get(field) is not None:
            check(problems, f"spec.deviceSelector.{field}", selector[field])
    check_taint(problems, "spec.taint", spec.get("taint") or {}, old_taint)
    return problems.all()


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
    validate=validate,
    validate_update=validate_update,
    validate_status=validate_status,
    prepare=prepare,
    prepare_status=sealed_status,
    has_generation=True,
    columns=COLUMNS,
    cells=cells,
)
