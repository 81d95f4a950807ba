"""Lists that are sets or maps by their schema hold nothing twice.

Models: k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from cluster_engine.apimachinery.fields import FieldError, child, duplicate, index, invalid_value
from cluster_engine.kinds.custom.structural import Schema, additional


def repeats(value: Any, schema: Schema | None, path: str = "") -> list[FieldError]:
    """A problem for everything that is there again."""
    if schema is None:
        return []
    if isinstance(value, list):
        return list(_in_list(value, schema, path))
    if not isinstance(value, dict):
        return []
    problems: list[FieldError] = []
    properties, values = schema.get("properties") or {}, additional(schema)
    for key, item in value.items():
        if key in properties:
            problems += repeats(item, properties[key], child(path, key))
        elif values is not None:
            problems += repeats(item, values, f"{path}[{key}]")
    return problems


def _in_list(value: list[Any], schema: Schema, path: str) -> Iterator[FieldError]:
    kind = schema.get("x-kubernetes-list-type")
    if kind == "set":
        for place in _again(value):
            yield duplicate(index(path, place), value[place])
    elif kind == "map":
        yield from _in_map(value, schema, path)
    for place, item in enumerate(value):
        yield from repeats(item, schema.get("items"), index(path, place))


def _in_map(value: list[Any], schema: Schema, path: str) -> Iterator[FieldError]:
    for place, item in enumerate(value):
        if item is not None and not isinstance(item, dict):
            text = "must be an object for an array of list-type map"
            yield invalid_value(index(path, place), item, text)
            return
    names = schema.get("x-kubernetes-list-map-keys") or ()
    keys = [{name: item[name] for name in names if name in (item or {})} for item in value]
    for place in _again(keys):
        yield duplicate(index(path, place), keys[place])


def _again(values: list[Any]) -> list[int]:
    """Where something is there for the second time."""
    seen: dict[bytes, int] = {}
    found: list[int] = []
    for place, value in enumerate(values):
        key = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
        seen[key] = seen.get(key, 0) + 1
        if seen[key] == 2:
            found.append(place)
    return found
