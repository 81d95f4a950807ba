"""A regular expression as a tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from cluster_engine.shell.commands.regex.characters import Characters

#: A longer row is no longer fast with an engine that tries each place.
_PLAIN_PARTS_MAX = 64
#: The mirror image of each assertion, for reading backwards.
_MIRRORED = {"^": "$", "$": "^", "<": ">", ">": "<", "b": "b", "B": "B", "(": ")", ")": "("}


@dataclass(frozen=True, slots=True)
class Accept:
    """One character of a set."""

    characters: Characters


@dataclass(frozen=True, slots=True)
class Assertion:
    """A place: "^" and "$" the ends, "b" and "B" a word's edge or none, "<" and ">" its start
    and end, "(" not after a word's character, ")" not before one."""

    kind: str


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after the other; empty: nothing."""

    nodes: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several, the first preferred."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """Between `least` and `most` times (None: any number)."""

    node: Node
    least: int
    most: int | None
    is_greedy: bool = True


@dataclass(frozen=True, slots=True)
class Group:
    """What `number` names afterwards."""

    node: Node
    number: int


@dataclass(frozen=True, slots=True)
class Backreference:
    """What a group matched, once more."""

    number: int
    ignores_case: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """What must (or must not) stand ahead or behind, without taking it."""

    node: Node
    is_ahead: bool
    is_negated: bool


@dataclass(frozen=True, slots=True)
class Keep:
    r"""Perl's \K: the match begins here."""


Node: TypeAlias = (
    Accept | Assertion | Sequence | Choice | Repeat | Group | Backreference | Look | Keep
)


def mirrored(node: Node) -> Node:
    """The expression that matches the same texts read backwards."""
    if isinstance(node, Sequence):
        return Sequence(tuple(mirrored(part) for part in reversed(node.nodes)))
    if isinstance(node, Choice):
        return Choice(tuple(mirrored(part) for part in node.nodes))
    if isinstance(node, Repeat | Group):
        return replace(node, node=mirrored(node.node))
    if isinstance(node, Assertion):
        return Assertion(_MIRRORED[node.kind])
    return node


def walk(node: Node) -> Iterator[Node]:
    """The node and all below it."""
    yield node
    if isinstance(node, Sequence | Choice):
        for part in node.nodes:
            yield from walk(part)
    elif isinstance(node, Repeat | Group | Look):
        yield from walk(node.node)


def literal(node: Node) -> str:
    """The longest text that every match is sure to contain, "" when there is none."""
    parts = node.nodes if isinstance(node, Sequence) else (node,)
    best = current = ""
    for part in parts:
        letter = part.characters.only if isinstance(part, Accept) else ""
        current += letter
        if not letter and not isinstance(part, Assertion):
            current = ""
            if isinstance(part, Group | Repeat) and (isinstance(part, Group) or part.least):
                inner = literal(part.node)
                best = inner if len(inner) > len(best) else best
        best = current if len(current) > len(best) else best
    return best


def is_plain(node: Node) -> bool:
    """Whether it is a row of character sets and ends only: any engine is fast with it."""
    parts = node.nodes if isinstance(node, Sequence) else (node,)
    return len(parts) <= _PLAIN_PARTS_MAX and all(
        isinstance(part, Accept) or (isinstance(part, Assertion) and part.kind in "^$")
        for part in parts
    )
