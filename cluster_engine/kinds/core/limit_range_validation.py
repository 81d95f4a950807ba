"""Problems of limit ranges.

Models: ValidateLimitRange in k8s.io/kubernetes/pkg/apis/core/validation (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.fields import (
    FieldError,
    duplicate,
    forbidden_field,
    invalid_value,
    required,
)
from cluster_engine.apimachinery.names import is_qualified_name
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.quantity import milli_value, parse_quantity, value
from cluster_engine.kinds.checks import wrong
from cluster_engine.kinds.core.resource_names import (
    can_be_overcommitted,
    container_messages,
    standard_messages,
)

_TYPES = ("Pod", "Container", "PersistentVolumeClaim")
_LISTS = ("max", "min", "default", "defaultRequest", "maxLimitRequestRatio")
_NANO = 10**9
_MILLI_MAX = (2**63 - 1) // 1000
_NOT_FOR_PODS = "may not be specified when `type` is 'Pod'"
#: Two lists, the first of which may not be more than the second: (list, what it is called,
#: list, what it is called, list whose path and amount the problem shows, list of the amount).
_ORDER = (
    ("min", "min value", "max", "max value", "min", "min"),
    ("min", "min value", "defaultRequest", "default request value", "defaultRequest", ""),
    ("defaultRequest", "default request value", "max", "max value", "defaultRequest", ""),
    (
        "defaultRequest",
        "default request value",
        "default",
        "default limit value",
        "defaultRequest",
        "",
    ),
    ("min", "min value", "default", "default value", "default", "min"),
    ("default", "default value", "max", "max value", "default", "max"),
)


def validate(obj: Object) -> list[FieldError]:
    """Bounds that are names and numbers and do not contradict each other."""
    problems: list[FieldError] = []
    seen = set()
    for position, limit in enumerate((obj.get("spec") or {}).get("limits") or ()):
        path, type_ = f"spec.limits[{position}]", limit.get("type", "")
        _check_type(problems, f"{path}.type", type_)
        if type_ in seen:
            problems.append(duplicate(f"{path}.type", type_))
        seen.add(type_)
        _check_names(problems, path, limit, type_)
        for name in dict.fromkeys(name for field in _LISTS for name in limit.get(field) or ()):
            _check_order(problems, path, limit, name)
            _check_ratio(problems, path, limit, name)
    return problems


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """Everything may change."""
    del old
    return validate(new)


def _check_type(problems: list[FieldError], path: str, type_: str) -> None:
    messages = is_qualified_name(type_)
    if not messages and "/" not in type_ and type_ not in _TYPES:
        messages = ["must be a standard limit type or fully qualified"]
    wrong(problems, path, type_, messages)


def _check_names(problems: list[FieldError], path: str, limit: Object, type_: str) -> None:
    messages_of = container_messages if type_ in ("Pod", "Container") else standard_messages
    for field in _LISTS:
        amounts = limit.get(field) or {}
        if type_ == "Pod" and field in ("default", "defaultRequest"):
            if amounts:
                problems.append(forbidden_field(f"{path}.{field}", _NOT_FOR_PODS))
            continue
        if field == "maxLimitRequestRatio" and type_ == "PersistentVolumeClaim":
            _check_storage(problems, path, limit)
        for name in amounts:
            wrong(problems, f"{path}.{field}[{name}]", name, messages_of(name))


def _check_storage(problems: list[FieldError], path: str, limit: Object) -> None:
    if "storage" not in (limit.get("min") or {}) and "storage" not in (limit.get("max") or {}):
        text = "either minimum or maximum storage value is required, but neither was provided"
        problems.append(required(f"{path}.limits", text))


def _check_order(problems: list[FieldError], path: str, limit: Object, name: str) -> None:
    for low_field, low_word, high_field, high_word, at, shown in _ORDER:
        low, high = _amount(limit, low_field, name), _amount(limit, high_field, name)
        if low is None or high is None or parse_quantity(low) <= parse_quantity(high):
            continue
        amount = _amount(limit, shown or "defaultRequest", name)
        text = f"{low_word} {low} is greater than {high_word} {high}"
        problems.append(invalid_value(f"{path}.{at}[{name}]", amount, text))


def _amount(limit: Object, field: str, name: str) -> str | None:
    if limit.get("type") == "Pod" and field.startswith("default"):
        return None
    amount: str | None = (limit.get(field) or {}).get(name)
    return amount


def _check_ratio(problems: list[FieldError], path: str, limit: Object, name: str) -> None:
    ratio = _amount(limit, "maxLimitRequestRatio", name)
    low, high = _amount(limit, "min", name), _amount(limit, "max", name)
    at = f"{path}.maxLimitRequestRatio[{name}]"
    if ratio is not None and parse_quantity(ratio).nanos < _NANO:
        problems.append(invalid_value(at, ratio, f"ratio {ratio} is less than 1"))
    if ratio is not None and low is not None and high is not None:
        given: float = value(ratio)
        bounds = value(low), value(high)
        if max(given, *bounds) < _MILLI_MAX:
            given, bounds = milli_value(ratio) / 1000, (milli_value(low), milli_value(high))
        most = bounds[1] / bounds[0] if bounds[0] else float("inf")
        if given > most:
            text = f"ratio {ratio} is greater than max/min = {most:f}"
            problems.append(invalid_value(at, ratio, text))
    usual, asked = _amount(limit, "default", name), _amount(limit, "defaultRequest", name)
    if usual is None or asked is None or can_be_overcommitted(name):
        return
    if parse_quantity(usual).nanos != parse_quantity(asked).nanos:
        text = f"default value {usual} must equal to defaultRequest value {asked} in {name}"
        problems.append(invalid_value(f"{path}.defaultRequest[{name}]", asked, text))
