"""Problems of deployments.

Models: ValidateDeployment in k8s.io/kubernetes/pkg/apis/apps/validation (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.fields import (
    FieldError,
    forbidden_field,
    invalid_value,
    not_supported,
    required,
)
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.apps.pod_templates import check_replicated, check_same_selector
from cluster_engine.kinds.checks import (
    bounded_counts,
    int_or_percent,
    is_nothing,
    non_negative,
    not_decremented,
    not_over_100_percent,
)
from cluster_engine.kinds.internal import internal

_TYPES = ("Recreate", "RollingUpdate")
_COUNTS = (
    "observedGeneration",
    "replicas",
    "updatedReplicas",
    "readyReplicas",
    "availableReplicas",
    "unavailableReplicas",
    "terminatingReplicas",
    "collisionCount",
)


def validate(obj: Object) -> list[FieldError]:
    """Problems of a deployment."""
    problems: list[FieldError] = []
    spec = obj.get("spec") or {}
    non_negative(problems, "spec.replicas", spec.get("replicas"))
    check_replicated(problems, spec)
    _check_strategy(problems, "spec.strategy", spec.get("strategy") or {})
    ready_seconds = spec.get("minReadySeconds", 0)
    non_negative(problems, "spec.minReadySeconds", ready_seconds)
    non_negative(problems, "spec.revisionHistoryLimit", spec.get("revisionHistoryLimit"))
    deadline = spec.get("progressDeadlineSeconds")
    if deadline is not None:
        at = "spec.progressDeadlineSeconds"
        non_negative(problems, at, deadline)
        if deadline <= ready_seconds:
            problems.append(invalid_value(at, deadline, "must be greater than minReadySeconds"))
    return problems


def _check_strategy(problems: list[FieldError], path: str, strategy: Object) -> None:
    type_, rolling = strategy.get("type", ""), strategy.get("rollingUpdate")
    if type_ not in _TYPES:
        shown = internal("apps", "DeploymentStrategy", strategy)
        problems.append(not_supported(path, shown, _TYPES))
    elif type_ == "Recreate":
        if rolling is not None:
            text = "may not be specified when strategy `type` is 'Recreate'"
            problems.append(forbidden_field(f"{path}.rollingUpdate", text))
    elif rolling is None:
        text = "this should be defaulted and never be nil"
        problems.append(required(f"{path}.rollingUpdate", text))
    else:
        _check_rolling(problems, f"{path}.rollingUpdate", rolling)


def _check_rolling(problems: list[FieldError], path: str, rolling: Object) -> None:
    unavailable, surge = rolling.get("maxUnavailable", 0), rolling.get("maxSurge", 0)
    int_or_percent(problems, f"{path}.maxUnavailable", unavailable)
    int_or_percent(problems, f"{path}.maxSurge", surge)
    if is_nothing(unavailable) and is_nothing(surge):
        text = "may not be 0 when `maxSurge` is 0"
        problems.append(invalid_value(f"{path}.maxUnavailable", unavailable, text))
    not_over_100_percent(problems, f"{path}.maxUnavailable", unavailable)


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """The selector stays."""
    problems = validate(new)
    check_same_selector(problems, new, old)
    return problems


def validate_status(new: Object, old: Object) -> list[FieldError]:
    """Counts that fit each other."""
    problems: list[FieldError] = []
    status, before = new.get("status") or {}, old.get("status") or {}
    for field in _COUNTS:
        non_negative(problems, f"status.{field}", status.get(field))
    bounded_counts(problems, status, ("updatedReplicas", "readyReplicas", "availableReplicas"))
    bounded_counts(problems, status, ("availableReplicas",), "readyReplicas", "readyReplicas")
    field = "collisionCount"
    not_decremented(problems, f"status.{field}", status.get(field), before.get(field))
    return problems
