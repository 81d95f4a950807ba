"""The Lease kind.

Models: k8s.io/kubernetes/pkg/registry/coordination/lease (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.fields import FieldError, invalid_value
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.columns import AGE, NAME, age
from cluster_engine.kinds.kind import Column, Kind

COLUMNS = (
    NAME,
    Column("Holder", described_by="coordination.v1.LeaseSpec.holderIdentity"),
    AGE,
)

#: Fields of coordinated leader election, which is off by default.
_DISABLED = ("strategy", "preferredHolder")


def prepare(new: Object, old: Object | None) -> None:
    """Drop what the cluster does not know how to use."""
    spec, before = new.get("spec") or {}, (old or {}).get("spec") or {}
    dropped = [name for name in _DISABLED if name in spec and name not in before]
    if dropped:
        new["spec"] = {name: value for name, value in spec.items() if name not in dropped}


def validate(obj: Object) -> list[FieldError]:
    """Numbers that can be."""
    problems: list[FieldError] = []
    spec = obj.get("spec") or {}
    seconds, transitions = spec.get("leaseDurationSeconds"), spec.get("leaseTransitions")
    if seconds is not None and seconds <= 0:
        text = "must be greater than 0"
        problems.append(invalid_value("spec.leaseDurationSeconds", seconds, text))
    if transitions is not None and transitions < 0:
        text = "must be greater than or equal to 0"
        problems.append(invalid_value("spec.leaseTransitions", transitions, text))
    return problems


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """Everything may change."""
    del old
    return validate(new)


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    holder = (obj.get("spec") or {}).get("holderIdentity") or ""
    return [obj["metadata"]["name"], holder, age(obj, now_ms)]


KIND = Kind(
    group="coordination.k8s.io",
    version="v1",
    kind="Lease",
    plural="leases",
    singular="lease",
    namespaced=True,
    validate=validate,
    validate_update=validate_update,
    prepare=prepare,
    is_created_by_update=True,
    is_updated_unconditionally=False,
    columns=COLUMNS,
    cells=cells,
)
