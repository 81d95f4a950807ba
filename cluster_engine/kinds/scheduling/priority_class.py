"""The PriorityClass kind.

Models: k8s.io/kubernetes/pkg/apis/scheduling/v1/defaults.go (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.fields import (
    FieldError,
    forbidden_field,
    not_supported,
    required,
)
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import unchanged
from cluster_engine.kinds.columns import AGE, NAME, age
from cluster_engine.kinds.kind import Column, Kind
from cluster_engine.kinds.preparation import count_generation

COLUMNS = (
    NAME,
    Column("Value", "integer", described_by="scheduling.v1.PriorityClass.value"),
    Column("Global-Default", "boolean", described_by="scheduling.v1.PriorityClass.globalDefault"),
    AGE,
    Column("PreemptionPolicy", described_by="scheduling.v1.PriorityClass.preemptionPolicy"),
)

SYSTEM_VALUES = {"system-node-critical": 2_000_001_000, "system-cluster-critical": 2_000_000_000}
_SYSTEM = "system-"
_USER_MAX = 1_000_000_000
_POLICIES = ("PreemptLowerPriority", "Never")


def default(obj: Object) -> None:
    """It preempts."""
    if obj.get("preemptionPolicy") is None:
        obj["preemptionPolicy"] = "PreemptLowerPriority"


def prepare(new: Object, old: Object | None) -> None:
    """Its generation never changes."""
    count_generation(new, old)


def validate(obj: Object) -> list[FieldError]:
    """A value below those of the system, whose names are reserved."""
    problems: list[FieldError] = []
    name, value = obj["metadata"].get("name", ""), obj.get("value", 0)
    if name.startswith(_SYSTEM):
        text = _system_problem(obj, name, value)
        if text:
            text = (
                f"priority class names with '{_SYSTEM}' prefix are reserved for system use only. "
                f"error: {text}"
            )
            problems.append(forbidden_field("metadata.name", text))
    elif value > _USER_MAX:
        text = f"maximum allowed value of a user defined priority is {_USER_MAX}"
        problems.append(forbidden_field("value", text))
    policy = obj.get("preemptionPolicy")
    if policy == "":
        problems.append(required("preemptionPolicy"))
    elif policy is not None and policy not in _POLICIES:
        problems.append(not_supported("preemptionPolicy", policy, _POLICIES))
    return problems


def _system_problem(obj: Object, name: str, value: int) -> str:
    if name not in SYSTEM_VALUES:
        return f"{name} is not a known system priority class"
    if value != SYSTEM_VALUES[name]:
        return f"value of {name} PriorityClass must be {SYSTEM_VALUES[name]}"
    if obj.get("globalDefault"):
        return f"globalDefault of {name} PriorityClass must be false"
    return ""


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """What it is worth stays."""
    problems: list[FieldError] = []
    if new.get("value", 0) != old.get("value", 0):
        problems.append(forbidden_field("value", "may not be changed in an update."))
    field = "preemptionPolicy"
    unchanged(problems, field, new.get(field), old.get(field))
    return problems


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    return [
        obj["metadata"]["name"],
        obj.get("value") or 0,
        bool(obj.get("globalDefault")),
        age(obj, now_ms),
        obj.get("preemptionPolicy") or "",
    ]


KIND = Kind(
    group="scheduling.k8s.io",
    version="v1",
    kind="PriorityClass",
    plural="priorityclasses",
    singular="priorityclass",
    namespaced=False,
    short_names=("pc",),
    default=default,
    validate=validate,
    validate_update=validate_update,
    prepare=prepare,
    has_generation=True,
    columns=COLUMNS,
    cells=cells,
)
