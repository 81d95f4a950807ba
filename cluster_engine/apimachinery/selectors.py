"""Label and field selectors: parsing, building from objects, matching.

A selector is a tuple of requirements that must all hold. Parsing is cached.

Models: k8s.io/apimachinery/pkg/labels, pkg/fields and LabelSelectorAsSelector (v0.37.2).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cluster_engine.apimachinery.fields import child, index, invalid_value, key
from cluster_engine.apimachinery.names import is_label_key, is_label_value
from cluster_engine.apimachinery.objects import Object

IN, NOT_IN = "in", "notin"
EQUALS, DOUBLE_EQUALS, NOT_EQUALS = "=", "==", "!="
EXISTS, NOT_EXISTS = "exists", "!"
GREATER, LESS = "gt", "lt"

_BINARY = (IN, NOT_IN, EQUALS, DOUBLE_EQUALS, NOT_EQUALS, GREATER, LESS)
_OF_OBJECT = {"In": IN, "NotIn": NOT_IN, "Exists": EXISTS, "DoesNotExist": NOT_EXISTS}
_OF_NODE_TERM = {**_OF_OBJECT, "Gt": GREATER, "Lt": LESS}
_INT64 = re.compile(r"[+-]?[0-9]{1,19}", re.ASCII)


class SelectorError(ValueError):
    """The selector is malformed; `str()` is upstream's text."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One condition on one label."""

    key: str
    operator: str
    values: tuple[str, ...] = ()

    def matches(self, labels: Mapping[str, str]) -> bool:
        held = labels.get(self.key)
        if self.operator in (IN, EQUALS, DOUBLE_EQUALS):
            return held is not None and held in self.values
        if self.operator in (NOT_IN, NOT_EQUALS):
            return held is None or held not in self.values
        if self.operator == EXISTS:
            return held is not None
        if self.operator == NOT_EXISTS:
            return held is None
        if held is None or not _INT64.fullmatch(held):
            return False
        wanted = int(self.values[0])
        return int(held) > wanted if self.operator == GREATER else int(held) < wanted

    def __str__(self) -> str:
        if self.operator == EXISTS:
            return self.key
        if self.operator == NOT_EXISTS:
            return f"!{self.key}"
        values = ",".join(sorted(self.values))
        if self.operator in (IN, NOT_IN):
            return f"{self.key} {self.operator} ({values})"
        sign = {GREATER: ">", LESS: "<"}.get(self.operator, self.operator)
        return f"{self.key}{sign}{values}"


@dataclass(frozen=True, slots=True)
class Selector:
    """Requirements that must all hold; none of them: everything matches, unless `is_nothing`."""

    requirements: tuple[Requirement, ...] = ()
    is_nothing: bool = False

    @property
    def is_everything(self) -> bool:
        return not self.requirements and not self.is_nothing

    def matches(self, labels: Mapping[str, str] | None) -> bool:
        """Whether an object with those labels is selected. None counts as no labels."""
        if self.is_nothing:
            return False
        held = labels or {}
        return all(requirement.matches(held) for requirement in self.requirements)

    def __str__(self) -> str:
        return ",".join(str(requirement) for requirement in self.requirements)


EVERYTHING = Selector()
NOTHING = Selector(is_nothing=True)


def from_label_selector(selector: Object | None) -> Selector:
    """Of a `LabelSelector` object: None selects nothing, {} everything. Raises SelectorError."""
    if selector is None:
        return NOTHING
    labels: Mapping[str, str] = selector.get("matchLabels") or {}
    expressions = selector.get("matchExpressions") or ()
    return _from_parts(
        tuple(sorted(labels.items())),
        tuple((e["key"], e["operator"], tuple(e.get("values") or ())) for e in expressions),
    )


@lru_cache(maxsize=4096)
def _from_parts(
    labels: tuple[tuple[str, str], ...],
    expressions: tuple[tuple[str, str, tuple[str, ...]], ...],
) -> Selector:
    found = [_requirement(name, EQUALS, (text,)) for name, text in labels]
    for name, operator, values in expressions:
        if operator not in _OF_OBJECT:
            raise SelectorError(f'"{operator}" is not a valid label selector operator')
        found.append(_requirement(name, _OF_OBJECT[operator], values))
    return Selector(tuple(sorted(found, key=_by_key)))


def from_map(labels: Mapping[str, str] | None) -> Selector:
    """Of plain labels, as Services and ReplicationControllers have; empty selects everything."""
    found = tuple(Requirement(k, EQUALS, (v,)) for k, v in sorted((labels or {}).items()))
    return Selector(found)


