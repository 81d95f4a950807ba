"""The rules of a schema (`x-kubernetes-validations`): whether they are sound, and kept.

Models: k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson

from cluster_engine.apimachinery.cel.nodes import Name
from cluster_engine.apimachinery.cel.programs import (
    CompileError,
    EvaluationError,
    Program,
    compile_expression,
)
from cluster_engine.apimachinery.cel.types import BOOL, STRING, Type, optional_of
from cluster_engine.apimachinery.cel.values import NONE, Optional
from cluster_engine.apimachinery.cel.walking import walk
from cluster_engine.apimachinery.fields import (
    DUPLICATE,
    FORBIDDEN,
    INVALID,
    OMIT,
    REQUIRED,
    FieldError,
    child,
    index,
    invalid_value,
)
from cluster_engine.kinds.custom.rule_costs import Budget, reader_of, sizes_of
from cluster_engine.kinds.custom.rule_paths import problem_path
from cluster_engine.kinds.custom.rule_types import type_of, value_of, with_resource_fields
from cluster_engine.kinds.custom.structural import Schema, additional

_RULES = "x-kubernetes-validations"
_MESSAGE_LENGTH_MAX = 5 * 1024
_TYPES = (REQUIRED, FORBIDDEN, INVALID, DUPLICATE)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a schema, compiled."""

    program: Program
    message: Program | None
    text: str
    words: str
    reason: str
    field_path: str
    uses_old: bool
    is_old_optional: bool

    @property
    def shown(self) -> str:
        """What errors call it."""
        return self.words or self.text


@dataclass(frozen=True, slots=True)
class RulePlace:
    """Where in a schema rules are."""

    path: str
    budget: Budget
    is_root: bool = False
    #: How many values there may be; None: there is no bound.
    count: int | None = 1
    #: The part of the schema in which values have no earlier selves; empty: they have.
    uncorrelated: str = ""


def rule_problems(schema: Schema, place: RulePlace) -> Iterator[FieldError]:
    """Rules of one schema that cannot be used, or may cost too much."""
    rules = schema.get(_RULES) or ()
    if not rules:
        return
    whole = with_resource_fields(schema) if place.is_root else schema
    type_, sizes = type_of(whole), sizes_of(whole)
    if type_ is None or sizes is None:
        return
    for position, rule in enumerate(rules):
        where = index(child(place.path, _RULES), position)
        shown = _shown(rule)
        try:
            program = _compile(rule, "rule", type_, BOOL)
        except CompileError as error:
            yield invalid_value(child(where, "rule"), shown, str(error))
            continue
        size_of = reader_of(sizes)
        cost = program.cost(size_of)
        yield from place.budget.of_rule(cost, sizes, place.count, child(where, "rule"))
        if rule.get("messageExpression"):
            at = child(where, "messageExpression")
            try:
                message = _compile(rule, "messageExpression", type_, STRING)
            except CompileError as error:
                yield invalid_value(at, shown, str(error))
            else:
                yield from place.budget.of_message(message.cost(size_of), at)
        yield from _old_self_problems(rule, program, place, where)


def _old_self_problems(
    rule: Schema, program: Program, place: RulePlace, where: str
) -> Iterator[FieldError]:
    if _uses_old(program):
        if place.uncorrelated:
            text = "oldSelf cannot be used on the uncorrelatable portion of the schema within"
            yield invalid_value(child(where, "rule"), rule["rule"], f"{text} {place.uncorrelated}")
    elif rule.get("optionalOldSelf") is not None:
        text = "may not be set if oldSelf is not used in rule"
        yield invalid_value(child(where, "optionalOldSelf"), rule["optionalOldSelf"], text)


def _compile(rule: Schema, name: str, type_: Type, result: Type) -> Program:
    """One of a rule's expressions. Raises CompileError."""
    old = optional_of(type_) if rule.get("optionalOldSelf") else type_
    about = "cel expression" if name == "rule" else name
    try:
        program = compile_expression(rule.get(name, ""), {"self": type_, "oldSelf": old})
    except CompileError as error:
        raise CompileError(str(error) if name == "rule" else f"{name} {error}") from None
    if program.type != result:
        raise CompileError(f"{about} must evaluate to a {result}")
    return program


def _uses_old(program: Program) -> bool:
    return any(isinstance(node, Name) and node.name == "oldSelf" for node in walk(program.node))


def _shown(rule: Schema) -> dict[str, Any]:
    """A rule as problems show it: with the field names of upstream's own type."""
    return {
        "Rule": rule.get("rule", ""),
        "Message": rule.get("message", ""),
        "MessageExpression": rule.get("messageExpression", ""),
        "Reason": rule.get("reason"),
        "FieldPath": rule.get("fieldPath", ""),
        "OptionalOldSelf": rule.get("optionalOldSelf"),
    }


def has_rules(schema: Schema) -> bool:
    """Whether there is a rule anywhere in the schema."""
    return _has_rules(orjson.dumps(schema, default=dict))


@lru_cache(maxsize=256)
def _has_rules(text: bytes) -> bool:
    return b'"x-kubernetes-validations"' in text


