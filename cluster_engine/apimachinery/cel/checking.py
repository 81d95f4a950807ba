"""Checking the types of an expression before it runs.

Models: github.com/google/cel-go/checker.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

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
from cluster_engine.apimachinery.cel.signatures import signatures
from cluster_engine.apimachinery.cel.types import (
    BOOL,
    DYN,
    ERROR,
    INT,
    STRING,
    TYPE,
    VAGUE,
    Bindings,
    Structs,
    Type,
    filled_in,
    fits,
    joined,
    list_of,
    map_of,
    object_type,
    optional_of,
    told,
)

_LITERALS = {
    "null": Type("null_type"),
    **{kind: Type(kind) for kind in ("int", "uint", "double", "string", "bytes", "bool")},
}
_TYPE_NAMES = frozenset(
    ("bool", "int", "uint", "double", "string", "bytes", "list", "map", "null_type", "type")
)
_TERNARY = "_?_:_"


@dataclass(slots=True)
class Checker:
    """Works out types; what is wrong is collected with its place."""

    variables: Mapping[str, Type]
    structs: Structs
    problems: list[tuple[int, str]] = field(default_factory=list)
    #: The types found, by the identity of the parts.
    types: dict[int, Type] = field(default_factory=dict)

    def type_of(self, node: Node) -> Type:
        """The type of an expression; of an unknown one "*error*"."""
        found = self.types[id(node)] = self._type_of(node)
        return found

    def _type_of(self, node: Node) -> Type:
        if isinstance(node, Literal):
            return _LITERALS[node.kind]
        if isinstance(node, Name):
            return self._name(node)
        if isinstance(node, Select):
            return self._select(node)
        if isinstance(node, Call):
            return self._call(node)
        if isinstance(node, Items):
            items = [self._item(node, place) for place in range(len(node.items))]
            return list_of(self._aggregate(items, node))
        if isinstance(node, Entries):
            return self._map(node)
        if isinstance(node, Struct):
            return self._struct(node)
        return self._macro(node)

    def _wrong(self, place: int, text: str) -> Type:
        if (place, text) not in self.problems:
            self.problems.append((place, text))
        return ERROR

    def _name(self, node: Name) -> Type:
        found = self.variables.get(node.name)
        if found is not None:
            return found
        if node.name in _TYPE_NAMES:
            return TYPE
        return self._wrong(node.place, f"undeclared reference to '{node.name}' (in container '')")

    def _select(self, node: Select) -> Type:
        inner = self.type_of(node.operand)
        is_optional = node.is_optional
        if inner.name == "optional_type":
            inner, is_optional = inner.parameters[0], True
        result = self._field(inner, node)
        if node.is_test:
            return BOOL
        return optional_of(result) if is_optional and result != ERROR else result

    def _field(self, inner: Type, node: Select) -> Type:
        if inner.fields is not None:
            found = inner.fields().get(node.field)
            if found is None:
                return self._wrong(node.place, f"undefined field '{node.field}'")
            return found
        if inner.name == "map":
            return inner.parameters[1]
        if inner in (DYN, ERROR) or inner.is_open:
            return DYN if inner != ERROR else ERROR
        return self._wrong(node.place, f"type '{told(inner)}' does not support field selection")

    def _call(self, node: Call) -> Type:
        if node.function == _TERNARY:
            return self._ternary(node)
        if node.function in ("_&&_", "_||_"):
            for argument in node.arguments:
                given = self.type_of(argument)
                if not fits(BOOL, given, {}):
                    self._no_overload(node, node.function, [given, BOOL])
            return BOOL
        arguments = [self.type_of(argument) for argument in node.arguments]
        if node.target is not None:
            arguments.insert(0, self.type_of(node.target))
        ways = [
            way
            for way in signatures().get(node.function, ())
            if way.is_method == (node.target is not None)
        ]
        if not ways:
            text = f"undeclared reference to '{node.function}' (in container '')"
            return self._wrong(node.place, text)
        if ERROR in arguments:
            return ERROR
        results: list[Type] = []
        for way in ways:
            open_types: Bindings = {}
            if len(way.parameters) == len(arguments) and all(
                fits(wanted, given, open_types)
                for wanted, given in zip(way.parameters, arguments, strict=True)
            ):
                results.append(filled_in(way.result, open_types))
        if not results:
            return self._no_overload(node, node.function, arguments)
        result = results[0]
        return result if all(other == result for other in results) else DYN

    def _no_overload(self, node: Call, name: str, arguments: list[Type]) -> Type:
        if node.target is None:
            shown = f"({', '.join(map(told, arguments))})"
        else:
            shown = f"{told(arguments[0])}.({', '.join(map(told, arguments[1:]))})"
        text = f"found no matching overload for '{name}' applied to '{shown}'"
        return self._wrong(node.place, text)

    def _ternary(self, node: Call) -> Type:
        condition, then, otherwise = (self.type_of(argument) for argument in node.arguments)
        if not fits(BOOL, condition, {}):
            return self._no_overload(node, _TERNARY, [condition, then, otherwise])
        if ERROR in (then, otherwise):
            return ERROR
        if not fits(then, otherwise, {}) and not fits(otherwise, then, {}):
            return self._no_overload(node, _TERNARY, [condition, then, otherwise])
        return joined(then, otherwise)

    def _item(self, node: Items, place: int) -> Type:
        found = self.type_of(node.items[place])
        if place in node.optional and found.name == "optional_type":
            return found.parameters[0]
        return found

    def _aggregate(self, types: list[Type], node: Items | Entries) -> Type:
        """The one type of all items."""
        if not types:
            return VAGUE
        result = types[0]
        for other in types[1:]:
            if result == ERROR or other == ERROR:
                return ERROR
            if not fits(result, other, {}) and not fits(other, result, {}):
                return self._wrong(
                    node.place, f"expected type '{told(result)}' but found '{told(other)}'"
                )
            result = joined(result, other)
        return result

    def _map(self, node: Entries) -> Type:
        keys = [self.type_of(key) for key, _ in node.entries]
        values = []
        for place, (_, value) in enumerate(node.entries):
            found = self.type_of(value)
            is_optional = place in node.optional and found.name == "optional_type"
            values.append(found.parameters[0] if is_optional else found)
        return map_of(self._aggregate(keys, node), self._aggregate(values, node))

    def _struct(self, node: Struct) -> Type:
        fields = self.structs(node.name)
        if fields is None:
            text = f"undeclared reference to '{node.name}' (in container '')"
            return self._wrong(node.place, text)
        for place, (name, value, colon) in enumerate(node.fields):
            wanted, given = fields.get(name), self.type_of(value)
            if wanted is None:
                self._wrong(colon, f"undefined field '{name}'")
                continue
            if place in node.optional:
                wanted = optional_of(wanted)
            if not fits(wanted, given, {}):
                text = f"expected type of field '{name}' is '{told(wanted)}' but provided type is"
                self._wrong(colon, f"{text} '{told(given)}'")
        return object_type(node.name, lambda: fields)

    def _macro(self, node: Macro) -> Type:
        over = self.type_of(node.range)
        if node.function in ("optMap", "optFlatMap"):
            return self._optional_macro(node, over)
        first, second = self._variables(node, over)
        inner = dict(zip(node.variables, (first, second), strict=False))
        own = Checker({**self.variables, **inner}, self.structs, self.problems, self.types)
        results = [own.type_of(body) for body in node.bodies]
        is_condition = node.function in ("all", "exists", "exists_one", "existsOne", "filter")
        if is_condition or len(node.bodies) == 2:
            if not fits(BOOL, results[0], {}):
                text = f"expected type 'bool' but found '{told(results[0])}'"
                self._wrong(node.bodies[0].place, text)
            if node.function == "filter":
                return list_of(first)
            if is_condition:
                return BOOL
        if node.function == "transformMap":
            return map_of(first, results[-1])
        if node.function == "transformMapEntry":
            return results[-1]
        return list_of(results[-1])

    def _variables(self, node: Macro, over: Type) -> tuple[Type, Type]:
        """The types of a comprehension's variables."""
        if over.name == "list":
            item = over.parameters[0]
            return (INT, item) if len(node.variables) == 2 else (item, DYN)
        if over.name == "map":
            return over.parameters[0], over.parameters[1]
        if over.fields is not None:
            return STRING, DYN
        if over not in (DYN, ERROR) and not over.is_open:
            text = (
                f"expression of type '{told(over)}' cannot be range of a comprehension (must be "
                "list, map, or dynamic)"
            )
            self._wrong(node.range.place, text)
        return DYN, DYN

    def _optional_macro(self, node: Macro, over: Type) -> Type:
        inner = over.parameters[0] if over.name == "optional_type" else DYN
        variables = {**self.variables, node.variables[0]: inner}
        own = Checker(variables, self.structs, self.problems, self.types)
        result = own.type_of(node.bodies[0])
        return result if node.function == "optFlatMap" else optional_of(result)
