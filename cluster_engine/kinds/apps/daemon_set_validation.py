"""Problems of daemon sets.

Models: ValidateDaemonSet in k8s.io/kubernetes/pkg/apis/apps/validation (v1.37.2).
"""

from __future__ import annotations

from contextlib import suppress

from cluster_engine.apimachinery.fields import (
    FieldError,
    invalid_value,
    not_supported,
    required,
)
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.selectors import SelectorError, from_label_selector
from cluster_engine.kinds.apps.pod_templates import (
    check_labels,
    check_not_empty,
    check_runs_on,
    check_same_selector,
)
from cluster_engine.kinds.checks import (
    int_or_percent,
    is_nothing,
    label_selector,
    non_negative,
    not_decremented,
    not_over_100_percent,
)
from cluster_engine.kinds.core.pod.template import check_template
from cluster_engine.kinds.internal import internal

_TYPES = ("RollingUpdate", "OnDelete")
_COUNTS = (
    "currentNumberScheduled",
    "numberMisscheduled",
    "desiredNumberScheduled",
    "numberReady",
    "observedGeneration",
    "updatedNumberScheduled",
    "numberAvailable",
    "numberUnavailable",
    "collisionCount",
)


def validate(obj: Object) -> list[FieldError]:
    """Problems of a daemon set."""
    problems: list[FieldError] = []
    spec = obj.get("spec") or {}
    selector, template = spec.get("selector"), spec.get("template") or {}
    label_selector(problems, "spec.selector", selector)
    with suppress(SelectorError):  # Its own problems are said already.
        check_labels(problems, template, from_label_selector(selector))
    if selector is not None:
        check_not_empty(problems, selector, "daemonset")
    check_template(problems, "spec.template", template)
    check_runs_on(problems, template, "DaemonSet")
    non_negative(problems, "spec.minReadySeconds", spec.get("minReadySeconds"))
    _check_strategy(problems, "spec.updateStrategy", spec.get("updateStrategy") or {})
    non_negative(problems, "spec.revisionHistoryLimit", spec.get("revisionHistoryLimit"))
    return problems


def _check_strategy(problems: list[FieldError], path: str, strategy: Object) -> None:
    type_, rolling = strategy.get("type", ""), strategy.get("rollingUpdate")
    if type_ not in _TYPES:
        shown = internal("apps", "DaemonSetUpdateStrategy", strategy)
        problems.append(not_supported(path, shown, _TYPES))
    elif type_ == "RollingUpdate" and rolling is None:
        problems.append(required(f"{path}.rollingUpdate"))
    elif type_ == "RollingUpdate" and rolling is not None:
        _check_rolling(problems, f"{path}.rollingUpdate", rolling)


def _check_rolling(problems: list[FieldError], path: str, rolling: Object) -> None:
    values = [(f"{path}.{name}", rolling.get(name, 0)) for name in ("maxUnavailable", "maxSurge")]
    for check in (int_or_percent, not_over_100_percent):
        for at, value in values:
            check(problems, at, value)
    has_unavailable, has_surge = (not is_nothing(value) for _, value in values)
    if has_unavailable and has_surge:
        text = "may not be set when maxUnavailable is non-zero"
        problems.append(invalid_value(f"{path}.maxSurge", values[1][1], text))
    if not has_unavailable and not has_surge:
        text = "cannot be 0 when maxSurge is 0"
        problems.append(required(f"{path}.maxUnavailable", text))


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """The selector stays."""
    problems: list[FieldError] = []
    check_same_selector(problems, new, old)
    return problems + validate(new)


def validate_status(new: Object, old: Object) -> list[FieldError]:
    """Counts."""
    problems: list[FieldError] = []
    status, before = new.get("status") or {}, old.get("status") or {}
    for field in _COUNTS:
        non_negative(problems, f"status.{field}", status.get(field))
    field = "collisionCount"
    not_decremented(problems, f"status.{field}", status.get(field), before.get(field))
    return problems
