"""What a structural schema does to an object when it is read: prune, drop nulls, default.

A schema is a `JSONSchemaProps` as it is stored. Objects are changed in place: they are private
copies of the request chain.

Models: k8s.io/apiextensions-apiserver/pkg/apiserver/schema/{pruning,defaulting} (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cluster_engine.apimachinery.objects import clone

Schema = Mapping[str, Any]

_META = ("apiVersion", "kind", "metadata")
_EMBEDDED = "x-kubernetes-embedded-resource"
_KEEPS_UNKNOWN = "x-kubernetes-preserve-unknown-fields"
_EMPTY: Schema = {}


def prune(obj: dict[str, Any], schema: Schema | None) -> list[str]:
    """Take out of a whole object what the schema does not know; gives the paths, sorted.

    The type and metadata stay. Without a schema nothing else does.
    """
    unknown: list[str] = []
    _prune(obj, {**(schema or _EMPTY), _EMBEDDED: True}, "", unknown)
    return sorted(unknown)


def prune_value(value: Any, schema: Schema) -> None:
    """The same for a value inside of an object."""
    _prune(value, schema, "", [])


def _prune(value: Any, schema: Schema | None, path: str, unknown: list[str]) -> None:
    if schema is not None and schema.get(_KEEPS_UNKNOWN):
        _prune_known(value, schema, path, unknown)
    elif isinstance(value, list):
        items = None if schema is None else schema.get("items")
        for place, item in enumerate(value):
            _prune(item, items, f"{path}[{place}]", unknown)
    elif isinstance(value, dict):
        for key in list(value):
            if schema is not None and schema.get(_EMBEDDED) and key in _META:
                continue
            below = f"{path}.{key}" if path else key
            is_known, inner = _below(schema, key)
            if is_known:
                _prune(value[key], inner, below, unknown)
            else:
                del value[key]
                if path or key not in _META:
                    unknown.append(below)


def _prune_known(value: Any, schema: Schema | None, path: str, unknown: list[str]) -> None:
    """Below a schema that keeps unknown fields, only what it does describe is pruned."""
    if schema is None:
        return
    if isinstance(value, list):
        for place, item in enumerate(value):
            _prune_known(item, schema.get("items"), f"{path}[{place}]", unknown)
    elif isinstance(value, dict):
        for key in value:
            if schema.get(_EMBEDDED) and key in _META:
                continue
            is_known, inner = _below(schema, key)
            if is_known:
                _prune(value[key], inner, f"{path}.{key}" if path else key, unknown)


def _below(schema: Schema | None, key: str) -> tuple[bool, Schema | None]:
    """Whether a key is known, and its schema."""
    if schema is None:
        return False, None
    properties = schema.get("properties") or _EMPTY
    if key in properties:
        return True, properties[key]
    if "additionalProperties" in schema:
        return True, additional(schema)
    return False, None


def additional(schema: Schema) -> Schema | None:
    """The schema of a map's values; None when it says nothing about them."""
    values = schema.get("additionalProperties")
    return values if isinstance(values, Mapping) else None


def drop_nulls(value: Any, schema: Schema | None) -> None:
    """Take out nulls that are neither allowed nor replaced by a default."""
    if isinstance(value, dict):
        for key in list(value):
            inner = None if schema is None else _below(schema, key)[1]
            if value[key] is None and _is_unwanted_null(inner) and "default" not in (inner or ()):
                del value[key]
            else:
                drop_nulls(value[key], inner)
    elif isinstance(value, list):
        items = None if schema is None else schema.get("items")
        for item in value:
            drop_nulls(item, items)


def _is_unwanted_null(schema: Schema | None) -> bool:
    return schema is not None and not schema.get("nullable")


def fill_defaults(value: Any, schema: Schema | None) -> None:
    """Put defaults where nothing is, or a null that is not allowed."""
    if schema is None:
        return
    if isinstance(value, dict):
        properties = schema.get("properties") or _EMPTY
        for key, inner in properties.items():
            if inner.get("default") is None:
                continue
            if key not in value or (value[key] is None and _is_unwanted_null(inner)):
                value[key] = clone(inner["default"])
        for key in list(value):
            inner = properties[key] if key in properties else additional(schema)
            if key not in properties and value[key] is None and _is_unwanted_null(inner):
                value[key] = clone((inner or _EMPTY).get("default"))
            fill_defaults(value[key], inner)
    elif isinstance(value, list):
        items = schema.get("items")
        for place, item in enumerate(value):
            if item is None and _is_unwanted_null(items):
                value[place] = clone((items or _EMPTY).get("default"))
            fill_defaults(value[place], items)
