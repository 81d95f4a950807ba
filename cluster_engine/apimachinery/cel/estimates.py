"""What evaluating an expression may cost at most, from the sizes of what it sees.

Estimates must be the same as upstream's: definitions with rules that may cost too much are
refused.

Models: github.com/google/cel-go/checker/cost.go.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from cluster_engine.apimachinery.cel.estimated_calls import call_estimate
from cluster_engine.apimachinery.cel.estimated_sizes import (
    ONE,
    UNKNOWN,
    Part,
    Path,
    Size,
    plus,
    times,
    union,
)
from cluster_engine.apimachinery.cel.nodes import (
    Call,
    Entries,
    Items,
    Literal,
    Macro,
    Name,
    Node,
    Select,
    Struct,
)
from cluster_engine.apimachinery.cel.types import DYN, INT, Type

#: The greatest size of the value at a path; None when that is not known.
SizeOf = Callable[[Path], int | None]
_LIST, _MAP, _STRUCT = 10, 30, 40
_NOTHING = Part(0, DYN)
_SCALARS = ("bool", "double", "duration", "int", "timestamp", "uint")


@dataclass(frozen=True, slots=True)
class Estimator:
    """Estimates one checked expression."""

    #: The types of its parts, by identity.
    types: Mapping[int, Type]
    size_of: SizeOf

    def cost(self, node: Node) -> int:
        """The most that evaluating it may cost."""
        return self._part(node, {}).cost

    def _part(self, node: Node, scope: Mapping[str, Part]) -> Part:
        """One part: what it costs, and how large its value is."""
        type_ = self.types.get(id(node), DYN)
        if isinstance(node, Literal):
            return Part(0, type_, _literal_size(node))
        if isinstance(node, Name):
            held = scope.get(node.name)
            if held is None:
                return self._sized(Part(1, type_, path=(node.name,)))
            known = self._sized(Part(1, type_, path=held.path, entry=held.entry))
            return known if known.size is not None else replace(known, size=held.size)
        if isinstance(node, Select):
            return self._select(node, type_, scope)
        if isinstance(node, Items):
            items = [self._part(item, scope) for item in node.items]
            return _collection(type_, _LIST, items, ONE, _joined(items))
        if isinstance(node, Entries):
            keys = [self._part(key, scope) for key, _ in node.entries]
            values = [self._part(value, scope) for _, value in node.entries]
            made = _collection(type_, _MAP, keys, _joined(keys), _joined(values))
            return replace(made, cost=plus(made.cost, *(value.cost for value in values)))
        if isinstance(node, Struct):
            fields = [self._part(value, scope).cost for _, value, _ in node.fields]
            return Part(plus(_STRUCT, *fields), type_)
        if isinstance(node, Call):
            return self._call(node, type_, scope)
        return self._macro(node, type_, scope)

    def _sized(self, part: Part) -> Part:
        """The part with the size that its path or its type tells."""
        if part.path:
            known = self.size_of(part.path)
            if known is not None:
                return replace(part, size=Size(0, known))
        return replace(part, size=ONE) if _is_scalar(part.type) else part

    def _select(self, node: Select, type_: Type, scope: Mapping[str, Part]) -> Part:
        holder = self._part(node.operand, scope)
        if node.is_test:
            return Part(holder.cost, type_, ONE)
        if node.is_optional or holder.type.name == "optional_type":
            return self._sized(Part(plus(holder.cost, 1), type_))
        has_cost = holder.type.name == "map" or holder.type.fields is not None
        path = (*holder.path, node.field)
        return self._sized(Part(plus(holder.cost, int(has_cost)), type_, path=path))

    def _call(self, node: Call, type_: Type, scope: Mapping[str, Part]) -> Part:
        arguments = [self._part(argument, scope) for argument in node.arguments]
        costs = [argument.cost for argument in arguments]
        if node.function in ("_&&_", "_||_"):
            return Part(plus(*costs), type_, ONE)
        if node.function == "_?_:_":
            condition, then, otherwise = arguments
            size = union(then.size or UNKNOWN, otherwise.size or UNKNOWN)
            cost = plus(condition.cost, max(then.cost, otherwise.cost))
            return Part(cost, type_, size, entry=_both(then, otherwise))
        if node.function == "dyn":
            return replace(arguments[0], cost=plus(costs[0], 1), type=type_)
        target = None if node.target is None else self._part(node.target, scope)
        estimate = call_estimate(node.function, target, arguments, self.size_of)
        total = plus(estimate.cost, *costs, 0 if target is None else target.cost)
        part = Part(total, type_, estimate.size)
        if node.function == "_[_]":
            inner = "@items" if arguments[0].type.name == "list" else "@values"
            held = arguments[0].entry
            part = replace(part, path=(*arguments[0].path, inner), size=held and held[1])
        elif node.function == "_+_":
            part = replace(part, entry=_both(arguments[0], arguments[1]))
        return part if part.size is not None else self._sized(part)

    def _macro(self, node: Macro, type_: Type, scope: Mapping[str, Part]) -> Part:
        over = self._part(node.range, scope)
        if node.function in ("optMap", "optFlatMap"):
            return self._optional_macro(node, type_, over, scope)
        inner = {**scope, **_round(node, over)}
        bodies = [self._part(body, inner) for body in node.bodies]
        start, step, end = _loop(node, [body.cost for body in bodies])
        size = over.size or UNKNOWN
        cost = plus(over.cost, start, times(size.most, step), end)
        if not start:
            return Part(cost, type_, ONE)
        if node.function == "filter":
            item = inner[node.variables[0]]
            last = self._sized(item).size or item.size
        else:
            last = bodies[-1].size
        held = Size(0, (last or UNKNOWN).most)
        return Part(cost, type_, size, entry=(ONE, held))

    def _optional_macro(
        self, node: Macro, type_: Type, over: Part, scope: Mapping[str, Part]
    ) -> Part:
        inner = {**scope, node.variables[0]: _NOTHING}
        body = self._part(node.bodies[0], inner)
        bound = plus(_LIST, over.cost, 1, body.cost)
        chosen = bound if node.function == "optFlatMap" else plus(bound, 1)
        return Part(plus(over.cost, 1, max(chosen, 1)), type_, UNKNOWN)


def _literal_size(node: Literal) -> Size:
    size = len(node.value) if node.kind in ("string", "bytes") else 1
    return Size(size, size)


def _collection(type_: Type, base: int, items: Sequence[Part], key: Size, value: Size) -> Part:
    count = len(items)
    cost = plus(base, *(item.cost for item in items))
    return Part(cost, type_, Size(count, count), entry=(key, value))


def _joined(parts: Sequence[Part]) -> Size:
    """The size of any of them."""
    sizes = [part.size or UNKNOWN for part in parts]
    if not sizes:
        return Size(0, 0)
    return Size(min(size.least for size in sizes), max(size.most for size in sizes))


def _both(one: Part, other: Part) -> tuple[Size, Size] | None:
    if one.entry is None or other.entry is None:
        return None
    return union(one.entry[0], other.entry[0]), union(one.entry[1], other.entry[1])


def _is_scalar(type_: Type) -> bool:
    if type_.name == "optional_type":
        return _is_scalar(type_.parameters[0])
    return type_.name in _SCALARS


def _round(node: Macro, over: Part) -> dict[str, Part]:
    """What the variables of a comprehension hold in one round."""
    is_list = over.type.name == "list"
    key, value = over.entry or (None, None)
    types = (INT, *over.type.parameters) if is_list else over.type.parameters
    key_type, value_type = types if len(types) == 2 else (DYN, DYN)
    of_value = Part(0, value_type, value, (*over.path, "@items" if is_list else "@values"))
    of_key = Part(0, key_type, key, (*over.path, "@indices" if is_list else "@keys"))
    if len(node.variables) == 2:
        return {node.variables[0]: of_key, node.variables[1]: of_value}
    return {node.variables[0]: of_value if is_list else of_key}


def _loop(node: Macro, bodies: list[int]) -> tuple[int, int, int]:
    """What a comprehension costs before, in each round, and after."""
    if node.function == "all":
        return 0, plus(3, bodies[0]), 1
    if node.function == "exists":
        return 0, plus(4, bodies[0]), 1
    if node.function in ("exists_one", "existsOne"):
        return 0, plus(2, bodies[0]), 2
    if node.function == "filter":
        return _LIST, plus(13, bodies[0]), 1
    start, made = (_LIST, 12) if node.function in ("map", "transformList") else (_MAP, 3)
    step = plus(made, bodies[-1])
    if len(bodies) == 2:
        step = plus(bodies[0], max(step, 1))
    return start, step, 1
