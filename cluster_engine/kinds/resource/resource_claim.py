"""The ResourceClaim kind.

Models: k8s.io/kubernetes/pkg/registry/resource/resourceclaim (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.fields import FieldError
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import Problems, sealed
from cluster_engine.kinds.columns import AGE, NAME, age
from cluster_engine.kinds.kind import STATUS, Column, Kind
from cluster_engine.kinds.preparation import SeparateStatus, sealed_status
from cluster_engine.kinds.resource.claim_status_validation import (
    identity,
    results_of,
    validate_status,
)
from cluster_engine.kinds.resource.claim_validation import check_claim_spec
from cluster_engine.kinds.resource.devices import GROUP, default_claim_spec

COLUMNS = (
    NAME,
    Column("State", meaning="A summary of the current state (allocated, pending, reserved, etc.)."),
    AGE,
)


def default(obj: Object) -> None:
    """The defaults of its requests."""
    default_claim_spec(obj.get("spec"))


def validate(obj: Object) -> list[FieldError]:
    """Problems of a new claim."""
    problems = Problems()
    check_claim_spec(problems, "spec", obj.get("spec") or {})
    return problems.all()


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """A claim stays what it is."""
    problems = Problems()
    sealed(problems, "spec", new.get("spec"), old.get("spec"))
    return problems.all()


def prepare_status(new: Object, old: Object | None) -> None:
    """Only the status changes; a device that is given back is reported on no more."""
    sealed_status(new, old)
    assert old is not None
    status = new.get("status") or {}
    kept = [identity(result) for result in results_of(status)]
    freed = [
        identity(result)
        for result in results_of(old.get("status") or {})
        if identity(result) not in kept
    ]
    if not freed or not status.get("devices"):
        return
    devices = [device for device in status["devices"] if identity(device) not in freed]
    new["status"] = {**status, "devices": devices}
    if not devices:
        del new["status"]["devices"]


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
    validate=validate,
    validate_update=validate_update,
    validate_status=validate_status,
    prepare=SeparateStatus(GROUP, "v1", "ResourceClaim"),
    prepare_status=prepare_status,
    columns=COLUMNS,
    cells=cells,
)
