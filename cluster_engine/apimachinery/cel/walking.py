"""Going through all parts of an expression."""

from __future__ import annotations

from collections.abc import Iterator

from cluster_engine.apimachinery.cel.nodes import (
    Call,
    Entries,
    Items,
    Macro,
    Node,
    Select,
    Struct,
)


def walk(node: Node) -> Iterator[Node]:
    """The expression and everything in it."""
    yield node
    for part in _parts(node):
        yield from walk(part)


def _parts(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Select):
        return (node.operand,)
    if isinstance(node, Call):
        return node.arguments if node.target is None else (node.target, *node.arguments)
    if isinstance(node, Items):
        return node.items
    if isinstance(node, Entries):
        return tuple(part for entry in node.entries for part in entry)
    if isinstance(node, Struct):
        return tuple(value for _, value, _ in node.fields)
    return (node.range, *node.bodies) if isinstance(node, Macro) else ()
