"""JSONPath templates: "{range .items[*]}{.metadata.name}{'\\n'}{end}".

Models: k8s.io/client-go/util/jsonpath (v0.37.2).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from cluster_engine.apimachinery.json_text import go_float, to_json

RANGE, END = "range", "end"
_TERMINATORS = frozenset(" \t\r\n.,[]$@{}")
_SLICE = re.compile(r"(-?[0-9]*)(:-?[0-9]*)?(:-?[0-9]*)?", re.ASCII)
_COMPARISON = re.compile(r"([^!<>=]+)([!<>=]+)(.+?)")
_RELAXED = re.compile(r"\{\.?([^{}]+)\}|\.?([^{}]+)")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}


class JsonPathError(ValueError):
    """The template is malformed or does not fit the data."""


@dataclass(frozen=True, slots=True)
class Node:
    """A step of a path: text, field, array, filter, union, wildcard, recursive, value, word."""

    kind: str
    value: Any = None
    parts: tuple[Any, ...] = ()


Action: TypeAlias = list[Node]


@dataclass(slots=True)
class _Parser:
    text: str
    position: int = 0
    root: list[Node | Action] = field(default_factory=list)

    def parse(self) -> list[Node | Action]:
        while self.position < len(self.text):
            opening = self.text.find("{", self.position)
            if opening < 0:
                self.root.append(Node("text", self.text[self.position :]))
                break
            if opening > self.position:
                self.root.append(Node("text", self.text[self.position : opening]))
            self.position = opening + 1
            self.root.append(self._action())
        return self.root

    def _action(self) -> Action:
        nodes: Action = []
        while True:
            rest = self.text[self.position : self.position + 3]
            if rest.startswith("}"):
                self.position += 1
                return nodes
            if rest == "[?(":
                self._filter(nodes)
            elif rest.startswith(".."):
                self._recursive(nodes)
            else:
                self._step(nodes)

    def _step(self, nodes: Action) -> None:
        letter = self.text[self.position : self.position + 1]
        if letter in ("", "\r", "\n"):
            raise JsonPathError("unclosed action")
        if letter in " @$":
            self.position += 1
        elif letter == "[":
            self._array(nodes)
        elif letter in "\"'":
            nodes.append(Node("text", self._quoted(letter)))
        elif letter == ".":
            self.position += 1
            self._field(nodes)
        elif letter in "+-" or letter.isdigit():
            self._number(nodes)
        elif letter == "_" or letter.isalpha():
            word = self._word()
            known = {"true": True, "false": False}
            nodes.append(Node("value", known[word]) if word in known else Node("word", word))
        else:
            raise JsonPathError(f"unrecognized character in action: U+{ord(letter):04X} '{letter}'")

    def _word(self) -> str:
        start = self.position
        while self.position < len(self.text) and self.text[self.position] not in _TERMINATORS:
            self.position += 1
        return self.text[start : self.position]

    def _field(self, nodes: Action) -> None:
        start = self.position
        while self.position < len(self.text) and self.text[self.position] not in _TERMINATORS:
            self.position += 2 if self.text[self.position] == "\\" else 1
        name = self.text[start : self.position]
        if name == "*":
            nodes.append(Node("wildcard"))
        else:
            nodes.append(Node("field", name.replace("\\", "")))

    def _recursive(self, nodes: Action) -> None:
        if nodes and nodes[-1].kind == "recursive":
            raise JsonPathError("invalid multiple recursive descent")
        self.position += 2
        nodes.append(Node("recursive"))
        following = self.text[self.position : self.position + 1]
        if following == "_" or following.isalnum():
            self._field(nodes)

    def _number(self, nodes: Action) -> None:
        found = re.compile(r"[+-]?[0-9.]*", re.ASCII).match(self.text, self.position)
        text = found.group() if found else ""
        self.position += len(text)
        try:
            nodes.append(Node("value", int(text) if "." not in text else float(text)))
        except ValueError:
            raise JsonPathError(f"cannot parse number {text}") from None

    def _quoted(self, quote: str) -> str:
        start = self.position + 1
        end = start
        while True:
            if end >= len(self.text) or self.text[end] == "\n":
                raise JsonPathError("unterminated quoted string")
            if self.text[end] == quote and self.text[end - 1] != "\\":
                break
            end += 1
        self.position = end + 1
        return _unquoted(self.text[start:end])

    def _array(self, nodes: Action) -> None:
        end = self.text.find("]", self.position)
        if end < 0 or "\n" in self.text[self.position : end]:
            raise JsonPathError("unterminated array")
        inside = self.text[self.position + 1 : end]
        self.position = end + 1
        inside = ":" if inside == "*" else inside
        parts = inside.split(",")
        if len(parts) > 1:
            union = tuple(parse_action(f"[{part.strip(' ')}]") for part in parts)
            nodes.append(Node("union", parts=union))
            return
        if len(inside) >= 2 and inside[0] == inside[-1] == "'" and "'" not in inside[1:-1]:
            nodes.extend(parse_action(f".{inside[1:-1]}"))
            return
        found = _SLICE.fullmatch(inside)
        if found is None:
            raise JsonPathError(f"invalid array index {inside}")
        nodes.append(Node("array", parts=_bounds(*found.groups())))

    def _filter(self, nodes: Action) -> None:
        start = self.position = self.position + 3
        pair, is_closed = "", False
        while True:
            if self.position >= len(self.text) or self.text[self.position] == "\n":
                raise JsonPathError("unterminated filter")
            letter = self.text[self.position]
            if letter in "\"'":
                if not pair:
                    pair = letter
                elif letter == pair and self.text[self.position - 1] != "\\":
                    is_closed = True
            elif letter == ")" and bool(pair) == is_closed:
                break
            self.position += 1
        inside = self.text[start : self.position]
        if self.text[self.position + 1 : self.position + 2] != "]":
            raise JsonPathError("unclosed array expect ]")
        self.position += 2
        found = _COMPARISON.fullmatch(inside)
        if found is None:
            nodes.append(Node("filter", "exists", (parse_action(inside), [])))
        else:
            left, operator, right = found.groups()
            nodes.append(Node("filter", operator, (parse_action(left), parse_action(right))))


def parse(text: str) -> list[Node | Action]:
    """The nodes of a template. Raises JsonPathError."""
    return _Parser(text).parse()


def parse_action(text: str) -> Action:
    """The nodes of what stands between two braces."""
    parsed = parse("{" + text + "}")
    first = parsed[0]
    return first if isinstance(first, list) else [first]


def relaxed(text: str) -> str:
    """A path written without braces or leading dot, as a template. Raises JsonPathError."""
    if not text:
        return text
    found = _RELAXED.fullmatch(text)
    if found is None:
        raise JsonPathError(
            "unexpected path string, expected a 'name1.name2' or '.name1.name2' or "
            "'{name1.name2}' or '{.name1.name2}'"
        )
    return "{." + (found.group(1) or found.group(2)) + "}"


def find(template: Sequence[Node | Action], data: Any, *, allows_missing: bool = True) -> list[Any]:
    """The values of each node, one list per node."""
    results, _ = _Evaluation(allows_missing).run(list(template), 0, data, 0)
    return results


def render(text: str, data: Any, *, allows_missing: bool = True) -> str:
    """The template filled in. Raises JsonPathError."""
    found = find(parse(text), data, allows_missing=allows_missing)
    return "".join(" ".join(printed(value) for value in values) for values in found)


class _Evaluation:
    def __init__(self, allows_missing: bool) -> None:
        self._allows_missing = allows_missing

    def run(
        self, nodes: list[Node | Action], start: int, data: Any, depth: int
    ) -> tuple[list[Any], int]:
        """Values of the nodes up to the end of this range; where that end stands."""
        results: list[Any] = []
        place = start
        while place < len(nodes):
            node = nodes[place]
            if not isinstance(node, list):
                results.append([node.value])
                place += 1
                continue
            words = [part.value for part in node if part.kind == "word"]
            if END in words:
                if depth == 0:
                    raise JsonPathError("not in range, nothing to end")
                return results, place
            values = self.walk([data], node)
            if RANGE in words:
                inner: list[Any] = []
                end = place
                for value in values:
                    found, end = self.run(nodes, place + 1, value, depth + 1)
                    inner.extend(found)
                if not values:
                    end = _end_of(nodes, place + 1)
                results.extend(inner)
                place = end + 1
                continue
            results.append(values)
            place += 1
        return results, place

    def walk(self, values: list[Any], nodes: Sequence[Node]) -> list[Any]:
        for node in nodes:
            values = self._step(values, node)
        return values

    def _step(self, values: list[Any], node: Node) -> list[Any]:
        if node.kind == "text":
            return [node.value]
        if node.kind == "value":
            return [node.value for _ in values]
        if node.kind == "field":
            return self._field(values, node.value)
        if node.kind == "wildcard":
            return [inner for value in values for inner in _children(value)]
        if node.kind == "recursive":
            return list(_descend(values))
        if node.kind == "array":
            return [item for value in values for item in _sliced(value, node.parts)]
        if node.kind == "union":
            return [found for part in node.parts for found in self.walk(values, part)]
        if node.kind == "filter":
            return [item for value in values for item in self._filtered(value, node)]
        if node.value in (RANGE, END):
            return values
        raise JsonPathError(f"unrecognized identifier {node.value}")

    def _field(self, values: list[Any], name: str) -> list[Any]:
        found = [value[name] for value in values if isinstance(value, dict) and name in value]
        if not found and values and not self._allows_missing:
            raise JsonPathError(f"{name} is not found")
        return found

    def _filtered(self, value: Any, node: Node) -> list[Any]:
        if not isinstance(value, list):
            raise JsonPathError(f"{_go(value)} is not array or slice and cannot be filtered")
        left_path, right_path = node.parts
        kept = []
        for item in value:
            try:
                lefts = self.walk([item], left_path)
            except JsonPathError:
                if node.value != "exists":
                    raise
                lefts = []
            if node.value == "exists":
                kept.extend([item] if lefts else [])
                continue
            rights = self.walk([item], right_path) if lefts else []
            if len(lefts) > 1 or len(rights) > 1:
                raise JsonPathError("can only compare one element at a time")
            if lefts and rights and _compares(lefts[0], node.value, rights[0]):
                kept.append(item)
        return kept


def _end_of(nodes: list[Node | Action], start: int) -> int:
    depth = 0
    for place in range(start, len(nodes)):
        node = nodes[place]
        words = (
            [part.value for part in node if part.kind == "word"] if isinstance(node, list) else []
        )
        if RANGE in words:
            depth += 1
        elif END in words:
            if depth == 0:
                return place
            depth -= 1
    return len(nodes)


def _children(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [value[key] for key in sorted(value)]
    if isinstance(value, (list, str)):
        return list(value)
    return []


def _descend(values: list[Any]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        children = _children(value)
        if children:
            found.append(value)
            found.extend(_descend(children) if not isinstance(value, str) else [])
    return found


def _sliced(value: Any, parts: tuple[Any, ...]) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise JsonPathError(f"{_go_type(value)} is not array or slice")
    start, end, step, is_derived = parts
    size = len(value)
    start = 0 if start is None else start
    start += size if start < 0 else 0
    end = size if end is None else end
    if end < 0 or (end == 0 and is_derived):
        end += size
    if start == end:
        return []
    if not 0 <= start < size:
        raise JsonPathError(f"array index out of bounds: index {start}, length {size}")
    if not 0 <= end <= size:
        raise JsonPathError(f"array index out of bounds: index {end - 1}, length {size}")
    if start > end:
        raise JsonPathError(f"starting index {start} is greater than ending index {end}")
    if step is not None and step <= 0:
        raise JsonPathError("step must be > 0")
    return value[start : end : step or 1]


def _bounds(
    first: str, second: str | None, third: str | None
) -> tuple[int | None, int | None, int | None, bool]:
    start = _number(first)
    is_derived = second is None
    end = (start or 0) + 1 if second is None else _number(second[1:])
    return start, end, _number(third[1:]) if third else None, is_derived


def _number(text: str) -> int | None:
    if not text:
        return None
    if text == "-":
        raise JsonPathError(f"array index {text} is not a number")
    return int(text)


def _compares(left: Any, operator: str, right: Any) -> bool:
    numbers = all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in (left, right))
    if not numbers and type(left) is not type(right):
        raise JsonPathError("incompatible types for comparison")
    if operator == "==":
        return bool(left == right)
    if operator == "!=":
        return bool(left != right)
    if isinstance(left, bool) or not isinstance(left, (int, float, str)):
        raise JsonPathError("invalid type for comparison")
    if operator == "<":
        return bool(left < right)
    if operator == ">":
        return bool(left > right)
    if operator == "<=":
        return bool(left <= right)
    if operator == ">=":
        return bool(left >= right)
    raise JsonPathError(f"unrecognized filter operator {operator}")


def printed(value: Any) -> str:
    """One value as a template prints it."""
    if isinstance(value, (dict, list)):
        return to_json(value, indent=None)
    return "null" if value is None else _go(value)


def _go(value: Any) -> str:
    """As Go's fmt.Sprint shows a value."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "<nil>"
    if isinstance(value, float):
        return go_float(value)
    if isinstance(value, dict):
        return "map[" + " ".join(f"{k}:{_go(v)}" for k, v in sorted(value.items())) + "]"
    if isinstance(value, list):
        return "[" + " ".join(map(_go, value)) + "]"
    return str(value)


#: The same for other printers.
go_text = _go


def _go_type(value: Any) -> str:
    names: dict[type, str] = {
        str: "string",
        bool: "bool",
        int: "int64",
        float: "float64",
        dict: "map[string]interface {}",
    }
    return names.get(type(value), "<nil>")


def _unquoted(text: str) -> str:
    if "\\" not in text:
        return text
    found, place = [], 0
    while place < len(text):
        letter = text[place]
        if letter != "\\":
            found.append(letter)
            place += 1
            continue
        escape = text[place + 1 : place + 2]
        if escape in ("x", "u", "U"):
            size = {"x": 2, "u": 4, "U": 8}[escape]
            digits = text[place + 2 : place + 2 + size]
            try:
                found.append(chr(int(digits, 16)))
            except (ValueError, OverflowError):
                raise JsonPathError(f"unquote string {text} error invalid syntax") from None
            place += 2 + size
        elif escape in _ESCAPES or escape in ("\\", "'", '"'):
            found.append(_ESCAPES.get(escape, escape))
            place += 2
        else:
            raise JsonPathError(f"unquote string {text} error invalid syntax")
    return "".join(found)
