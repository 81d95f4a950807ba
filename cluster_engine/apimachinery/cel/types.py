"""Types of expressions, and which fit where.

A type is written as errors show it: "list(int)", "map(string, dyn)", "A" for one that a function
leaves open.

Models: k8s.io/apiserver/pkg/cel (v0.37.2) and github.com/google/cel-go/common/types.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Type:
    """`name` with its parameters. Objects have `fields`: the type of each, made when asked for."""

    name: str
    parameters: tuple[Type, ...] = ()
    fields: Callable[[], Mapping[str, Type]] | None = field(default=None, compare=False)

    def __str__(self) -> str:
        if not self.parameters:
            return "dyn" if self.name == "_" else self.name
        return f"{self.name}({', '.join(map(str, self.parameters))})"

    @property
    def is_open(self) -> bool:
        """Whether it stands for any type that a function is used with."""
        return len(self.name) == 1


#: Gives the fields of objects that expressions may make of a named type; None: no such type.
Structs = Callable[[str], Mapping[str, "Type"] | None]

DYN, ERROR, NULL = Type("dyn"), Type("*error*"), Type("null_type")
BOOL, INT, UINT, DOUBLE = Type("bool"), Type("int"), Type("uint"), Type("double")
STRING, BYTES, TYPE = Type("string"), Type("bytes"), Type("type")
TIMESTAMP, DURATION = Type("timestamp"), Type("duration")
#: What an empty list or map holds, until more is known.
VAGUE = Type("_")
#: Types that null does not fit.
_NOT_NULLABLE = ("bool", "int", "uint", "double", "string", "bytes", "type", "list", "map")


def list_of(item: Type) -> Type:
    return Type("list", (item,))


def map_of(key: Type, value: Type) -> Type:
    return Type("map", (key, value))


def optional_of(inner: Type) -> Type:
    return Type("optional_type", (inner,))


def object_type(name: str, fields: Callable[[], Mapping[str, Type]]) -> Type:
    """The type of objects with those fields."""
    return Type(name, (), fields)


def parse_type(text: str) -> Type:
    """A type as it is written."""
    name, paren, rest = text.partition("(")
    if not paren:
        return Type(name.strip())
    parameters, depth, start = [], 0, 0
    inner = rest[:-1]
    for place, sign in enumerate(inner):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == "," and not depth:
            parameters.append(parse_type(inner[start:place].strip()))
            start = place + 1
    parameters.append(parse_type(inner[start:].strip()))
    return Type(name.strip(), tuple(parameters))


Bindings = dict[str, Type]


def fits(wanted: Type, given: Type, open_types: Bindings) -> bool:
    """Whether a value of `given` may stand where `wanted` is; fills in open types."""
    if given in (DYN, ERROR, VAGUE) or wanted in (DYN, ERROR, VAGUE):
        return True
    if wanted.is_open:
        held = open_types.get(wanted.name)
        if held is None or held in (DYN, VAGUE):
            open_types[wanted.name] = given
            return True
        if fits(held, given, open_types):
            return True
        return fits(given, held, open_types)
    if NULL in (given, wanted) and given != wanted:
        return (wanted if given == NULL else given).name not in _NOT_NULLABLE
    if wanted.name != given.name or len(wanted.parameters) != len(given.parameters):
        return False
    pairs = zip(wanted.parameters, given.parameters, strict=True)
    return all(fits(one, other, open_types) for one, other in pairs)


def filled_in(type_: Type, open_types: Bindings) -> Type:
    """The type with what is known about open ones; the rest may be anything."""
    if type_.is_open:
        return open_types.get(type_.name, DYN)
    if not type_.parameters:
        return type_
    return Type(
        type_.name, tuple(filled_in(one, open_types) for one in type_.parameters), type_.fields
    )


def joined(one: Type, other: Type) -> Type:
    """A type for both."""
    if one == other:
        return one
    if is_vague(one) and fits(one, other, {}):
        return other
    if is_vague(other) and fits(other, one, {}):
        return one
    if fits(one, other, {}):
        return DYN if other == DYN else one
    return other if fits(other, one, {}) else DYN


def is_vague(type_: Type) -> bool:
    """Whether it says too little because something in it is empty."""
    return type_ == VAGUE or any(is_vague(one) for one in type_.parameters)


def told(type_: Type) -> str:
    """The type as problems found before an expression runs name it."""
    name = {"null_type": "null", "_": "dyn", "*error*": "!error!"}.get(type_.name, type_.name)
    return f"{name}({', '.join(map(told, type_.parameters))})" if type_.parameters else name
