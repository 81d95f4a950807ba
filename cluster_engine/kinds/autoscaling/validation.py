"""Problems of autoscalers.

Models: ValidateHorizontalPodAutoscaler in k8s.io/kubernetes/pkg/apis/autoscaling/validation and
validationOptionsForHorizontalPodAutoscaler in
pkg/registry/autoscaling/horizontalpodautoscaler (v1.37.2).
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
from cluster_engine.apimachinery.quantity import parse_quantity
from cluster_engine.kinds.autoscaling.metrics_validation import check_metric
from cluster_engine.kinds.autoscaling.references import (
    ANY,
    BARE,
    GROUPED,
    check_reference,
    version_problem,
)
from cluster_engine.kinds.checks import (
    NEGATIVE,
    NOT_POSITIVE,
    Problems,
    declared,
    non_negative,
)

_WINDOW_SECONDS_MAX = 3600
_PERIOD_SECONDS_MAX = 1800
_CHOICES = ("Disabled", "Max", "Min")
_POLICY_TYPES = ("Percent", "Pods")


def validate(obj: Object) -> list[FieldError]:
    """Problems of a new autoscaler."""
    problems = Problems()
    spec = obj.get("spec") or {}
    _check_spec(problems, spec, _versions_for(spec), BARE)
    return problems.all()


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """Problems of a change; a target that was accepted once stays accepted."""
    problems = Problems()
    spec, before = new.get("spec") or {}, old.get("spec") or {}
    after, held = spec.get("scaleTargetRef") or {}, before.get("scaleTargetRef") or {}
    is_same = all(after.get(field) == held.get(field) for field in ("apiVersion", "kind"))
    was_wrong = any(_has_wrong_object(metric) for metric in before.get("metrics") or ())
    targets = ANY if is_same else _versions_for(spec)
    _check_spec(problems, spec, targets, ANY if was_wrong else BARE)
    return problems.all()


def _versions_for(spec: Object) -> str:
    kind = (spec.get("scaleTargetRef") or {}).get("kind")
    return BARE if kind == "ReplicationController" else GROUPED


def _has_wrong_object(metric: Object) -> bool:
    if metric.get("type") != "Object" or metric.get("object") is None:
        return False
    reference = metric["object"].get("describedObject") or {}
    return bool(version_problem(reference.get("apiVersion", ""), BARE))


def _check_spec(problems: Problems, spec: Object, targets: str, described: str) -> None:
    low, high = spec.get("minReplicas"), spec.get("maxReplicas", 0)
    non_negative(declared(problems), "spec.minReplicas", low)
    if high == 0:
        declared(problems).append(required("spec.maxReplicas"))
    elif high < 0:
        text = "must be greater than or equal to 1"
        declared(problems).append(invalid_value("spec.maxReplicas", high, text))
    if low is not None and high < low:
        text = "must be greater than or equal to `minReplicas`"
        problems.append(invalid_value("spec.maxReplicas", high, text))
    check_reference(problems, "spec.scaleTargetRef", spec.get("scaleTargetRef") or {}, targets)
    metrics = spec.get("metrics") or ()
    for position, metric in enumerate(metrics):
        check_metric(problems, f"spec.metrics[{position}]", metric, described)
    if low == 0 and not any(metric.get("type") in ("Object", "External") for metric in metrics):
        text = (
            "must specify at least one Object or External metric to support scaling to zero "
            "replicas"
        )
        problems.append(forbidden_field("spec.metrics", text))
    behavior = spec.get("behavior") or {}
    for field in ("scaleUp", "scaleDown"):
        if behavior.get(field) is not None:
            _check_rules(problems, f"spec.behavior.{field}", behavior[field])


def _check_rules(problems: list[FieldError], path: str, rules: Object) -> None:
    window, choice = rules.get("stabilizationWindowSeconds"), rules.get("selectPolicy")
    at = f"{path}.stabilizationWindowSeconds"
    if window is not None and window < 0:
        problems.append(invalid_value(at, window, "must be greater than or equal to zero"))
    if window is not None and window > _WINDOW_SECONDS_MAX:
        text = f"must be less than or equal to {_WINDOW_SECONDS_MAX}"
        problems.append(invalid_value(at, window, text))
    if choice is not None and choice not in _CHOICES:
        problems.append(not_supported(f"{path}.selectPolicy", choice, _CHOICES))
    policies = rules.get("policies") or ()
    if not policies:
        problems.append(required(f"{path}.policies", "must specify at least one Policy"))
    for position, policy in enumerate(policies):
        _check_policy(problems, f"{path}.policies[{position}]", policy)
    tolerance = rules.get("tolerance")
    if tolerance is not None and parse_quantity(tolerance).nanos < 0:
        problems.append(invalid_value(f"{path}.tolerance", tolerance, NEGATIVE))


def _check_policy(problems: list[FieldError], path: str, policy: Object) -> None:
    if policy.get("type") not in _POLICY_TYPES:
        type_ = policy.get("type", "")
        problems.append(not_supported(f"{path}.type", type_, _POLICY_TYPES))
    for field in ("value", "periodSeconds"):
        if policy.get(field, 0) <= 0:
            problems.append(invalid_value(f"{path}.{field}", policy.get(field, 0), NOT_POSITIVE))
    if policy.get("periodSeconds", 0) > _PERIOD_SECONDS_MAX:
        text = f"must be less than or equal to {_PERIOD_SECONDS_MAX}"
        problems.append(invalid_value(f"{path}.periodSeconds", policy["periodSeconds"], text))


def validate_status(new: Object, old: Object) -> list[FieldError]:
    """Counts."""
    del old
    problems: list[FieldError] = []
    status = new.get("status") or {}
    for position, condition in enumerate(status.get("conditions") or ()):
        at = f"status.conditions[{position}].observedGeneration"
        non_negative(problems, at, condition.get("observedGeneration"))
    for field in ("currentReplicas", "desiredReplicas"):
        non_negative(problems, f"status.{field}", status.get(field))
    return problems
