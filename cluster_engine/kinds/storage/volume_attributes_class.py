"""The VolumeAttributesClass kind.

Models: k8s.io/kubernetes/pkg/registry/storage/volumeattributesclass (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.fields import FieldError, forbidden_field
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import Problems
from cluster_engine.kinds.columns import AGE, NAME, age
from cluster_engine.kinds.kind import Column, Kind
from cluster_engine.kinds.storage.parameters import check_parameters, check_provisioner

COLUMNS = (
    NAME,
    Column("DriverName", described_by="storage.v1.VolumeAttributesClass.driverName"),
    AGE,
)


def validate(obj: Object) -> list[FieldError]:
    """A driver and what it is told."""
    problems = Problems()
    check_provisioner(problems, "driverName", obj.get("driverName", ""), is_declared=False)
    check_parameters(problems, "parameters", obj.get("parameters") or {}, may_be_empty=False)
    return problems.all()


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """Both stay."""
    problems = [
        forbidden_field(field, f"updates to {field} are forbidden.")
        for field in ("driverName", "parameters")
        if new.get(field) != old.get(field)
    ]
    return problems + validate(new)


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    return [obj["metadata"]["name"], obj.get("driverName", ""), age(obj, now_ms)]


KIND = Kind(
    group="storage.k8s.io",
    version="v1",
    kind="VolumeAttributesClass",
    plural="volumeattributesclasses",
    singular="volumeattributesclass",
    namespaced=False,
    short_names=("vac",),
    validate=validate,
    validate_update=validate_update,
    columns=COLUMNS,
    cells=cells,
)
