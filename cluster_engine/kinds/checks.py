"""Checks that validators of many kinds share. Each adds what it finds to `problems`.

Models: k8s.io/kubernetes/pkg/apis/core/validation and
k8s.io/apimachinery/pkg/apis/meta/v1/validation (v1.37.2).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cluster_engine.apimachinery.fields import (
    FieldError,
    duplicate,
    forbidden_field,
    invalid_value,
    not_supported,
    required,
    too_long,
)
from cluster_engine.apimachinery.names import (
    is_dns1123_label,
    is_dns1123_subdomain,
    is_label_key,
    is_label_value,
    is_percent,
    is_qualified_name,
    regex_message,
)
from cluster_engine.apimachinery.objects import Object

IMMUTABLE = "field is immutable"
NEGATIVE = "must be greater than or equal to 0"
NOT_POSITIVE = "must be greater than zero"
INT32_MAX = 2**31 - 1
_CONDITION_STATUSES = ("False", "True", "Unknown")
_REASON_LENGTH_MAX = 1024
_MESSAGE_LENGTH_MAX = 32 * 1024
_REASON_PATTERN = "[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?"
_REASON = re.compile(_REASON_PATTERN, re.ASCII)
_REASON_TEXT = regex_message(
    "a condition reason must start with alphabetic character, optionally followed by a string of "
    "alphanumeric characters or '_,:', and must end with an alphanumeric character or '_'",
    _REASON_PATTERN,
    "my_name",
    "MY_NAME",
    "MyName",
    "ReasonA,ReasonB",
    "ReasonA:ReasonB",
)


class Problems(list[FieldError]):
    """Problems found so far; those of declarative rules are reported after all others."""

    __slots__ = ("declared",)

    def __init__(self) -> None:
        super().__init__()
        self.declared: list[FieldError] = []

    def all(self) -> list[FieldError]:
        """Everything, in the order of the report."""
        return [*self, *self.declared] if self.declared else self


def declared(problems: list[FieldError]) -> list[FieldError]:
    """Where problems of declarative rules go."""
    return problems.declared if isinstance(problems, Problems) else problems


#: The operators of label selectors by whether they want values.
_WITH_VALUES = ("In", "NotIn")
_WITHOUT_VALUES = ("Exists", "DoesNotExist")


def wrong(problems: list[FieldError], path: str, value: Any, messages: Iterable[str]) -> None:
    """Each message says why `value` is invalid."""
    for message in messages:
        problems.append(invalid_value(path, value, message))


def require(problems: list[FieldError], obj: Object, path: str, *fields: str) -> None:
    """Fields that may not be empty."""
    for field in fields:
        if not obj.get(field):
            problems.append(required(f"{path}.{field}"))


def dns_label(problems: list[FieldError], path: str, text: str) -> None:
    """A DNS label."""
    for message in is_dns1123_label(text):
        problems.append(invalid_value(path, text, message))


def dns_subdomain(problems: list[FieldError], path: str, text: str) -> None:
    """A DNS subdomain, as most names of objects are."""
    for message in is_dns1123_subdomain(text):
        problems.append(invalid_value(path, text, message))


def required_name(
    problems: list[FieldError], path: str, text: str | None, detail: str = ""
) -> None:
    """The name of another object, which must be there."""
    if not text:
        problems.append(required(path, detail))
    else:
        dns_subdomain(problems, path, text)


def qualified_name(problems: list[FieldError], path: str, text: str) -> None:
    """A name with an optional domain before a slash."""
    for message in is_qualified_name(text):
        problems.append(invalid_value(path, text, message))


def non_negative(problems: list[FieldError], path: str, value: int | None) -> None:
    """Zero or more."""
    if value is not None and value < 0:
        problems.append(invalid_value(path, value, NEGATIVE))


def positive(problems: list[FieldError], path: str, value: int | None) -> None:
    """More than zero."""
    if value is not None and value <= 0:
        problems.append(invalid_value(path, value, NOT_POSITIVE))


def in_range(problems: list[FieldError], path: str, value: int, low: int, high: int) -> None:
    """Between two numbers, inclusive."""
    if not low <= value <= high:
        problems.append(invalid_value(path, value, f"must be between {low} and {high}, inclusive"))


def one_of(
    problems: list[FieldError],
    path: str,
    value: str | None,
    supported: Sequence[str],
    *,
    is_required: bool = False,
) -> None:
    """One of some words. An empty one is unsupported too, or reported as missing."""
    if value in supported:
        return
    if is_required and not value:
        problems.append(required(path))
    else:
        problems.append(not_supported(path, value or "", supported))


def unchanged(problems: list[FieldError], path: str, new: Any, old: Any) -> None:
    """A field that may not change. An absent one is shown as null."""
    if new != old:
        problems.append(invalid_value(path, new, IMMUTABLE))


def sealed(problems: list[FieldError], path: str, new: Any, old: Any) -> None:
    """The same as a declarative rule, which does not show the value."""
    if new != old:
        declared(problems).append(invalid_value(path, None, IMMUTABLE))


def label_name(problems: list[FieldError], path: str, name: str) -> None:
    """The key of a label."""
    for message in is_label_key(name):
        problems.append(invalid_value(path, name, message))


def labels(problems: list[FieldError], path: str, held: Mapping[str, str] | None) -> None:
    """Keys and values of labels."""
    for name, value in (held or {}).items():
        label_name(problems, path, name)
        wrong(problems, path, value, is_label_value(value))


def label_selector(
    problems: list[FieldError], path: str, selector: Object | None, *, with_values: bool = True
) -> None:
    """A label selector; `with_values` checks the values it compares with."""
    if not selector:
        return
    labels(problems, f"{path}.matchLabels", selector.get("matchLabels"))
    for position, one in enumerate(selector.get("matchExpressions") or ()):
        _expression(problems, f"{path}.matchExpressions[{position}]", one, with_values)


def _expression(problems: list[FieldError], path: str, one: Object, with_values: bool) -> None:
    operator, values = one.get("operator", ""), one.get("values") or ()
    if operator in _WITH_VALUES:
        if not values:
            text = "must be specified when `operator` is 'In' or 'NotIn'"
            problems.append(required(f"{path}.values", text))
    elif operator in _WITHOUT_VALUES:
        if values:
            text = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
            problems.append(forbidden_field(f"{path}.values", text))
    else:
        problems.append(
            invalid_value(f"{path}.operator", operator, "not a valid selector operator")
        )
    label_name(problems, f"{path}.key", one.get("key", ""))
    if with_values:
        for place, value in enumerate(values):
            wrong(problems, f"{path}.values[{place}]", value, is_label_value(value))


def annotation_names(problems: list[FieldError], path: str, held: Mapping[str, str] | None) -> None:
    """Keys of annotations, in any case."""
    for name in held or ():
        wrong(problems, path, name, is_qualified_name(name.lower()))


def int_or_percent(problems: list[FieldError], path: str, value: int | str) -> None:
    """A count, not negative, or a percentage."""
    if isinstance(value, str):
        wrong(problems, path, value, is_percent(value))
    else:
        non_negative(problems, path, value)


def percent_of(value: int | str) -> int | None:
    """The number of a percentage; None for what is none."""
    if isinstance(value, str) and not is_percent(value):
        return int(value[:-1])
    return None


def not_over_100_percent(problems: list[FieldError], path: str, value: int | str) -> None:
    """A percentage of at most all; counts have no limit."""
    if (percent_of(value) or 0) > 100:
        problems.append(invalid_value(path, value, "must not be greater than 100%"))


def is_nothing(value: int | str) -> bool:
    """Whether a count or percentage is zero, as is what is neither."""
    percent = percent_of(value)
    if percent is not None:
        return percent == 0
    if isinstance(value, str):
        return not value.lstrip("+-").isdigit() or int(value) == 0
    return value == 0


def not_decremented(
    problems: list[FieldError], path: str, new: int | None, old: int | None
) -> None:
    """A count that only grows."""
    if old is not None and (new is None or new < old):
        problems.append(invalid_value(path, new or 0, "cannot be decremented"))


def bounded_counts(
    problems: list[FieldError],
    status: Object,
    fields: Sequence[str],
    total: str = "replicas",
    total_shown: str = "status.replicas",
) -> None:
    """Counts in a status, none of which is more than their total."""
    for field in fields:
        count = status.get(field, 0)
        if count > status.get(total, 0):
            text = f"cannot be greater than {total_shown}"
            problems.append(invalid_value(f"status.{field}", count, text))


def conditions(problems: list[FieldError], path: str, held: Sequence[Object] | None) -> None:
    """Conditions as the newer kinds have them, each type once."""
    seen = set()
    for position, condition in enumerate(held or ()):
        at, type_ = f"{path}[{position}]", condition.get("type", "")
        if type_ in seen:
            problems.append(duplicate(at, type_))
        seen.add(type_)
        _condition(problems, at, condition)


def _condition(problems: list[FieldError], path: str, condition: Object) -> None:
    type_, status = condition.get("type", ""), condition.get("status", "")
    if not type_:
        problems.append(required(f"{path}.type", "is required"))
    else:
        label_name(problems, f"{path}.type", type_)
    one_of(problems, f"{path}.status", status, _CONDITION_STATUSES, is_required=True)
    generation = condition.get("observedGeneration", 0)
    if generation < 0:
        text = "must be greater than or equal to zero"
        problems.append(invalid_value(f"{path}.observedGeneration", generation, text))
    if not condition.get("lastTransitionTime"):
        problems.append(required(f"{path}.lastTransitionTime"))
    reason = condition.get("reason", "")
    if not reason:
        problems.append(required(f"{path}.reason"))
        return
    if not _REASON.fullmatch(reason):
        problems.append(invalid_value(f"{path}.reason", reason, _REASON_TEXT))
    for field, limit in (("reason", _REASON_LENGTH_MAX), ("message", _MESSAGE_LENGTH_MAX)):
        if len(condition.get(field, "").encode()) > limit:
            problems.append(too_long(f"{path}.{field}", limit))
