"""Whether a definition's schema may be used: what OpenAPI has but a cluster does not take.

Models: k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from cluster_engine.apimachinery.fields import (
    FieldError,
    child,
    forbidden_field,
    index,
    invalid_value,
    not_supported,
    required,
)
from cluster_engine.apimachinery.objects import clone
from cluster_engine.kinds.custom.rule_costs import Budget, inner_count
from cluster_engine.kinds.custom.rule_paths import problem_path
from cluster_engine.kinds.custom.rules import RulePlace, rule_problems, violations_within
from cluster_engine.kinds.custom.structural import Schema, additional, prune_value
from cluster_engine.kinds.custom.structural_rules import keyed, structural_problems
from cluster_engine.kinds.custom.values import problems_of

_TYPES = ("array", "boolean", "integer", "number", "object", "string")
_META = ("metadata", "kind", "apiVersion")
_REASONS = (
    "FieldValueDuplicate",
    "FieldValueForbidden",
    "FieldValueInvalid",
    "FieldValueRequired",
)
_LIST_TYPE, _MAP_TYPE = "x-kubernetes-list-type", "x-kubernetes-map-type"
_LIST_KEYS, _RULES = "x-kubernetes-list-map-keys", "x-kubernetes-validations"
#: At the root of a schema whose status has a door of its own.
_AT_ROOT = (
    "description type format title maximum exclusiveMaximum minimum exclusiveMinimum maxLength "
    "minLength pattern maxItems minItems uniqueItems multipleOf required items properties "
    "externalDocs example x-kubernetes-preserve-unknown-fields x-kubernetes-validations"
).split()
_AT_ROOT_SHOWN = (
    "[Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength "
    "MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties "
    "ExternalDocs Example XPreserveUnknownFields XValidations]"
)
_UNSUPPORTED = ("id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref")


@dataclass(frozen=True, slots=True)
class _Place:
    """What counts at a place of the schema."""

    #: Why no defaults are allowed; empty when they are.
    no_defaults: str = ""
    is_meta: bool = False
    is_root: bool = False


def schema_problems(schema: Schema, path: str, *, has_status: bool) -> list[FieldError]:
    """Everything that is wrong with the schema of a version."""
    problems = list(_root_problems(schema, path, has_status=has_status))
    found = structural_problems(schema, path)
    if not found:
        found = list(_default_problems({**schema, _EMBEDDED: True}, path))
    is_structural = not found
    problems += found
    declared = list(_openapi_problems(schema, path, _Place(is_root=True)))
    problems += declared
    if is_structural and not declared:
        budget = Budget()
        problems += _all_rule_problems(schema, RulePlace(path, budget, is_root=True))
        problems += budget.problems(path)
    return problems


def _all_rule_problems(schema: Schema, place: RulePlace) -> Iterator[FieldError]:
    """Problems of the rules in a schema, inner ones first."""
    path = place.path
    inner = replace(place, is_root=False, count=inner_count(schema, place.count))
    values, items = additional(schema), schema.get("items")
    if values is not None:
        where = child(path, "additionalProperties")
        yield from _all_rule_problems(values, replace(inner, path=where))
    for name, property_ in sorted((schema.get("properties") or {}).items()):
        where = keyed(child(path, "properties"), name)
        yield from _all_rule_problems(property_, replace(inner, path=where))
    if isinstance(items, Mapping):
        held = place.uncorrelated or ("" if schema.get(_LIST_TYPE) == "map" else path)
        of_items = replace(inner, path=child(path, "items"), uncorrelated=held)
        yield from _all_rule_problems(items, of_items)
    yield from rule_problems(schema, place)


def _root_problems(schema: Schema, path: str, *, has_status: bool) -> Iterator[FieldError]:
    if has_status:
        type_ = schema.get("type", "")
        if type_ and type_ != "object":
            text = (
                'only "object" is allowed as the type at the root of the schema if the status '
                "subresource is enabled"
            )
            yield invalid_value(f"{path}.type", type_, text)
        elif any(schema[name] and name not in _AT_ROOT for name in schema):
            text = (
                f"only {_AT_ROOT_SHOWN} fields are allowed at the root of the schema if the status "
                "subresource is enabled"
            )
            yield invalid_value(path, dict(schema), text)
    if schema.get("nullable"):
        yield forbidden_field(f"{path}.nullable", "nullable cannot be true at the root")


_EMBEDDED = "x-kubernetes-embedded-resource"


def _default_problems(schema: Schema, path: str) -> Iterator[FieldError]:
    """Defaults are what they are defaults for."""
    default = schema.get("default")
    if default is not None:
        where = child(path, "default")
        pruned = clone(default)
        prune_value(pruned, schema)
        if pruned != default:
            yield invalid_value(where, default, "must not have unknown fields")
        found = problems_of(default, schema, where)
        yield from found or violations_within(default, schema, where)
    items = schema.get("items")
    if isinstance(items, Mapping):
        yield from _default_problems(items, child(path, "items"))
    for name, inner in sorted((schema.get("properties") or {}).items()):
        yield from _default_problems(inner, keyed(child(path, "properties"), name))


def _openapi_problems(schema: Schema, path: str, place: _Place) -> Iterator[FieldError]:
    yield from _standard_problems(schema, path, place)
    if schema.get("uniqueItems"):
        text = "uniqueItems cannot be set to true since the runtime complexity becomes quadratic"
        yield forbidden_field(child(path, "uniqueItems"), text)
    yield from _map_problems(schema, path, place)
    inner_place = replace(place, is_root=False)
    if schema.get("not") is not None:
        yield from _openapi_problems(schema["not"], child(path, "not"), inner_place)
    for word in ("allOf", "oneOf", "anyOf"):
        for position, inner in enumerate(schema.get(word) or ()):
            where = index(child(path, word), position)
            yield from _openapi_problems(inner, where, inner_place)
    if isinstance(schema.get("items"), Mapping):
        yield from _openapi_problems(schema["items"], child(path, "items"), inner_place)
    if schema.get("x-kubernetes-preserve-unknown-fields") is False:
        where = child(path, "x-kubernetes-preserve-unknown-fields")
        yield invalid_value(where, False, "must be true or undefined")
    yield from _map_type_problems(schema, path)
    yield from _list_type_problems(schema, path)
    yield from _list_map_problems(schema, path)
    for position, rule in enumerate(schema.get(_RULES) or ()):
        yield from _rule_problems(rule, schema, index(child(path, _RULES), position))


def _standard_problems(schema: Schema, path: str, place: _Place) -> Iterator[FieldError]:
    type_ = schema.get("type") or ""
    if type_ and type_ not in _TYPES:
        yield not_supported(child(path, "type"), type_, _TYPES)
    if schema.get("default") is not None and place.no_defaults:
        yield forbidden_field(child(path, "default"), f"must not be set {place.no_defaults}")
    for name in _UNSUPPORTED:
        if schema.get(name):
            yield forbidden_field(child(path, name), f"{name} is not supported")
    if type_ == "null":
        text = "type cannot be set to null, use nullable as an alternative"
        yield forbidden_field(child(path, "type"), text)
    if isinstance(schema.get("items"), list):
        text = "items must be a schema object and not an array"
        yield forbidden_field(child(path, "items"), text)
    if place.is_meta and schema.get(_EMBEDDED):
        yield forbidden_field(child(path, _EMBEDDED), "must not be used inside of resource meta")


def _map_problems(schema: Schema, path: str, place: _Place) -> Iterator[FieldError]:
    """Fields with names, and maps."""
    properties, values = schema.get("properties") or {}, additional(schema)
    if "additionalProperties" in schema:
        where = child(path, "additionalProperties")
        if properties and schema["additionalProperties"] is not True:
            text = "additionalProperties and properties are mutual exclusive"
            yield forbidden_field(where, text)
        if values is not None:
            why = "inside additionalProperties applying to object metadata"
            inner = replace(place, is_root=False)
            if place.is_meta:
                inner = replace(inner, no_defaults=why)
            yield from _openapi_problems(values, where, inner)
    for name, property_ in sorted(properties.items()):
        inner = replace(place, is_root=False)
        if name in _META and (place.is_root or schema.get(_EMBEDDED)):
            inner = replace(inner, is_meta=True)
            if place.is_root:
                inner = replace(inner, no_defaults=f"in top-level {name}")
        yield from _openapi_problems(property_, keyed(child(path, "properties"), name), inner)


def _map_type_problems(schema: Schema, path: str) -> Iterator[FieldError]:
    kind, type_ = schema.get(_MAP_TYPE), schema.get("type") or ""
    if kind is None:
        return
    text = f"must be object if {_MAP_TYPE} is specified"
    if not type_:
        yield required(child(path, "type"), text)
    elif type_ != "object":
        yield invalid_value(child(path, "type"), type_, text)
    if kind not in ("atomic", "granular"):
        yield not_supported(child(path, _MAP_TYPE), kind, ("atomic", "granular"))


def _list_type_problems(schema: Schema, path: str) -> Iterator[FieldError]:
    kind, type_ = schema.get(_LIST_TYPE), schema.get("type") or ""
    items = schema.get("items")
    if kind is not None and type_ != "array":
        text = f"must be array if {_LIST_TYPE} is specified"
        where = child(path, "type")
        yield invalid_value(where, type_, text) if type_ else required(where, text)
    elif kind == "set" and isinstance(items, Mapping):
        text = f"must be atomic as item of a list with {_LIST_TYPE}=set"
        for outer, name in (("array", _LIST_TYPE), ("object", _MAP_TYPE)):
            rule = items.get(name)
            is_atomic = rule == "atomic" or (rule is None and outer == "array")
            if items.get("type") == outer and not is_atomic:
                yield invalid_value(child(path, "items", name), items.get(_LIST_TYPE), text)
    if kind not in (None, "atomic", "set", "map"):
        yield not_supported(child(path, _LIST_TYPE), kind, ("atomic", "set", "map"))
    if schema.get(_LIST_KEYS) and kind != "map":
        text = f"must be map if {_LIST_KEYS} is non-empty"
        where = child(path, _LIST_TYPE)
        yield required(where, text) if kind is None else invalid_value(where, kind, text)


def _list_map_problems(schema: Schema, path: str) -> Iterator[FieldError]:
    """Lists that are maps have keys, which are scalars and always there."""
    kind, keys = schema.get(_LIST_TYPE), schema.get(_LIST_KEYS) or []
    items = schema.get("items")
    if kind == "map":
        if not keys:
            text = f"must not be empty if {_LIST_TYPE} is map"
            yield required(child(path, _LIST_KEYS), text)
        if items is None:
            text = f"must have a schema if {_LIST_TYPE} is map"
            yield required(child(path, "items"), text)
        elif items.get("type") != "object":
            text = f"must be object if parent array's {_LIST_TYPE} is map"
            yield invalid_value(child(path, "items", "type"), items.get("type", ""), text)
        else:
            yield from _key_problems(keys, items, path)
    if kind not in ("set", "map") or not isinstance(items, Mapping):
        return
    if items.get("nullable"):
        text = f"cannot be nullable when {_LIST_TYPE} is {kind}"
        yield forbidden_field(child(path, "items", "nullable"), text)
    if kind == "map":
        yield from _key_presence_problems(keys, items, path)


def _key_problems(keys: list[str], items: Schema, path: str) -> Iterator[FieldError]:
    properties = items.get("properties") or {}
    for position, key in enumerate(keys):
        if key not in properties:
            text = "entries must all be names of item properties"
            yield invalid_value(child(path, _LIST_KEYS), list(keys), text)
        elif properties[key].get("type") in ("array", "object"):
            where = child(keyed(child(path, "items", "properties"), key), "type")
            text = f"must be a scalar type if parent array's {_LIST_TYPE} is map"
            yield invalid_value(where, items.get("type"), text)
        if key in keys[:position]:
            text = "must not contain duplicate entries"
            yield invalid_value(child(path, _LIST_KEYS), list(keys), text)


def _key_presence_problems(keys: list[str], items: Schema, path: str) -> Iterator[FieldError]:
    properties = items.get("properties") or {}
    for key in keys:
        held = properties.get(key)
        if held is None:
            continue
        where = keyed(child(path, "items", "properties"), key)
        if key not in (items.get("required") or ()) and held.get("default") is None:
            text = (
                f"this property is in {_LIST_KEYS}, so it must have a default or be a required "
                "property"
            )
            yield required(child(where, "default"), text)
        if held.get("nullable"):
            text = f"this property is in {_LIST_KEYS}, so it cannot be nullable"
            yield forbidden_field(child(where, "nullable"), text)


def _rule_problems(rule: Schema, schema: Schema, path: str) -> Iterator[FieldError]:
    text, message = rule.get("rule") or "", rule.get("message") or ""
    if not text.strip():
        yield required(child(path, "rule"), "rule is not specified")
    elif message and not message.strip():
        yield invalid_value(child(path, "message"), message, "must be non-empty if specified")
    elif _has_line_breaks(message.strip()):
        yield invalid_value(child(path, "message"), message, "must not contain line breaks")
    elif _has_line_breaks(text.strip()) and not message.strip():
        why = "message must be specified if rule contains line breaks"
        yield required(child(path, "message"), why)
    expression = rule.get("messageExpression") or ""
    if expression and not expression.strip():
        why = "messageExpression must be non-empty if specified"
        yield required(child(path, "messageExpression"), why)
    reason = rule.get("reason")
    if reason is not None and reason not in _REASONS:
        yield not_supported(child(path, "reason"), reason, _REASONS)
    where = rule.get("fieldPath") or ""
    if where and not where.strip():
        yield invalid_value(child(path, "fieldPath"), where, "must be non-empty if specified")
    if _has_line_breaks(where):
        yield invalid_value(child(path, "fieldPath"), where, "must not contain line breaks")
    if where and problem_path(where, schema, "") is None:
        yield invalid_value(child(path, "fieldPath"), where, "must be a valid path")


def _has_line_breaks(text: str) -> bool:
    return "\n" in text or "\r" in text
