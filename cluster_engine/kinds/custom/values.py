"""Whether a value is as its schema wants it, in the words of upstream's validator.

`Outcome.matched` counts what was checked with success: of the alternatives of an `anyOf`, the one
that came closest tells its problems.

Models: k8s.io/kube-openapi/pkg/validation/validate and
k8s.io/apiextensions-apiserver/pkg/apiserver/validation/validation.go (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from cluster_engine.apimachinery.fields import (
    INVALID,
    TYPE_INVALID,
    FieldError,
    child,
    not_supported,
    required,
    too_long,
    too_many,
)
from cluster_engine.apimachinery.json_text import go_float
from cluster_engine.apimachinery.regexp.matching import compile_regexp
from cluster_engine.apimachinery.regexp.syntax import RegexpError
from cluster_engine.kinds.custom.formats import has_format, known_format
from cluster_engine.kinds.custom.structural import Schema, additional

_INT_OR_STRING = "x-kubernetes-int-or-string"
_INT_BOUNDS = {"int32": 2**31, "int64": 2**63, "": 2**63}


@dataclass(slots=True)
class Outcome:
    """Problems by their text, in order, and how much was checked with success."""

    problems: dict[str, FieldError] = field(default_factory=dict)
    matched: int = 0

    @property
    def is_valid(self) -> bool:
        return not self.problems

    def add(self, problem: FieldError) -> None:
        self.problems.setdefault(problem.text(), problem)

    def merge(self, other: Outcome) -> None:
        for text, problem in other.problems.items():
            self.problems.setdefault(text, problem)
        self.matched += other.matched


def problems_of(value: Any, schema: Schema, root: str = "") -> list[FieldError]:
    """Everything that is wrong with a value. `root`: the field in which it stands."""
    return list(_Validator(root).check(value, schema, "").problems.values())


@dataclass(frozen=True, slots=True)
class _Validator:
    root: str

    def check(self, value: Any, schema: Schema, path: str) -> Outcome:
        """Validate a value and all below it. `path` is relative to the root."""
        outcome = Outcome()
        if value is None:
            self._type(outcome, value, schema, path)
            self._enum(outcome, value, schema, path)
            return outcome
        steps = [self._type, self._combinations]
        if isinstance(value, str):
            steps += [self._string, self._format]
        elif isinstance(value, int | float) and not isinstance(value, bool):
            steps.append(self._number)
        elif isinstance(value, list):
            steps.append(self._list)
        steps.append(self._enum)
        if isinstance(value, dict):
            steps.append(self._object)
        for step in steps:
            step(outcome, value, schema, path)
            outcome.matched += 1
        outcome.matched += 1
        return outcome

    def _at(self, path: str) -> str:
        name = path.removeprefix(".")
        return (child(self.root, name) if name else self.root) or "<nil>"

    def _invalid(self, outcome: Outcome, path: str, value: Any, text: str) -> None:
        outcome.add(FieldError(INVALID, self._at(path), value, f"{path} in body {text}"))

    def _bare(self, outcome: Outcome, text: str) -> None:
        """A problem that does not say where it is, but for its words."""
        outcome.add(FieldError(INVALID, self.root or "<nil>", "", text))

    def _wrong_type(self, outcome: Outcome, path: str, wanted: str, found: str) -> None:
        text = f"{path} in body must be of type {wanted}: {_quoted(found)}"
        outcome.add(FieldError(TYPE_INVALID, self._at(path), found, text))

    def _type(self, outcome: Outcome, value: Any, schema: Schema, path: str) -> None:
        types, format_ = types_of(schema), _format(schema)
        if not types and not format_:
            return
        outcome.matched += 1
        if value is None:
            if types and not schema.get("nullable"):
                self._wrong_type(outcome, path, ",".join(types), "null")
            return
        found, found_format = _type_of(value)
        fits = (
            found in types
            or (found == "number" and float(value).is_integer() and "integer" in types)
            or (found == "integer" and "number" in types)
        )
        is_text = isinstance(value, str | list)
        if not is_text and format_ and not (fits or found_format == format_):
            self._wrong_type(outcome, path, format_, found_format)
        elif is_text and format_ and not {"number", "integer"} & set(types):
            return
        elif not fits:
            self._wrong_type(outcome, path, ",".join(types), found)

    def _enum(self, outcome: Outcome, value: Any, schema: Schema, path: str) -> None:
        allowed = schema.get("enum")
        if not allowed or any(_is_same(value, item) for item in allowed):
            return
        shown = [item if isinstance(item, str) else orjson.dumps(item).decode() for item in allowed]
        outcome.add(not_supported(self._at(path), value, shown))

    def _string(self, outcome: Outcome, value: str, schema: Schema, path: str) -> None:
        longest, shortest = schema.get("maxLength"), schema.get("minLength")
        pattern = schema.get("pattern")
        if longest is not None and len(value) > longest:
            outcome.add(too_long(self._at(path), longest))
        elif shortest is not None and len(value) < shortest:
            text = f"should be at least {shortest} chars long"
            self._invalid(outcome, path, value, text)
        elif pattern:
            try:
                if not compile_regexp(pattern).matches(value):
                    self._invalid(outcome, path, value, f"should match '{pattern}'")
            except RegexpError as error:
                text = f"should match '{pattern}, but pattern is invalid: {error}'"
                self._invalid(outcome, path, value, text)

    def _format(self, outcome: Outcome, value: str, schema: Schema, path: str) -> None:
        format_ = _format(schema)
        is_of_text = types_of(schema) in ((), ("string",))
        if format_ and is_of_text and not has_format(value, format_):
            self._wrong_type(outcome, path, format_, value)

    def _number(self, outcome: Outcome, value: float, schema: Schema, path: str) -> None:
        self._number_range(outcome, value, schema, path)
        factor = schema.get("multipleOf")
        if factor is not None and not _is_multiple(value, factor):
            shown = int(factor) if isinstance(value, int) else factor
            self._invalid(outcome, path, value, f"should be a multiple of {_shown(shown)}")
        lowest, highest = schema.get("minimum"), schema.get("maximum")
        if lowest is not None:
            lowest = int(lowest) if isinstance(value, int) else lowest
            is_open = bool(schema.get("exclusiveMinimum"))
            if value < lowest or (is_open and value == lowest):
                words = "greater than" if is_open else "greater than or equal to"
                self._invalid(outcome, path, value, f"should be {words} {_shown(lowest)}")
        if highest is not None:
            highest = int(highest) if isinstance(value, int) else highest
            is_open = bool(schema.get("exclusiveMaximum"))
            if value > highest or (is_open and value == highest):
                words = "less than" if is_open else "less than or equal to"
                self._invalid(outcome, path, value, f"should be {words} {_shown(highest)}")

    def _number_range(self, outcome: Outcome, value: float, schema: Schema, path: str) -> None:
        """Whether the number is in the range of the schema's one type."""
        if types_of(schema) != ("integer",):
            return
        format_ = _format(schema)
        bound = _INT_BOUNDS[format_]
        if not float(value).is_integer() or not -bound <= value < bound:
            which = f"with format {format_}" if format_ else "(default format)"
            self._bare(outcome, f"Checked value must be of type integer {which} in {path}")

    def _list(self, outcome: Outcome, value: list[Any], schema: Schema, path: str) -> None:
        items = schema.get("items")
        if isinstance(items, Mapping):
            for place, item in enumerate(value):
                outcome.merge(self.check(item, items, f"{path}[{place}]"))
        fewest, most = schema.get("minItems"), schema.get("maxItems")
        if fewest is not None and len(value) < fewest:
            self._invalid(outcome, path, len(value), f"should have at least {fewest} items")
        if most is not None and len(value) > most:
            outcome.add(too_many(self._at(path), len(value), most))
        if schema.get("uniqueItems") and _has_repeats(value):
            self._invalid(outcome, path, "", "shouldn't contain duplicates")
        outcome.matched += 1

    def _object(
        self, outcome: Outcome, value: Mapping[str, Any], schema: Schema, path: str
    ) -> None:
        fewest, most = schema.get("minProperties"), schema.get("maxProperties")
        if fewest is not None and len(value) < fewest:
            self._invalid(outcome, path, len(value), f"should have at least {fewest} properties")
        if most is not None and len(value) > most:
            outcome.add(too_many(self._at(path), len(value), most))
        properties = schema.get("properties") or {}
        values = additional(schema)
        for key in sorted(value):
            if key in properties:
                continue
            if schema.get("additionalProperties") is False:
                text = f"{path}.{key} in body is a forbidden property"
                outcome.add(FieldError(INVALID, self._at(path), key, text))
            elif values is not None:
                outcome.merge(self.check(value[key], values, f"{path}.{key}"))
        for key in sorted(properties):
            if key in value:
                below = f"{path}.{key}" if path else key
                outcome.merge(self.check(value[key], properties[key], below))
        for key in schema.get("required") or ():
            if key not in value:
                outcome.add(required(self._at(f"{path}.{key}")))

    def _combinations(self, outcome: Outcome, value: Any, schema: Schema, path: str) -> None:
        """allOf, anyOf, oneOf and not."""
        if schema.get("anyOf"):
            self._any_of(outcome, value, schema["anyOf"], path)
        if schema.get("oneOf"):
            self._one_of(outcome, value, schema["oneOf"], path)
        if schema.get("allOf"):
            results = [self.check(value, part, path) for part in schema["allOf"]]
            for result in results:
                outcome.merge(result)
            valid = sum(result.is_valid for result in results)
            if valid < len(results):
                ending = "" if valid else ". None validated"
                self._bare(
                    outcome, f"{_quoted(path)} must validate all the schemas (allOf){ending}"
                )
        if "not" in schema and self.check(value, schema["not"], path).is_valid:
            self._bare(outcome, f"{_quoted(path)} must not validate the schema (not)")
        outcome.matched += 1

    def _any_of(self, outcome: Outcome, value: Any, parts: Sequence[Schema], path: str) -> None:
        results = [self.check(value, part, path) for part in parts]
        first = next((result for result in results if result.is_valid), None)
        if first is not None:
            outcome.merge(first)
            return
        self._bare(outcome, f"{_quoted(path)} must validate at least one schema (anyOf)")
        outcome.merge(_closest(results))

    def _one_of(self, outcome: Outcome, value: Any, parts: Sequence[Schema], path: str) -> None:
        results = [self.check(value, part, path) for part in parts]
        valid = [result for result in results if result.is_valid]
        if len(valid) == 1:
            outcome.merge(valid[0])
            return
        found = f"Found {len(valid)} valid alternatives" if valid else "Found none valid"
        self._bare(
            outcome, f"{_quoted(path)} must validate one and only one schema (oneOf). {found}"
        )
        if not valid:
            outcome.merge(_closest(results))


