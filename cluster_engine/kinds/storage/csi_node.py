"""The CSINode kind.

Models: k8s.io/kubernetes/pkg/registry/storage/csinode (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.fields import (
    FieldError,
    duplicate,
    invalid_value,
    required,
)
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import IMMUTABLE, non_negative, qualified_name
from cluster_engine.kinds.columns import AGE, NAME, age
from cluster_engine.kinds.core.volume_sources import csi_driver_name
from cluster_engine.kinds.internal import internal
from cluster_engine.kinds.kind import STATUS, Column, Kind
from cluster_engine.kinds.preparation import SeparateStatus, sealed_status

COLUMNS = (
    NAME,
    Column(
        "Drivers",
        "integer",
        meaning=("Drivers indicates the number of CSI drivers registered on the node"),
    ),
    AGE,
)


_ID_LENGTH_MAX = 256


def validate(obj: Object) -> list[FieldError]:
    """Drivers, each once."""
    problems: list[FieldError] = []
    seen: set[str] = set()
    for position, driver in enumerate((obj.get("spec") or {}).get("drivers") or ()):
        _check_driver(problems, f"spec.drivers[{position}]", driver, seen)
    return problems


def _check_driver(problems: list[FieldError], path: str, driver: Object, seen: set[str]) -> None:
    name, node_id = driver.get("name", ""), driver.get("nodeID", "")
    csi_driver_name(problems, f"{path}.name", name)
    if not node_id:
        problems.append(required(f"{path}.nodeID"))
    if len(node_id) > _ID_LENGTH_MAX:
        text = f"must be {_ID_LENGTH_MAX} characters or less"
        problems.append(invalid_value(f"{path}.nodeID", node_id, text))
    non_negative(
        problems, f"{path}.allocatable.count", (driver.get("allocatable") or {}).get("count")
    )
    if name in seen:
        problems.append(duplicate(f"{path}.name", name))
    seen.add(name)
    keys = set()
    for key in driver.get("topologyKeys") or ():
        if not key:
            problems.append(required(path))
        if key in keys:
            problems.append(duplicate(path, key))
        keys.add(key)
        qualified_name(problems, path, key)


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """A driver stays as it is, but for how much it can take."""
    problems = validate(new)
    held = {
        driver.get("name"): _fixed(driver)
        for driver in (old.get("spec") or {}).get("drivers") or ()
    }
    for driver in (new.get("spec") or {}).get("drivers") or ():
        before = held.get(driver.get("name"))
        if before is not None and _fixed(driver) != before:
            shown = internal("storage", "CSINodeDriver", _fixed(driver))
            problems.append(invalid_value("spec.drivers", shown, IMMUTABLE))
    return problems


def _fixed(driver: Object) -> Object:
    return {name: value for name, value in driver.items() if name != "allocatable"}


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    drivers = (obj.get("spec") or {}).get("drivers") or ()
    return [obj["metadata"]["name"], len(drivers), age(obj, now_ms)]


def prepare_status(new: Object, old: Object | None) -> None:
    """Only the status changes, without what belongs to a feature that is off."""
    sealed_status(new, old)
    if "storageHealth" in (new.get("status") or {}):
        new["status"] = {k: v for k, v in new["status"].items() if k != "storageHealth"}


KIND = Kind(
    group="storage.k8s.io",
    version="v1",
    kind="CSINode",
    plural="csinodes",
    singular="csinode",
    namespaced=False,
    subresources=(STATUS,),
    validate=validate,
    validate_update=validate_update,
    prepare=SeparateStatus("storage.k8s.io", "v1", "CSINode"),
    prepare_status=prepare_status,
    is_updated_unconditionally=False,
    columns=COLUMNS,
    cells=cells,
)
