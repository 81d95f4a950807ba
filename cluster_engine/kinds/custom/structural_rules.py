"""Whether a schema is structural: every field has a type of its own, outside of all alternatives.

Models: k8s.io/apiextensions-apiserver/pkg/apiserver/schema/{validation,complete}.go (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cluster_engine.apimachinery.fields import (
    FieldError,
    child,
    forbidden_field,
    index,
    invalid_value,
    required,
)
from cluster_engine.apimachinery.regexp.matching import compile_regexp
from cluster_engine.apimachinery.regexp.syntax import RegexpError
from cluster_engine.kinds.custom.structural import Schema, additional

_ROOT, _ITEM, _FIELD = "root", "item", "field"
_EMBEDDED = "x-kubernetes-embedded-resource"
_KEEPS = "x-kubernetes-preserve-unknown-fields"
_INT_OR_STRING = "x-kubernetes-int-or-string"
_NO_TYPE = {
    _ROOT: "must not be empty at the root",
    _ITEM: "must not be empty for specified array items",
    _FIELD: "must not be empty for specified object fields",
}
_INT_OR_STRING_TYPES = [{"type": "integer"}, {"type": "string"}]
#: What alternatives must not say, with the words for it.
_NESTED = (
    ("type", "must be empty to be structural"),
    ("default", "must be undefined to be structural"),
    ("title", "must be empty to be structural"),
    ("description", "must be empty to be structural"),
    ("nullable", "must be false to be structural"),
    (_KEEPS, "must be false to be structural"),
    (_EMBEDDED, "must be false to be structural"),
    (_INT_OR_STRING, "must be false to be structural"),
    ("x-kubernetes-list-map-keys", "must be empty to be structural"),
    ("x-kubernetes-list-type", "must be undefined to be structural"),
    ("x-kubernetes-map-type", "must be undefined to be structural"),
    ("x-kubernetes-validations", "must be empty to be structural"),
)


def structural_problems(schema: Schema, path: str) -> list[FieldError]:
    """Everything that is not structural, by text."""
    problems = [*_invariants(schema, _ROOT, path), *_incomplete(schema, schema, path, path)]
    return sorted(problems, key=FieldError.text)


def keyed(path: str, key: str) -> str:
    """The path of a map's entry: `path[key]`."""
    return f"{path}[{key}]"


def _invariants(schema: Schema, level: str, path: str) -> Iterator[FieldError]:
    items, values = schema.get("items"), additional(schema)
    if schema.get("type") == "array" and items is None:
        yield required(child(path, "items"), "must be specified")
    if isinstance(items, Mapping):
        yield from _invariants(items, _ITEM, child(path, "items"))
    for name, inner in sorted((schema.get("properties") or {}).items()):
        yield from _invariants(inner, _FIELD, keyed(child(path, "properties"), name))
    if "additionalProperties" in schema:
        below = child(path, "additionalProperties")
        if level == _ROOT:
            yield forbidden_field(below, "must not be used at the root")
        if values is not None:
            yield from _invariants(values, _FIELD, below)
    yield from _extension_problems(schema, path)
    yield from _value_problems(schema, path)
    yield from _type_problems(schema, level, path)
    yield from _metadata_problems(schema, level, path)


def _extension_problems(schema: Schema, path: str) -> Iterator[FieldError]:
    text = f"must be false if {_INT_OR_STRING} is true"
    for name in (_KEEPS, _EMBEDDED):
        if schema.get(_INT_OR_STRING) and schema.get(name):
            yield invalid_value(child(path, name), True, text)


def _type_problems(schema: Schema, level: str, path: str) -> Iterator[FieldError]:
    type_ = schema.get("type") or ""
    where = child(path, "type")
    if schema.get(_EMBEDDED):
        text = f"must be object if {_EMBEDDED} is true"
        if not type_:
            yield required(where, text)
        elif type_ != "object":
            yield invalid_value(where, type_, text)
    elif not type_ and not schema.get(_INT_OR_STRING) and not schema.get(_KEEPS):
        yield required(where, _NO_TYPE[level])
    if schema.get(_EMBEDDED) and "additionalProperties" in schema:
        text = f"must not be used if {_EMBEDDED} is set"
        yield forbidden_field(child(path, "additionalProperties"), text)
    if level == _ROOT and type_ and type_ != "object":
        yield invalid_value(where, type_, "must be object at the root")


