"""Functions on texts and lists, and optional values.

Models: github.com/google/cel-go/ext {strings,lists,sets} and
k8s.io/apiserver/pkg/cel/library {lists,regex} (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cmp_to_key
from itertools import pairwise
from typing import Any

from cluster_engine.apimachinery.cel.operators import OPERATORS, Function, matches, sized
from cluster_engine.apimachinery.cel.values import (
    NONE,
    Duration,
    EvaluationError,
    Optional,
    compare,
    equals,
    is_number,
    no_overload,
)

_RANGE_MAX = 10_000


def _texts(count: int = 1) -> Callable[[Function], Function]:
    """A function whose first arguments must be texts."""

    def wrap(function: Function) -> Function:
        def call(*arguments: Any) -> Any:
            if not all(isinstance(argument, str) for argument in arguments[:count]):
                raise no_overload()
            return function(*arguments)

        return call

    return wrap


@_texts()
def _char_at(text: str, place: int) -> str:
    if not 0 <= place <= len(text):
        raise EvaluationError(f"index out of range: {place}")
    return text[place : place + 1]


@_texts(2)
def _index_of_text(text: str, part: str, start: int = 0) -> int:
    if not 0 <= start <= len(text):
        raise EvaluationError(f"index out of range: {start}")
    return text.find(part, start)


@_texts(2)
def _last_index_of_text(text: str, part: str, end: int | None = None) -> int:
    if end is not None and not 0 <= end <= len(text):
        raise EvaluationError(f"index out of range: {end}")
    return text.rfind(part) if end is None else text.rfind(part, 0, end + len(part))


def _index_of(holder: Any, item: Any, *rest: Any) -> int:
    if not isinstance(holder, list):
        found: int = _index_of_text(holder, item, *rest)
        return found
    return next((place for place, other in enumerate(holder) if equals(item, other)), -1)


def _last_index_of(holder: Any, item: Any, *rest: Any) -> int:
    if not isinstance(holder, list):
        found: int = _last_index_of_text(holder, item, *rest)
        return found
    places = [place for place, other in enumerate(holder) if equals(item, other)]
    return places[-1] if places else -1


@_texts(3)
def _replace(text: str, old: str, new: str, count: int = -1) -> Any:
    times = text.count(old) if count < 0 else min(count, text.count(old))
    if len(text) + times * len(new) > 10_000_000:
        raise EvaluationError("operation cancelled: actual cost limit exceeded")
    return sized(text.replace(old, new, count))


@_texts(2)
def _split(text: str, separator: str, count: int = -1) -> list[str]:
    if count == 0:
        return []
    if not separator:
        return list(text) if count < 0 else [*text[: count - 1], text[count - 1 :]]
    return text.split(separator, count - 1 if count > 0 else -1)


@_texts()
def _substring(text: str, start: int, end: int | None = None) -> str:
    end = len(text) if end is None else end
    if not 0 <= start <= len(text):
        raise EvaluationError(f"index out of range: {start}")
    if end > len(text):
        raise EvaluationError(f"index out of range: {end}")
    if start > end:
        raise EvaluationError(f"invalid substring range. start: {start}, end: {end}")
    return text[start:end]


def _join(items: Any, separator: str = "") -> Any:
    if not isinstance(items, list) or not all(isinstance(item, str) for item in items):
        raise no_overload()
    return sized(separator.join(items))


def _ascii(change: Callable[[str], str]) -> Function:
    @_texts()
    def call(text: str) -> str:
        return "".join(change(sign) if sign.isascii() else sign for sign in text)

    return call


def _ordered(items: Any) -> list[Any]:
    if not isinstance(items, list):
        raise no_overload()
    return sorted(items, key=cmp_to_key(compare))


def _is_sorted(items: Any) -> bool:
    if not isinstance(items, list):
        raise no_overload()
    return all(compare(one, other) <= 0 for one, other in pairwise(items))


def _sum(items: Any) -> Any:
    if not isinstance(items, list):
        raise no_overload()
    if not items:
        return 0
    total = items[0]
    if not is_number(total) and not isinstance(total, Duration):
        raise no_overload()
    for item in items[1:]:
        total = OPERATORS["_+_"](total, item)
    return total


def _extreme(name: str, place: int) -> Function:
    def call(items: Any) -> Any:
        found = _ordered(items)
        if not found:
            raise EvaluationError(f"{name} called on empty list")
        return found[place]

    return call


def _distinct(items: Any) -> list[Any]:
    found: list[Any] = []
    for item in _list(items):
        if not any(equals(item, other) for other in found):
            found.append(item)
    return found


def _list(items: Any) -> list[Any]:
    if not isinstance(items, list):
        raise no_overload()
    if len(items) > _RANGE_MAX:
        raise EvaluationError("operation cancelled: actual cost limit exceeded")
    return items


def _slice(items: Any, start: int, end: int) -> list[Any]:
    size = len(_list(items))
    if not 0 <= start <= end <= size:
        why = f"list is length {size}"
        if start > end:
            why = "start index must be less than or equal to end index"
        raise EvaluationError(f"cannot slice({start}, {end}), {why}")
    return _list(items)[start:end]


def _flatten(items: Any) -> list[Any]:
    return [
        inner for item in _list(items) for inner in (item if isinstance(item, list) else [item])
    ]


def _range(count: Any) -> list[int]:
    if not isinstance(count, int) or count > _RANGE_MAX:
        raise EvaluationError("operation cancelled: actual cost limit exceeded")
    return list(range(count))


def _set_contains(items: Any, others: Any) -> bool:
    held = _list(items)
    return all(any(equals(item, other) for item in held) for other in _list(others))


def _set_intersects(items: Any, others: Any) -> bool:
    held = _list(items)
    return any(any(equals(item, other) for item in held) for other in _list(others))


def _or(optional: Any, other: Any) -> Any:
    if not isinstance(optional, Optional):
        raise no_overload()
    return optional if optional.has_value else other


def _or_value(optional: Any, other: Any) -> Any:
    if not isinstance(optional, Optional):
        raise no_overload()
    return optional.value if optional.has_value else other


def _value(optional: Any) -> Any:
    if isinstance(optional, Optional) and optional.has_value:
        return optional.value
    raise EvaluationError("optional.none() dereference")


def _has_value(optional: Any) -> bool:
    if not isinstance(optional, Optional):
        raise no_overload()
    return optional.has_value


def _of_non_zero(value: Any) -> Optional:
    is_zero = value is None or value is False or value in (0, 0.0, "", b"") or value in ([], {})
    return NONE if is_zero else Optional(value, True)


#: Functions that are not methods.
FUNCTIONS: Mapping[str, Function] = {
    "optional.of": lambda value: Optional(value, True),
    "optional.ofNonZeroValue": _of_non_zero,
    "optional.none": lambda: NONE,
    "lists.range": _range,
    "sets.contains": _set_contains,
    "sets.intersects": _set_intersects,
    "sets.equivalent": lambda one, other: _set_contains(one, other) and _set_contains(other, one),
}
#: Methods.
METHODS: Mapping[str, Function] = {
    "size": OPERATORS["size"],
    "contains": _texts(2)(lambda text, part: part in text),
    "endsWith": _texts(2)(lambda text, part: text.endswith(part)),
    "startsWith": _texts(2)(lambda text, part: text.startswith(part)),
    "matches": matches,
    "charAt": _char_at,
    "indexOf": _index_of,
    "lastIndexOf": _last_index_of,
    "lowerAscii": _ascii(str.lower),
    "upperAscii": _ascii(str.upper),
    "replace": _replace,
    "split": _split,
    "substring": _substring,
    "trim": _texts()(str.strip),
    "join": _join,
    "isSorted": _is_sorted,
    "sum": _sum,
    "min": _extreme("min", 0),
    "max": _extreme("max", -1),
    "distinct": _distinct,
    "reverse": lambda items: _list(items)[::-1],
    "sort": _ordered,
    "slice": _slice,
    "flatten": _flatten,
    "hasValue": _has_value,
    "value": _value,
    "or": _or,
    "orValue": _or_value,
}