def from_node_expressions(expressions: list[Object] | None) -> Selector:
    """Of the matchExpressions of a node selector term, which also know Gt and Lt."""
    found = []
    for expression in expressions or ():
        operator = expression["operator"]
        if operator not in _OF_NODE_TERM:
            raise SelectorError(f'"{operator}" is not a valid node selector operator')
        values = tuple(expression.get("values") or ())
        found.append(_requirement(expression["key"], _OF_NODE_TERM[operator], values))
    return Selector(tuple(found))


@lru_cache(maxsize=4096)
def parse_label_selector(text: str) -> Selector:
    """Of "app=web,tier in (a,b),!legacy". Raises SelectorError with upstream's text."""
    return Selector(tuple(sorted(_Parser(text).parse(), key=_by_key)))


def _by_key(requirement: Requirement) -> str:
    return requirement.key


def _requirement(name: str, operator: str, values: tuple[str, ...], path: str = "") -> Requirement:
    problems = []
    wrong = is_label_key(name)
    if wrong:
        problems.append(invalid_value(child(path, "key"), name, "; ".join(wrong)))
    at = child(path, "values")
    count = _count_problem(operator, len(values))
    if count:
        problems.append(invalid_value(at, list(values), count))
    for position, text in enumerate(values):
        if operator in (GREATER, LESS) and not _INT64.fullmatch(text):
            message = "for 'Gt', 'Lt' operators, the value must be an integer"
            problems.append(invalid_value(index(at, position), text, message))
    for position, text in enumerate(values):
        wrong = is_label_value(text)
        if wrong:
            where = key(index(at, position), name)
            problems.append(invalid_value(where, text, "; ".join(wrong)))
    if problems:
        texts = list(dict.fromkeys(problem.text() for problem in problems))
        raise SelectorError(texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]")
    return Requirement(name, operator, values)


def _count_problem(operator: str, count: int) -> str:
    if operator in (IN, NOT_IN) and count == 0:
        return "for 'in', 'notin' operators, values set can't be empty"
    if operator in (EQUALS, DOUBLE_EQUALS, NOT_EQUALS) and count != 1:
        return "exact-match compatibility requires one single value"
    if operator in (EXISTS, NOT_EXISTS) and count:
        return "values set must be empty for exists and does not exist"
    if operator in (GREATER, LESS) and count != 1:
        return "for 'Gt', 'Lt' operators, exactly one value is required"
    return ""


_WORD, _END, _ERROR = "word", "end", "error"
_SIGNS = {
    ")": ")",
    ",": ",",
    "!": "!",
    "==": "==",
    "=": "=",
    ">": ">",
    "<": "<",
    "!=": "!=",
    "(": "(",
}
_SIGN_LETTERS = frozenset("=!(),<>")
_LETTERS = re.compile(r"[^=!(),<> \t\r\n\x00]+")
_KEYWORDS = (IN, NOT_IN)


def _tokens(text: str) -> list[tuple[str, str]]:
    """Pairs of token and literal; a keyword's token is the keyword."""
    found: list[tuple[str, str]] = []
    position, end = 0, len(text)
    while position < end and text[position] != "\0":
        if text[position] in " \t\r\n":
            position += 1
            continue
        if text[position] in _SIGN_LETTERS:
            literal = text[position : position + 2]
            if literal not in _SIGNS:
                literal = text[position]
            found.append((literal, literal))
        else:
            word = _LETTERS.match(text, position)
            literal = word.group() if word else text[position]
            found.append((literal if literal in _KEYWORDS else _WORD, literal))
        position += len(literal)
    found.append((_END, ""))
    return found


