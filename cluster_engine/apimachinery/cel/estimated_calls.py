"""What calling a function may cost beside its arguments, and how large its result is.

Models: github.com/google/cel-go/checker/cost.go functionCost and
k8s.io/apiserver/pkg/cel/library/cost.go (v0.37.2).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from cluster_engine.apimachinery.cel.estimated_sizes import (
    ENDLESS,
    UNKNOWN,
    Part,
    Path,
    Size,
    plus,
    scaled,
    times,
    together,
)

SizeOf = Callable[[Path], int | None]
_TRAVERSAL, _EXPRESSION = 0.1, 0.25
_TEXTS = ("string", "bytes", "dyn")
_CHECK = 350_000
_FORMAT = 16
_ADDRESS = 16
_COMPARISONS = ("_<_", "_<=_", "_>_", "_>=_")
_THROUGH_LIST = ("isSorted", "sum", "max", "min", "indexOf", "lastIndexOf")
_THROUGH_TEXT = ("lowerAscii", "upperAscii", "substring", "trim")


class Estimate(NamedTuple):
    """The cost, and the size of the result where the function tells it."""

    cost: int
    size: Size | None = None


_SIMPLE = Estimate(1)


def call_estimate(
    function: str, target: Part | None, arguments: Sequence[Part], size_of: SizeOf
) -> Estimate:
    """The estimate for one call; `target` is what a method is called on."""
    if target is None:
        estimate = _PLAIN.get(function)
        return _SIMPLE if estimate is None else estimate(arguments)
    if function in _THROUGH_LIST:
        return _through(target, size_of)
    if function == "join":
        return _join(target, arguments, size_of)
    method = _METHODS.get(function)
    return _SIMPLE if method is None else method(target, arguments)


def _size(part: Part) -> Size:
    return part.size or UNKNOWN


def _read(part: Part) -> int:
    """What going through its text costs."""
    return scaled(_size(part).most, _TRAVERSAL)


def _through(target: Part, size_of: SizeOf) -> Estimate:
    if not target.type.parameters:
        return Estimate(_read(target))
    item = 1
    if target.type.parameters[0].name in ("string", "bytes"):
        item = plus(1, scaled(_item_size(target, size_of).most, _TRAVERSAL))
    return Estimate(times(_size(target).most, item))


def _item_size(target: Part, size_of: SizeOf) -> Size:
    known = size_of((*target.path, "@items")) if target.path else None
    return UNKNOWN if known is None else Size(0, known)


def _join(target: Part, arguments: Sequence[Part], size_of: SizeOf) -> Estimate:
    count = _size(target)
    item = _item_size(target, size_of) if target.type.parameters else Size(0, 0)
    size = Size(times(count.least, item.least), times(count.most, item.most))
    if arguments:
        between = _size(arguments[0])
        least, most = max(count.least - 1, 0), max(count.most - 1, 0)
        added = Size(times(between.least, least), times(between.most, most))
        size = together(size, added)
    return Estimate(scaled(size.most, _TRAVERSAL), size)


def _transformed(target: Part, arguments: Sequence[Part]) -> Estimate:
    return Estimate(_read(target), _size(target))


def _replace(target: Part, arguments: Sequence[Part]) -> Estimate:
    size, cost = _size(target), scaled(_size(target).most, 2 * _TRAVERSAL)
    if len(arguments) < 2:
        return Estimate(cost)
    old, new = _size(arguments[0]), _size(arguments[1])
    if not old.least:
        most_times, kept_most = min(size.most + 1, ENDLESS), size.most
    elif new.most <= old.least:
        most_times, kept_most = 0, size.most
    else:
        most_times, kept_most = math.ceil(size.most / old.least), 0
    if not old.most:
        least_times, kept_least = min(size.least + 1, ENDLESS), size.least
    elif old.most <= new.least:
        least_times, kept_least = 0, size.least
    else:
        least_times, kept_least = math.ceil(size.least / old.most), 0
    result = Size(
        plus(times(least_times, new.least), kept_least),
        plus(times(most_times, new.most), kept_most),
    )
    return Estimate(cost, result)


def _split(target: Part, arguments: Sequence[Part]) -> Estimate:
    most = _size(target).most
    return Estimate(scaled(most, 2 * _TRAVERSAL), Size(0, most))


def _find(target: Part, arguments: Sequence[Part]) -> Estimate:
    return Estimate(_matches(target, arguments).cost, Size(0, _size(target).most))


def _matches(target: Part, arguments: Sequence[Part]) -> Estimate:
    text = scaled(plus(_size(target).most, 1), _TRAVERSAL)
    return Estimate(times(text, scaled(_size(arguments[0]).most, _EXPRESSION)))


def _contains(target: Part, arguments: Sequence[Part]) -> Estimate:
    return Estimate(times(_read(target), _read(arguments[0])))


def _begins(target: Part, arguments: Sequence[Part]) -> Estimate:
    return Estimate(_read(arguments[0]))


def _validated(target: Part, arguments: Sequence[Part]) -> Estimate:
    return Estimate(times(_read(arguments[0]), _FORMAT))


def _contains_address(target: Part, arguments: Sequence[Part]) -> Estimate:
    return Estimate(plus(scaled(2 * _ADDRESS, _TRAVERSAL), _parsed(arguments[0])))


def _contains_network(target: Part, arguments: Sequence[Part]) -> Estimate:
    own = plus(scaled(2 * _ADDRESS, _TRAVERSAL), scaled(_ADDRESS, _TRAVERSAL), 1)
    return Estimate(plus(own, _parsed(arguments[0])))


def _parsed(part: Part) -> int:
    return _read(part) if part.type.name in ("string", "dyn") else 0


def _formatted(target: Part, arguments: Sequence[Part]) -> Estimate:
    return Estimate(_read(target))


def _checked(target: Part, arguments: Sequence[Part]) -> Estimate:
    return Estimate(_CHECK)


def _sum(arguments: Sequence[Part]) -> Estimate:
    if len(arguments) != 2:
        return _SIMPLE
    names = {part.type.name for part in arguments}
    size = together(_size(arguments[0]), _size(arguments[1]))
    if names & {"string", "bytes"} or names == {"dyn"}:
        return Estimate(max(scaled(size.most, _TRAVERSAL), 1), size)
    return Estimate(1, size) if "list" in names else _SIMPLE


def _compared(arguments: Sequence[Part]) -> Estimate:
    if not all(part.type.name in _TEXTS for part in arguments):
        return _SIMPLE
    cost = _equal(arguments).cost
    is_open = all(part.type.name == "dyn" for part in arguments)
    return Estimate(max(cost, 1)) if is_open else Estimate(cost)


def _equal(arguments: Sequence[Part]) -> Estimate:
    return Estimate(scaled(min(_size(part).most for part in arguments), _TRAVERSAL))


def _in(arguments: Sequence[Part]) -> Estimate:
    if arguments[1].type.name == "map":
        return _SIMPLE
    return Estimate(_size(arguments[1]).most)


def _bytes(arguments: Sequence[Part]) -> Estimate:
    if arguments[0].type.name not in ("string", "dyn"):
        return _SIMPLE
    size = _size(arguments[0])
    return Estimate(_read(arguments[0]), Size(size.least, times(size.most, 4)))


def _string(arguments: Sequence[Part]) -> Estimate:
    if arguments[0].type.name not in ("bytes", "dyn"):
        return _SIMPLE
    size = _size(arguments[0])
    return Estimate(_read(arguments[0]), Size(size.least // 4, size.most))


def _quoted(arguments: Sequence[Part]) -> Estimate:
    size = _size(arguments[0])
    most = plus(times(size.most, 2), 2)
    return Estimate(_read(arguments[0]), Size(plus(size.least, 2), most))


def _sets(factor: int) -> Callable[[Sequence[Part]], Estimate]:
    def estimate(arguments: Sequence[Part]) -> Estimate:
        both = times(_size(arguments[0]).most, _size(arguments[1]).most)
        return Estimate(plus(times(both, factor), 1))

    return estimate


_PLAIN: Mapping[str, Callable[[Sequence[Part]], Estimate]] = {
    "_+_": _sum,
    "_==_": _equal,
    "_!=_": _equal,
    **dict.fromkeys(_COMPARISONS, _compared),
    "@in": _in,
    "bytes": _bytes,
    "string": _string,
    "strings.quote": _quoted,
    "url": lambda arguments: Estimate(_read(arguments[0])),
    "sets.contains": _sets(1),
    "sets.intersects": _sets(1),
    "sets.equivalent": _sets(2),
}
_METHODS: Mapping[str, Callable[[Part, Sequence[Part]], Estimate]] = {
    **dict.fromkeys(_THROUGH_TEXT, _transformed),
    "check": _checked,
    "replace": _replace,
    "split": _split,
    "find": _find,
    "findAll": _find,
    "matches": _matches,
    "contains": _contains,
    "startsWith": _begins,
    "endsWith": _begins,
    "validate": _validated,
    "containsIP": _contains_address,
    "containsCIDR": _contains_network,
    "format": _formatted,
}