def types_of(schema: Schema) -> tuple[str, ...]:
    """The types a value may have; empty for any."""
    if schema.get(_INT_OR_STRING):
        return ("integer", "string")
    return (schema["type"],) if schema.get("type") else ()


def _format(schema: Schema) -> str:
    types = types_of(schema)
    return known_format(types[0] if len(types) == 1 else "", schema.get("format") or "")


def _closest(results: Sequence[Outcome]) -> Outcome:
    return max(results, key=lambda result: result.matched)


def _type_of(value: Any) -> tuple[str, str]:
    """A value's type, and the format that Go's type of it has."""
    if isinstance(value, bool):
        return "boolean", ""
    if isinstance(value, int):
        return "integer", "int64"
    if isinstance(value, float):
        return "number", "float64"
    if isinstance(value, str):
        return "string", ""
    return ("array", "") if isinstance(value, list) else ("object", "")


def _is_same(value: Any, other: Any) -> bool:
    """Equal, and not only because Python takes true for one."""
    return isinstance(value, bool) == isinstance(other, bool) and bool(value == other)


def _is_multiple(value: float, factor: float) -> bool:
    if isinstance(value, int):
        return int(factor) > 0 and value % int(factor) == 0
    quotient = value / factor if factor >= 1 else 1 / factor * value
    return abs(quotient - round(quotient)) < 1e-9


def _has_repeats(items: list[Any]) -> bool:
    return any(_is_same(item, other) for place, item in enumerate(items) for other in items[:place])


def _shown(number: float) -> str:
    return str(number) if isinstance(number, int) else go_float(number)


def _quoted(text: str) -> str:
    return orjson.dumps(text).decode()
