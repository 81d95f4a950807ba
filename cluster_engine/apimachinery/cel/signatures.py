"""What functions take and give, for checking expressions before they run.

Models: github.com/google/cel-go (standard, strings, lists, sets, optional types) and
k8s.io/apiserver/pkg/cel/library (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from cluster_engine.apimachinery.cel.types import Type, parse_type

#: Operators that order two values, for the types that have an order.
_ORDERED = ("bool", "int", "uint", "double", "string", "bytes", "timestamp", "duration")
_NUMBERS = ("int", "uint", "double")
_NAMESPACES = ("optional.", "sets.", "strings.", "lists.", "ip.", "format.", "jsonpatch.")


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a function; a method's target is the first parameter."""

    parameters: tuple[Type, ...]
    result: Type
    is_method: bool = False


@cache
def signatures() -> Mapping[str, tuple[Signature, ...]]:
    """All ways to call each function, by name."""
    found: dict[str, list[Signature]] = {}
    text = files("cluster_engine.apimachinery.cel").joinpath("signatures.txt").read_text("utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            name, signature = _read(line)
            found.setdefault(name, []).append(signature)
    for sign in ("<", "<=", ">", ">="):
        pairs = [(name, name) for name in _ORDERED]
        pairs += [(a, b) for a in _NUMBERS for b in _NUMBERS if a != b]
        found[f"_{sign}_"] = [
            Signature((Type(one), Type(other)), Type("bool")) for one, other in pairs
        ]
    return {name: tuple(ways) for name, ways in found.items()}


def _read(line: str) -> tuple[str, Signature]:
    """`string.size() int` is a method; `optional.of(A) …` a function in a name space."""
    head, result = _split_result(line)
    start = _arguments_start(head)
    name, inner = head[:start], head[start + 1 : -1]
    parameters = parse_type(f"x({inner})").parameters if inner else ()
    target, dot, method = name.rpartition(".")
    if dot and not name.startswith(_NAMESPACES) and not name.startswith(("_", "@")):
        return method, Signature((parse_type(target), *parameters), parse_type(result), True)
    return name, Signature(parameters, parse_type(result))


def _split_result(line: str) -> tuple[str, str]:
    """The call and what it gives: the result begins after the last top-level parenthesis."""
    depth = 0
    for place, sign in enumerate(line):
        depth += {"(": 1, ")": -1}.get(sign, 0)
        if sign == ")" and not depth and line[place + 1 : place + 2] == " ":
            return line[: place + 1], line[place + 2 :]
    raise ValueError(f"no signature: {line}")


def _arguments_start(head: str) -> int:
    """Where the arguments begin: at the parenthesis that the last one closes."""
    depth = 0
    for place in range(len(head) - 1, -1, -1):
        depth += {")": 1, "(": -1}.get(head[place], 0)
        if not depth:
            return place
    raise ValueError(f"no signature: {head}")
