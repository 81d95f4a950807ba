"""Evaluating an expression.

Models: github.com/google/cel-go/interpreter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cluster_engine.apimachinery.cel import collections, kubernetes
from cluster_engine.apimachinery.cel.formatting import formatted, quoted
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
from cluster_engine.apimachinery.cel.operators import OPERATORS, TIME_METHODS, Function, is_true
from cluster_engine.apimachinery.cel.semantic_versions import is_version, parse_version
from cluster_engine.apimachinery.cel.values import (
    NONE,
    EvaluationError,
    Optional,
    StructValue,
    TypeValue,
    UInt,
    no_overload,
    type_name,
)

#: Parts of expressions looked at for one value, beyond which it takes too long.
STEPS_MAX = 50_000
_FUNCTIONS: Mapping[str, Function] = {
    **OPERATORS,
    **collections.FUNCTIONS,
    **kubernetes.FUNCTIONS,
    "strings.quote": quoted,
    "semver": parse_version,
    "isSemver": is_version,
}
_METHODS: Mapping[str, Function] = {
    **collections.METHODS,
    **kubernetes.METHODS,
    **TIME_METHODS,
    "format": formatted,
}
_TYPE_NAMES = ("bool", "int", "uint", "double", "string", "bytes", "list", "map", "null_type")


class Evaluation:
    """One run over given variables. Methods that a variable brings itself are its `call`."""

    def __init__(self, variables: Mapping[str, Any]) -> None:
        self._variables = variables
        self._steps = 0

    def value(self, node: Node, scope: Mapping[str, Any] | None = None) -> Any:
        """The value of an expression. Raises EvaluationError."""
        scope = self._variables if scope is None else scope
        self._steps += 1
        if self._steps > STEPS_MAX:
            raise EvaluationError("operation cancelled: actual cost limit exceeded")
        if isinstance(node, Literal):
            return UInt(node.value) if node.kind == "uint" else node.value
        if isinstance(node, Name):
            return _variable(node.name, scope)
        if isinstance(node, Select):
            return self._select(node, scope)
        if isinstance(node, Call):
            return self._call(node, scope)
        if isinstance(node, Items):
            return list(self._items(node, scope))
        if isinstance(node, Entries):
            return dict(self._entries(node, scope))
        if isinstance(node, Struct):
            return StructValue(node.name, dict(self._fields(node, scope)))
        return self._macro(node, scope)

    def _select(self, node: Select, scope: Mapping[str, Any]) -> Any:
        holder = self.value(node.operand, scope)
        if isinstance(holder, Optional):
            if node.is_test:
                return holder.has_value and _has(holder.value, node.field)
            if not holder.has_value or not _has(holder.value, node.field):
                return NONE
            return Optional(_field(holder.value, node.field), True)
        if node.is_test:
            return _has(holder, node.field)
        if node.is_optional:
            found = _has(holder, node.field)
            return Optional(_field(holder, node.field), True) if found else NONE
        return _field(holder, node.field)

    def _call(self, node: Call, scope: Mapping[str, Any]) -> Any:
        if node.function == "_&&_":
            return self._logical(node, scope, False)
        if node.function == "_||_":
            return self._logical(node, scope, True)
        if node.function == "_?_:_":
            condition, then, otherwise = node.arguments
            chosen = then if is_true(self.value(condition, scope)) else otherwise
            return self.value(chosen, scope)
        arguments = [self.value(argument, scope) for argument in node.arguments]
        if node.target is None:
            return _apply(_FUNCTIONS.get(node.function), arguments)
        target = self.value(node.target, scope)
        call = getattr(target, "call", None)
        if callable(call):
            return call(node.function, arguments)
        return _apply(_METHODS.get(node.function), [target, *arguments])

    def _logical(self, node: Call, scope: Mapping[str, Any], deciding: bool) -> bool:
        """One deciding part is enough, even where others fail."""
        problem: EvaluationError | None = None
        for argument in node.arguments:
            try:
                if is_true(self.value(argument, scope)) is deciding:
                    return deciding
            except EvaluationError as error:
                problem = problem or error
        if problem is not None:
            raise problem
        return not deciding

    def _items(self, node: Items, scope: Mapping[str, Any]) -> Iterator[Any]:
        for place, item in enumerate(node.items):
            value = self.value(item, scope)
            if place not in node.optional:
                yield value
            elif isinstance(value, Optional) and value.has_value:
                yield value.value

    def _entries(self, node: Entries, scope: Mapping[str, Any]) -> Iterator[tuple[Any, Any]]:
        for place, (key, item) in enumerate(node.entries):
            name, value = self.value(key, scope), self.value(item, scope)
            if not isinstance(name, str | int | bool):
                raise EvaluationError(f"unsupported key type: {type_name(name)}")
            if place not in node.optional:
                yield name, value
            elif isinstance(value, Optional) and value.has_value:
                yield name, value.value

    def _fields(self, node: Struct, scope: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
        for place, (name, item, _) in enumerate(node.fields):
            value = self.value(item, scope)
            if place not in node.optional:
                yield name, value
            elif isinstance(value, Optional) and value.has_value:
                yield name, value.value

    def _macro(self, node: Macro, scope: Mapping[str, Any]) -> Any:
        over = self.value(node.range, scope)
        if node.function in ("optMap", "optFlatMap"):
            return self._optional_macro(node, over, scope)
        scopes = ({**scope, **names} for names in _rounds(over, node.variables))
        if node.function in ("all", "exists"):
            return self._quantified(node, scopes, deciding=node.function == "exists")
        if node.function in ("exists_one", "existsOne"):
            condition = node.bodies[0]
            return sum(is_true(self.value(condition, inner)) for inner in scopes) == 1
        if node.function == "filter":
            condition, name = node.bodies[0], node.variables[0]
            return [inner[name] for inner in scopes if is_true(self.value(condition, inner))]
        return self._transformed(node, scopes)

    def _quantified(
        self, node: Macro, scopes: Iterator[Mapping[str, Any]], *, deciding: bool
    ) -> bool:
        problem: EvaluationError | None = None
        for inner in scopes:
            try:
                if is_true(self.value(node.bodies[0], inner)) is deciding:
                    return deciding
            except EvaluationError as error:
                problem = problem or error
        if problem is not None:
            raise problem
        return not deciding

    def _transformed(self, node: Macro, scopes: Iterator[Mapping[str, Any]]) -> Any:
        *conditions, result = node.bodies
        chosen = (
            inner
            for inner in scopes
            if all(is_true(self.value(condition, inner)) for condition in conditions)
        )
        if node.function == "transformMap":
            return {inner[node.variables[0]]: self.value(result, inner) for inner in chosen}
        if node.function != "transformMapEntry":
            return [self.value(result, inner) for inner in chosen]
        joined: dict[Any, Any] = {}
        for inner in chosen:
            entry = self.value(result, inner)
            if not isinstance(entry, dict):
                raise no_overload()
            for key in entry:
                if key in joined:
                    raise EvaluationError(f"insert failed: key {key} already exists")
            joined |= entry
        return joined

    def _optional_macro(self, node: Macro, over: Any, scope: Mapping[str, Any]) -> Any:
        if not isinstance(over, Optional):
            raise no_overload()
        if not over.has_value:
            return NONE
        result = self.value(node.bodies[0], {**scope, node.variables[0]: over.value})
        return result if node.function == "optFlatMap" else Optional(result, True)


def _variable(name: str, scope: Mapping[str, Any]) -> Any:
    try:
        return scope[name]
    except KeyError:
        if name in _TYPE_NAMES:
            return TypeValue(name)
        raise EvaluationError(f"no such attribute(s): {name}") from None


def _apply(function: Function | None, arguments: list[Any]) -> Any:
    if function is None:
        raise no_overload()
    try:
        return function(*arguments)
    except TypeError:
        # A function that takes other arguments: in a checked expression only of dynamic values.
        raise no_overload() from None


def _has(holder: Any, field: str) -> bool:
    if isinstance(holder, dict):
        return field in holder
    lookup = getattr(holder, "has_field", None)
    if callable(lookup):
        return bool(lookup(field))
    raise no_overload()


def _field(holder: Any, field: str) -> Any:
    if isinstance(holder, dict):
        try:
            return holder[field]
        except KeyError:
            raise EvaluationError(f"no such key: {field}") from None
    read = getattr(holder, "read_field", None)
    if callable(read):
        return read(field)
    raise no_overload()


def _rounds(over: Any, names: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """What the variables of a comprehension are, round by round."""
    if isinstance(over, list):
        for place, item in enumerate(over):
            yield {names[0]: item} if len(names) == 1 else {names[0]: place, names[1]: item}
    elif isinstance(over, dict):
        for key in over:
            yield {names[0]: key} if len(names) == 1 else {names[0]: key, names[1]: over[key]}
    else:
        raise no_overload()
