"""Which amounts of a shared capacity may be asked for.

Models: validateRequestPolicy and what it calls in k8s.io/kubernetes/pkg/apis/resource/validation
(v1.37.2).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from cluster_engine.apimachinery.fields import (
    FieldError,
    duplicate,
    forbidden_field,
    invalid_value,
    required,
    too_many,
)
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.quantity import Quantity, parse_quantity
from cluster_engine.kinds.checks import NOT_POSITIVE

_OPTIONS_MAX = 10
_MILLI = 10**6
_NANO = 10**9
_INT64_MAX = 2**63 - 1


def check_request_policy(
    problems: list[FieldError], path: str, capacity: str, policy: Object
) -> None:
    """A list of amounts or a range of them, with a default among them."""
    options, range_ = policy.get("validValues"), policy.get("validRange")
    if options and range_ is not None:
        text = (
            'exactly one policy can be specified, cannot specify "validValues" and "validRange" at '
            "the same time"
        )
        problems.append(forbidden_field(path, text))
        return
    if not options and range_ is None:
        return
    field = "validValues" if options else "validRange"
    if policy.get("default") is None:
        problems.append(required(f"{path}.default", f"required when {field} is defined"))
        return
    default, limit = parse_quantity(policy["default"]), parse_quantity(capacity)
    if options:
        amounts = [parse_quantity(option) for option in options]
        _check_options(problems, f"{path}.{field}", amounts, default, limit)
    elif range_ is not None:
        _check_range(problems, f"{path}.{field}", range_, default, limit)


def _check_options(
    problems: list[FieldError],
    path: str,
    options: Sequence[Quantity],
    default: Quantity,
    limit: Quantity,
) -> None:
    for position, (before, after) in enumerate(pairwise(options), start=1):
        if before > after:
            text = "values must be sorted in ascending order"
            problems.append(invalid_value(f"{path}[{position}]", str(after), text))
    if len(options) > _OPTIONS_MAX:
        problems.append(too_many(path, len(options), _OPTIONS_MAX))
        has_default = False
    else:
        for position, option in enumerate(options):
            if option > limit:
                text = f"option is larger than capacity value: {limit}"
                problems.append(invalid_value(f"{path}[{position}]", str(option), text))
        for position, option in enumerate(options):
            if option in options[:position]:
                problems.append(duplicate(f"{path}[{position}]", _decimal(option)))
        has_default = default in options
    if not has_default:
        text = "default value is not valid according to the requestPolicy"
        problems.append(invalid_value(path, str(default), text))


def _decimal(amount: Quantity) -> str:
    """The plain decimal number."""
    whole, fraction = divmod(abs(amount.nanos), _NANO)
    sign = "-" if amount.nanos < 0 else ""
    digits = f"{fraction:09d}".rstrip("0")
    return f"{sign}{whole}.{digits}" if digits else f"{sign}{whole}"


def _check_range(
    problems: list[FieldError], path: str, range_: Object, default: Quantity, limit: Quantity
) -> None:
    if range_.get("min") is None:
        problems.append(required(f"{path}.min", "required when validRange is defined"))
        return
    low = parse_quantity(range_["min"])
    high, step = (
        parse_quantity(range_[field]) if range_.get(field) is not None else None
        for field in ("max", "step")
    )
    _check_bounds(problems, path, low, high, default, limit)
    named = [("default", default), ("min", low), ("max", high), ("step", step)]
    amounts = [(name, amount) for name, amount in named if amount is not None]
    is_fractional = any(amount.nanos % _NANO for _, amount in amounts)
    if is_fractional:
        too_fine = [(name, amount) for name, amount in amounts if amount.nanos % _MILLI]
        text = "value cannot be represented as a milli value"
        for name, amount in too_fine:
            problems.append(invalid_value(f"{path}.{name}", str(amount), text))
        if too_fine:
            return
    if step is None:
        return
    if step.nanos <= 0:
        problems.append(invalid_value(f"{path}.step", str(step), NOT_POSITIVE))
        return
    if low + step > limit:
        text = f"one step {low + step} is larger than capacity value: {limit}"
        problems.append(invalid_value(f"{path}.step", str(step), text))
    if not is_fractional and _check_int64(problems, path, amounts):
        return
    for name, amount in amounts:
        if name in ("default", "max") and (amount.nanos - low.nanos) % step.nanos:
            text = f"value is not a multiple of a given step ({step}) from ({low})"
            problems.append(invalid_value(f"{path}.step", str(amount), text))


def _check_bounds(
    problems: list[FieldError],
    path: str,
    low: Quantity,
    high: Quantity | None,
    default: Quantity,
    limit: Quantity,
) -> None:
    found: list[tuple[bool, str, Quantity, str]] = [
        (low > limit, "min", low, f"min is larger than capacity value: {limit}"),
        (default < low, "default", default, f"default is less than min: {low}"),
    ]
    if high is not None:
        found += [
            (low > high, "max", low, f"min is larger than max: {high}"),
            (high > limit, "max", high, f"max is larger than capacity value: {limit}"),
            (default > high, "default", default, f"default is more than max: {high}"),
        ]
    for is_wrong, field, amount, text in found:
        if is_wrong:
            problems.append(invalid_value(f"{path}.{field}", str(amount), text))


def _check_int64(
    problems: list[FieldError], path: str, amounts: Sequence[tuple[str, Quantity]]
) -> bool:
    """Whether one of them is no number of 64 bits."""
    found = []
    for name, amount in amounts:
        if amount.nanos < 0:
            text = "must be greater than or equal to 0"
        elif amount.nanos > _INT64_MAX * _NANO:
            text = f"must not be larger than {_INT64_MAX}"
        else:
            continue
        found.append(invalid_value(f"{path}.{name}", str(amount), text))
    problems.extend(found)
    return bool(found)