class _Parser:
    """Recursive descent over the tokens; keywords count as words where a value is expected."""

    def __init__(self, text: str) -> None:
        self._found = _tokens(text)
        self._position = 0

    def parse(self) -> list[Requirement]:
        requirements: list[Requirement] = []
        while True:
            token, literal = self._look()
            if token == _END:
                return requirements
            if token not in (_WORD, "!"):
                raise SelectorError(
                    f"found '{literal}', expected: !, identifier, or 'end of string'"
                )
            try:
                requirements.append(self._requirement())
            except SelectorError as error:
                raise SelectorError(f"unable to parse requirement: {error}") from None
            token, literal = self._take()
            if token == _END:
                return requirements
            if token != ",":
                raise SelectorError(f"found '{literal}', expected: ',' or 'end of string'")
            token, literal = self._look()
            if token not in (_WORD, "!"):
                raise SelectorError(f"found '{literal}', expected: identifier after ','")

    def _look(self) -> tuple[str, str]:
        token, literal = self._found[min(self._position, len(self._found) - 1)]
        return (_WORD if token in _KEYWORDS else token), literal

    def _take(self) -> tuple[str, str]:
        found = self._look()
        self._position += 1
        return found

    def _requirement(self) -> Requirement:
        token, name = self._take()
        is_negated = token == "!"
        if is_negated:
            token, name = self._take()
        if token != _WORD:
            raise SelectorError(f"found '{name}', expected: identifier")
        wrong = is_label_key(name)
        if wrong:
            raise SelectorError(invalid_value("<nil>", name, "; ".join(wrong)).text())
        if is_negated:
            return _requirement(name, NOT_EXISTS, ())
        if self._look()[0] in (_END, ","):
            return _requirement(name, EXISTS, ())
        operator = self._operator()
        values = self._values() if operator in (IN, NOT_IN) else {self._exact_value()}
        return _requirement(name, operator, tuple(sorted(values)))

    def _operator(self) -> str:
        token, literal = self._found[min(self._position, len(self._found) - 1)]
        self._position += 1
        operator = {">": GREATER, "<": LESS}.get(token, token)
        if operator not in _BINARY:
            raise SelectorError(f"found '{literal}', expected: {', '.join(_BINARY)}")
        return operator

    def _exact_value(self) -> str:
        if self._look()[0] in (_END, ","):
            return ""
        token, literal = self._take()
        if token != _WORD:
            raise SelectorError(f"found '{literal}', expected: identifier")
        return literal

    def _values(self) -> set[str]:
        token, literal = self._take()
        if token != "(":
            raise SelectorError(f"found '{literal}' expected: '('")
        token, literal = self._look()
        if token == ")":
            self._take()
            return {""}
        if token not in (_WORD, ","):
            raise SelectorError(f"found '{literal}', expected: ',', ')' or identifier")
        found = self._identifiers()
        if self._take()[0] != ")":
            raise SelectorError(f"found '{literal}', expected: ')'")
        return found

    def _identifiers(self) -> set[str]:
        found: set[str] = set()
        while True:
            token, literal = self._take()
            following, next_literal = self._look()
            if token == _WORD:
                found.add(literal)
                if following == ")":
                    return found
                if following != ",":
                    raise SelectorError(f"found '{next_literal}', expected: ',' or ')'")
            elif token == ",":
                if not found or following in (")", ","):
                    found.add("")
                if following == ")":
                    return found
            else:
                raise SelectorError(f"found '{literal}', expected: ',', or identifier")


@dataclass(frozen=True, slots=True)
class FieldTerm:
    """One condition on one field of an object, such as `spec.nodeName`."""

    field: str
    value: str
    is_negated: bool = False

    def __str__(self) -> str:
        escaped = self.value.replace("\\", "\\\\").replace(",", "\\,").replace("=", "\\=")
        return f"{self.field}{'!=' if self.is_negated else '='}{escaped}"


@dataclass(frozen=True, slots=True)
class FieldSelector:
    """Terms that must all hold."""

    terms: tuple[FieldTerm, ...] = ()

    def matches(self, read: Callable[[str], str]) -> bool:
        """`read` gives the text of a field, empty when it is not set."""
        return all((read(term.field) == term.value) != term.is_negated for term in self.terms)

    def exact(self, field: str) -> str | None:
        """The value that the field must have, if the selector asks for exactly one."""
        for term in self.terms:
            if term.field == field and not term.is_negated:
                return term.value
        return None

    def __str__(self) -> str:
        return ",".join(str(term) for term in self.terms)


@lru_cache(maxsize=1024)
def parse_field_selector(text: str) -> FieldSelector:
    """Of "status.phase!=Running,spec.nodeName=a". Raises SelectorError with upstream's text."""
    terms = []
    for part in sorted(re.findall(r"(?:\\.|[^,\\]|\\$)+", text, re.DOTALL)):
        split = re.search("!=|==|=", part)
        if split is None:
            raise SelectorError(f"invalid selector: '{text}'; can't understand '{part}'")
        value = _unescape(part[split.end() :])
        terms.append(FieldTerm(part[: split.start()], value, split.group() == "!="))
    return FieldSelector(tuple(terms))


def _unescape(text: str) -> str:
    if not any(letter in text for letter in "\\,="):
        return text
    found: list[str] = []
    letters = iter(text)
    for letter in letters:
        if letter == "\\":
            escaped = next(letters, "")
            if escaped not in ("\\", ",", "="):
                raise SelectorError(f"invalid field selector: invalid escape sequence: \\{escaped}")
            found.append(escaped)
        elif letter in ",=":
            # Upstream prints the rune as a number.
            raise SelectorError(
                f"invalid field selector: unescaped character in value: {ord(letter)}"
            )
        else:
            found.append(letter)
    return "".join(found)


def label_selector_text(selector: Any) -> str:
    """A LabelSelector object as kubectl prints it; "<none>" for none, "<error>" when malformed."""
    if selector is None:
        return "<none>"
    try:
        text = str(from_label_selector(selector))
    except (SelectorError, KeyError, TypeError):
        return "<error>"
    return text or "<none>"