def violations(new: Any, old: Any, schema: Schema) -> list[FieldError]:
    """The rules that an object breaks; `old` is the one it replaces, or None."""
    return list(_violations(new, old, with_resource_fields(schema), schema, ""))


def violations_within(value: Any, schema: Schema, path: str) -> list[FieldError]:
    """The rules that a value which stays as it is breaks, such as a default."""
    return list(_violations(value, value, schema, schema, path))


def _violations(
    new: Any, old: Any, schema: Schema, declared: Schema, path: str
) -> Iterator[FieldError]:
    """`declared` is the schema as written, `schema` with what whole objects have anyway."""
    if new is None:
        return
    if declared.get(_RULES):
        yield from _broken(new, old, schema, declared, path)
    if isinstance(new, list):
        yield from _in_list(new, old, declared, path)
    elif isinstance(new, dict):
        held = old if isinstance(old, dict) else {}
        properties, values = declared.get("properties") or {}, additional(declared)
        for name, item in new.items():
            if name in properties:
                inner, below = properties[name], child(path, name)
            elif values is not None:
                inner, below = values, f"{path}[{name}]"
            else:
                continue
            yield from _violations(item, held.get(name), inner, inner, below)


def _in_list(new: list[Any], old: Any, schema: Schema, path: str) -> Iterator[FieldError]:
    items = schema.get("items")
    if not isinstance(items, Mapping):
        return
    held: dict[tuple[Any, ...], Any] = {}
    keys = schema.get("x-kubernetes-list-map-keys") or ()
    if schema.get("x-kubernetes-list-type") == "map" and isinstance(old, list):
        held = {_key(item, keys): item for item in old if isinstance(item, dict)}
    for place, item in enumerate(new):
        before = held.get(_key(item, keys)) if isinstance(item, dict) else None
        yield from _violations(item, before, items, items, index(path, place))


def _key(item: Mapping[str, Any], keys: Any) -> tuple[Any, ...]:
    return tuple(item.get(key) for key in keys)


def _broken(
    new: Any, old: Any, schema: Schema, declared: Schema, path: str
) -> Iterator[FieldError]:
    is_whole = schema is not declared
    variables: dict[str, Any] = {"self": value_of(new, schema)}
    before = None if old is None else value_of(old, schema)
    at, kind = path or "<nil>", schema.get("type", "")
    for rule in _compiled(orjson.dumps(declared, default=dict), is_whole):
        if rule.uses_old and before is None and not rule.is_old_optional:
            continue
        seen = {**variables, "oldSelf": before}
        if rule.is_old_optional:
            seen["oldSelf"] = NONE if before is None else Optional(before, True)
        try:
            if rule.program.run(seen) is True:
                continue
        except EvaluationError as error:
            yield FieldError(INVALID, at, kind, _failure(str(error), rule))
            continue
        detail = _message(rule, seen)
        where = at
        if rule.field_path:
            where = problem_path(rule.field_path, schema, path) or at
        value = OMIT if kind in ("object", "array") else new
        is_valueless = rule.reason in (FORBIDDEN, REQUIRED)
        yield FieldError(rule.reason, where, OMIT if is_valueless else value, detail)


@lru_cache(maxsize=512)
def _compiled(text: bytes, is_whole: bool) -> tuple[Rule, ...]:
    """The rules of a schema, given as JSON; `is_whole`: of whole objects."""
    schema = orjson.loads(text)
    type_ = type_of(with_resource_fields(schema) if is_whole else schema)
    if type_ is None:
        return ()
    found: list[Rule] = []
    for rule in schema[_RULES]:
        try:
            program = _compile(rule, "rule", type_, BOOL)
            has_message = bool(rule.get("messageExpression"))
            message = _compile(rule, "messageExpression", type_, STRING) if has_message else None
        except CompileError:
            continue  # A definition with such a rule is not accepted.
        found.append(
            Rule(
                program=program,
                message=message,
                text=rule.get("rule", "").strip(),
                words=rule.get("message", "").strip(),
                reason=rule["reason"] if rule.get("reason") in _TYPES else INVALID,
                field_path=rule.get("fieldPath") or "",
                uses_old=_uses_old(program),
                is_old_optional=bool(rule.get("optionalOldSelf")),
            )
        )
    return tuple(found)


def _failure(text: str, rule: Rule) -> str:
    if text.startswith("no such overload"):
        why = "call arguments did not match a supported operator, function or macro signature"
        return f"'{text}': {why} for rule: {rule.shown}"
    if text.startswith("operation cancelled"):
        why = "no further validation rules will be run due to call cost exceeds limit"
        return f"'{text}': {why} for rule: {rule.shown}"
    return f"{text} evaluating rule: {rule.shown}"


def _message(rule: Rule, variables: Mapping[str, Any]) -> str:
    """What a broken rule says: its expression's value, its message, or itself."""
    if rule.message is not None:
        try:
            said = rule.message.run(variables)
        except EvaluationError:
            said = None
        if isinstance(said, str):
            said = said.strip()
            if said and len(said) <= _MESSAGE_LENGTH_MAX and "\n" not in said:
                return said
    return rule.words or f"failed rule: {rule.text}"
