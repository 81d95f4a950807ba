"""What the rules of a schema see: the types of its values, and the values themselves.

Models: k8s.io/apiserver/pkg/cel/common/{schemas,values}.go and pkg/cel/escaping.go (v0.37.2).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from cluster_engine.apimachinery.cel.types import (
    BOOL,
    BYTES,
    DOUBLE,
    DURATION,
    DYN,
    INT,
    STRING,
    TIMESTAMP,
    Type,
    list_of,
    map_of,
    object_type,
)
from cluster_engine.apimachinery.cel.values import (
    EvaluationError,
    parse_duration,
    parse_timestamp,
)
from cluster_engine.kinds.custom.structural import Schema, additional

_RESERVED = frozenset(
    (
        "true false null in as break const continue else for function if import let loop package "
        "namespace return var void while"
    ).split()
)
_WORD = re.compile(r"[a-zA-Z_][a-zA-Z0-9_./-]*", re.ASCII)
_EXPANDED = {"__": "__underscores__", ".": "__dot__", "-": "__dash__", "/": "__slash__"}
_SPECIAL = re.compile(r"__|[./-]")
_BY_FORMAT = {"byte": BYTES, "duration": DURATION, "date": TIMESTAMP, "date-time": TIMESTAMP}
_SIMPLE = {"boolean": BOOL, "number": DOUBLE, "integer": INT}
_METADATA: Schema = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "generateName": {"type": "string"}},
}


def with_resource_fields(schema: Schema) -> Schema:
    """The schema of a whole object, with what rules may always ask for."""
    properties = {
        **(schema.get("properties") or {}),
        "apiVersion": {"type": "string"},
        "kind": {"type": "string"},
        "metadata": _METADATA,
    }
    return {**schema, "type": "object", "properties": properties}


@cache
def escaped(name: str) -> str | None:
    """A field's name as rules write it; None for one that they cannot."""
    if not _WORD.fullmatch(name):
        return None
    if name in _RESERVED:
        return f"__{name}__"
    return _SPECIAL.sub(lambda match: _EXPANDED[match[0]], name)


def type_of(schema: Schema) -> Type | None:
    """The type of a schema's values; None where rules see nothing."""
    if schema.get("x-kubernetes-int-or-string"):
        return DYN
    if schema.get("x-kubernetes-embedded-resource"):
        schema = with_resource_fields(schema)
    type_ = schema.get("type")
    if type_ == "array":
        items = schema.get("items")
        item = type_of(items) if isinstance(items, Mapping) else None
        return None if item is None else list_of(item)
    if type_ == "object":
        values = additional(schema)
        if values is not None:
            value = type_of(values)
            return None if value is None else map_of(STRING, value)
        return object_type("object", _fields(schema))
    if type_ == "string":
        return _BY_FORMAT.get(schema.get("format") or "", STRING)
    return _SIMPLE.get(type_ or "")


def _fields(schema: Schema) -> Any:
    @cache
    def fields() -> Mapping[str, Type]:
        found: dict[str, Type] = {}
        for name, inner in (schema.get("properties") or {}).items():
            word, type_ = escaped(name), type_of(inner)
            if word is not None and type_ is not None:
                found[word] = type_
        return found

    return fields


def value_of(value: Any, schema: Schema) -> Any:
    """A value as rules see it: its fields under the names that rules use."""
    if schema.get("x-kubernetes-embedded-resource"):
        schema = with_resource_fields(schema)
    type_ = schema.get("type")
    if isinstance(value, list):
        items = schema.get("items")
        return [value_of(item, items) for item in value] if isinstance(items, Mapping) else value
    if isinstance(value, dict):
        return _object_value(value, schema)
    if isinstance(value, str) and type_ == "string":
        return _text_value(value, schema.get("format") or "")
    if type_ == "number" and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value


def _object_value(value: dict[str, Any], schema: Schema) -> dict[str, Any]:
    values = additional(schema)
    if values is not None:
        return {name: value_of(item, values) for name, item in value.items()}
    found: dict[str, Any] = {}
    properties = schema.get("properties") or {}
    for name, item in value.items():
        word = escaped(name)
        if name in properties and word is not None:
            found[word] = value_of(item, properties[name])
    return found


def _text_value(value: str, format_: str) -> Any:
    try:
        if format_ == "byte":
            return base64.b64decode(value)
        if format_ == "duration":
            return parse_duration(value)
        if format_ == "date":
            return parse_timestamp(f"{value}T00:00:00Z")
        if format_ == "date-time":
            return parse_timestamp(value)
    except (EvaluationError, binascii.Error, ValueError):
        return value
    return value
