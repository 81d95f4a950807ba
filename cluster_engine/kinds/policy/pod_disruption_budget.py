"""The PodDisruptionBudget kind.

Models: k8s.io/kubernetes/pkg/registry/policy/poddisruptionbudget (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.fields import FieldError, invalid_value, not_supported
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import (
    conditions,
    int_or_percent,
    label_selector,
    non_negative,
    not_over_100_percent,
)
from cluster_engine.kinds.columns import AGE, NAME, age, int_or_string_text
from cluster_engine.kinds.internal import internal
from cluster_engine.kinds.kind import STATUS, Column, Kind
from cluster_engine.kinds.preparation import SeparateStatus, only_status

COLUMNS = (
    NAME,
    Column("Min Available", meaning="The minimum number of pods that must be available."),
    Column("Max Unavailable", meaning="The maximum number of pods that may be unavailable."),
    Column(
        "Allowed Disruptions",
        "integer",
        meaning=("Calculated number of pods that may be disrupted at this time."),
    ),
    AGE,
)


_EVICTION_POLICIES = ("AlwaysAllow", "IfHealthyBudget")
_COUNTS = ("disruptionsAllowed", "currentHealthy", "desiredHealthy", "expectedPods")


def validate(obj: Object) -> list[FieldError]:
    """One of two limits, and a selector."""
    problems: list[FieldError] = []
    spec = obj.get("spec") or {}
    if spec.get("minAvailable") is not None and spec.get("maxUnavailable") is not None:
        shown = internal("policy", "PodDisruptionBudgetSpec", spec)
        text = "minAvailable and maxUnavailable cannot be both set"
        problems.append(invalid_value("spec", shown, text))
    for field in ("minAvailable", "maxUnavailable"):
        if spec.get(field) is not None:
            int_or_percent(problems, f"spec.{field}", spec[field])
            not_over_100_percent(problems, f"spec.{field}", spec[field])
    label_selector(problems, "spec.selector", spec.get("selector"))
    policy = spec.get("unhealthyPodEvictionPolicy")
    if policy is not None and policy not in _EVICTION_POLICIES:
        at = "spec.unhealthyPodEvictionPolicy"
        problems.append(not_supported(at, policy, _EVICTION_POLICIES))
    return problems


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """Everything may change."""
    del old
    return validate(new)


def validate_status(new: Object, old: Object) -> list[FieldError]:
    """Counts and conditions."""
    del old
    problems: list[FieldError] = []
    status = new.get("status") or {}
    conditions(problems, "status.conditions", status.get("conditions"))
    for field in _COUNTS:
        non_negative(problems, f"status.{field}", status.get(field))
    return problems


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    spec = obj.get("spec") or {}
    return [
        obj["metadata"]["name"],
        int_or_string_text(spec.get("minAvailable"), "N/A"),
        int_or_string_text(spec.get("maxUnavailable"), "N/A"),
        (obj.get("status") or {}).get("disruptionsAllowed") or 0,
        age(obj, now_ms),
    ]


KIND = Kind(
    group="policy",
    version="v1",
    kind="PodDisruptionBudget",
    plural="poddisruptionbudgets",
    singular="poddisruptionbudget",
    namespaced=True,
    short_names=("pdb",),
    subresources=(STATUS,),
    validate=validate,
    validate_update=validate_update,
    validate_status=validate_status,
    prepare=SeparateStatus("policy", "v1", "PodDisruptionBudget"),
    prepare_status=only_status,
    is_updated_unconditionally=False,
    has_generation=True,
    columns=COLUMNS,
    cells=cells,
)
