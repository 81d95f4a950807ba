"""Sizes and costs that are only known to lie between two numbers.

Models: github.com/google/cel-go/checker/cost.go.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

from cluster_engine.apimachinery.cel.types import Type

#: More cannot be counted.
ENDLESS = 2**64 - 1
#: Where a value is found: a variable, then fields, "@items", "@keys" or "@values".
Path = tuple[str, ...]


class Size(NamedTuple):
    """How large a value is: characters, bytes, items or entries."""

    least: int
    most: int


ONE, UNKNOWN = Size(1, 1), Size(0, ENDLESS)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of an expression: what it costs at most, and what is known of its value."""

    cost: int
    type: Type
    size: Size | None = None
    path: Path = ()
    #: The sizes of the keys and of the values or items in it.
    entry: tuple[Size, Size] | None = None


def plus(*numbers: int) -> int:
    """The sum, as far as can be counted."""
    return min(sum(numbers), ENDLESS)


def times(one: int, other: int) -> int:
    """The product, as far as can be counted."""
    return min(one * other, ENDLESS)


def scaled(size: int, factor: float) -> int:
    """What going through so much costs, rounded up."""
    return min(math.ceil(float(size) * factor), ENDLESS)


def union(one: Size, other: Size) -> Size:
    return Size(min(one.least, other.least), max(one.most, other.most))


def together(one: Size, other: Size) -> Size:
    """Both, one after the other."""
    return Size(plus(one.least, other.least), plus(one.most, other.most))