def _metadata_problems(schema: Schema, level: str, path: str) -> Iterator[FieldError]:
    properties = schema.get("properties") or {}
    below = child(path, "properties")
    is_resource = level == _ROOT or bool(schema.get(_EMBEDDED))
    for name in ("kind", "apiVersion"):
        type_ = (properties.get(name) or {}).get("type", "")
        if is_resource and name in properties and type_ != "string":
            yield invalid_value(child(keyed(below, name), "type"), type_, "must be string")
    metadata = properties.get("metadata")
    if metadata is not None and is_resource:
        where = keyed(below, "metadata")
        if metadata.get("type") != "object":
            text = "must be object"
            yield invalid_value(child(where, "type"), metadata.get("type", ""), text)
        said = {key for key in metadata if key not in ("type", "default", "properties")}
        if level == _ROOT and (said or set(metadata.get("properties") or ()) - _NAMES):
            text = (
                "must not specify anything other than name and generateName, but metadata is "
                "implicitly specified"
            )
            yield forbidden_field(where, text)
    if schema.get(_EMBEDDED) and not schema.get(_KEEPS) and not properties:
        text = f"must not be empty if {_EMBEDDED} is true without {_KEEPS}"
        yield required(below, text)


_NAMES = {"name", "generateName"}


def _value_problems(
    schema: Schema, path: str, *, is_int_or_string: bool = False
) -> Iterator[FieldError]:
    """Problems of alternatives, and of the pattern."""
    any_of, all_of = schema.get("anyOf") or [], schema.get("allOf") or []
    if not is_int_or_string and list(any_of) != _INT_OR_STRING_TYPES:
        for place, inner in enumerate(any_of):
            yield from _nested_problems(inner, index(child(path, "anyOf"), place))
    for place, inner in enumerate(all_of):
        is_special = place == 0 and list(inner.get("anyOf") or ()) == _INT_OR_STRING_TYPES
        where = index(child(path, "allOf"), place)
        yield from _nested_problems(inner, where, is_int_or_string=is_special)
    for place, inner in enumerate(schema.get("oneOf") or []):
        yield from _nested_problems(inner, index(child(path, "oneOf"), place))
    if schema.get("not") is not None:
        yield from _nested_problems(schema["not"], child(path, "not"))
    pattern = schema.get("pattern")
    if pattern:
        try:
            compile_regexp(pattern)
        except RegexpError as error:
            text = f"must be a valid regular expression, but isn't: {error}"
            yield invalid_value(child(path, "pattern"), pattern, text)


def _nested_problems(
    schema: Schema, path: str, *, is_int_or_string: bool = False
) -> Iterator[FieldError]:
    yield from _value_problems(schema, path, is_int_or_string=is_int_or_string)
    if isinstance(schema.get("items"), Mapping):
        yield from _nested_problems(schema["items"], child(path, "items"))
    properties = schema.get("properties") or {}
    for name, inner in sorted(properties.items()):
        yield from _nested_problems(inner, keyed(child(path, "properties"), name))
    if schema.get("additionalProperties"):
        yield forbidden_field(
            child(path, "additionalProperties"), "must be undefined to be structural"
        )
    for name, text in _NESTED:
        if schema.get(name):
            yield forbidden_field(child(path, name), text)
    if "metadata" in properties:
        where = keyed(child(path, "properties"), "metadata")
        yield forbidden_field(where, "must not be specified in a nested context")


def _incomplete(values: Schema, schema: Schema, path: str, said: str) -> Iterator[FieldError]:
    """What alternatives speak of although the schema itself does not."""
    for word in ("allOf", "anyOf", "oneOf"):
        for place, inner in enumerate(values.get(word) or ()):
            yield from _incomplete_nested(inner, schema, path, index(child(said, word), place))
    if values.get("not") is not None:
        yield from _incomplete_nested(values["not"], schema, path, child(said, "not"))


def _incomplete_nested(values: Schema, schema: Any, path: str, said: str) -> Iterator[FieldError]:
    if schema is None:
        yield required(path, f"because it is defined in {said}")
        return
    yield from _incomplete(values, schema, path, said)
    if isinstance(values.get("items"), Mapping):
        inner = schema.get("items")
        below = child(path, "items")
        yield from _incomplete_nested(values["items"], inner, below, child(said, "items"))
    for name, inner in sorted((values.get("properties") or {}).items()):
        below = keyed(child(path, "properties"), name)
        here = keyed(child(said, "properties"), name)
        known = (schema.get("properties") or {}).get(name)
        if known is None:
            yield required(below, f"because it is defined in {here}")
        else:
            yield from _incomplete_nested(inner, known, below, here)
