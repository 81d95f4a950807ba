"""The StorageVersionMigration kind.

Models: k8s.io/kubernetes/pkg/registry/storagemigration (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.conditions import is_true
from cluster_engine.apimachinery.fields import FieldError, invalid_value, required
from cluster_engine.apimachinery.names import is_dns1035_label, is_dns1123_subdomain
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import IMMUTABLE, conditions
from cluster_engine.kinds.kind import STATUS, Column, Kind
from cluster_engine.kinds.preparation import SeparateStatus, sealed_status

COLUMNS = (
    Column("Name", described_by="meta.v1.ObjectMeta.name"),
    Column("Resource", meaning="GroupResource to migrate"),
    Column("Status", meaning="Status of the migration"),
)

_STATES = ("Running", "Failed", "Succeeded")


def validate(obj: Object) -> list[FieldError]:
    """What is to be migrated."""
    problems: list[FieldError] = []
    resource = (obj.get("spec") or {}).get("resource") or {}
    name, group = resource.get("resource", ""), resource.get("group", "")
    if not name:
        text = "resource is required to be set"
        problems.append(required("spec.resource.resource", text))
    elif is_dns1035_label(name):
        text = ",".join(is_dns1035_label(name))
        problems.append(invalid_value("spec.resource.resource", name, text))
    if group and is_dns1123_subdomain(group):
        text = ",".join(is_dns1123_subdomain(group))
        problems.append(invalid_value("spec.resource.group", group, text))
    return problems


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """That stays."""
    problems = validate(new)
    if new.get("spec") != old.get("spec"):
        problems.append(invalid_value("spec", new.get("spec"), IMMUTABLE))
    return problems


def validate_status(new: Object, old: Object) -> list[FieldError]:
    """Conditions that do not contradict each other or themselves."""
    problems: list[FieldError] = []
    status, before = new.get("status") or {}, old.get("status") or {}
    held, path = status.get("conditions"), "status.conditions"
    conditions(problems, path, held)
    version, fixed = status.get("resourceVersion", ""), before.get("resourceVersion")
    if fixed and fixed != version:
        problems.append(invalid_value("status.resourceVersion", version, IMMUTABLE))
    if is_true(held, "Succeeded") and is_true(held, "Failed"):
        text = "Both success and failed conditions cannot be true at the same time"
        problems.append(invalid_value(path, held, text))
    for type_, word in (("Succeeded", "Success"), ("Failed", "Failed")):
        if is_true(before.get("conditions"), type_) and not is_true(held, type_):
            text = f"{word} condition cannot be set to false once it is true"
            problems.append(invalid_value(path, held, text))
    return problems


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    del now_ms
    resource = (obj.get("spec") or {}).get("resource") or {}
    name, group = resource.get("resource", ""), resource.get("group", "")
    state = "Unknown"
    for condition in (obj.get("status") or {}).get("conditions") or ():
        if condition.get("status") == "True" and condition.get("type") in _STATES:
            state = condition["type"]
    return [obj["metadata"]["name"], f"{name}.{group}" if group else name, state]


KIND = Kind(
    group="storagemigration.k8s.io",
    version="v1",
    kind="StorageVersionMigration",
    plural="storageversionmigrations",
    singular="storageversionmigration",
    namespaced=False,
    subresources=(STATUS,),
    validate=validate,
    validate_update=validate_update,
    validate_status=validate_status,
    prepare=SeparateStatus("storagemigration.k8s.io", "v1", "StorageVersionMigration"),
    prepare_status=sealed_status,
    is_updated_unconditionally=False,
    columns=COLUMNS,
    cells=cells,
)
