"""The parts of a parsed expression."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant; `kind` is int, uint, double, string, bytes, bool or null."""

    place: int
    kind: str
    value: Any


@dataclass(frozen=True, slots=True)
class Name:
    """A variable."""

    place: int
    name: str


@dataclass(frozen=True, slots=True)
class Select:
    """`operand.field`; of `has` only whether it is there; with "?" an optional."""

    place: int
    operand: Node
    field: str
    is_test: bool = False
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Call:
    """A function, operator or method (with `target`)."""

    place: int
    function: str
    arguments: tuple[Node, ...]
    target: Node | None = None


@dataclass(frozen=True, slots=True)
class Items:
    """A list; the places in `optional` are left out when they are empty."""

    place: int
    items: tuple[Node, ...]
    optional: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Entries:
    """A map."""

    place: int
    entries: tuple[tuple[Node, Node], ...]
    optional: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Struct:
    """An object of a type: `Object.spec{replicas: 1}`."""

    place: int
    name: str
    fields: tuple[tuple[str, Node, int], ...]
    optional: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Macro:
    """all, exists, exists_one, map, filter and their likes over `range`."""

    place: int
    function: str
    range: Node
    variables: tuple[str, ...]
    #: The condition or filter; then what is made of each item.
    bodies: tuple[Node, ...]


Node = Literal | Name | Select | Call | Items | Entries | Struct | Macro
