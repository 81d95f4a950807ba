"""Values as the server's internal types print them, which shows in a few error texts.

Internal types have no JSON names, so their fields print under their Go names, all of them, with
null for what is not set.

Models: the internal types of k8s.io/kubernetes/pkg/apis (v1.37.2).
"""

from __future__ import annotations

import difflib
import json
from functools import cache
from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.schema.catalogue import Definition, Field, load
from cluster_engine.schema.explain import full_name

#: Fields whose name differs in more than case.
_PUBLISHED_NAMES = {
    "DeprecatedServiceAccount": "serviceaccount",
    "CephMonitors": "monitors",
    "RBDImage": "image",
    "RBDPool": "pool",
    "RadosUser": "user",
    "EndpointsName": "endpoints",
    "DataDiskURI": "diskuri",
    "IQN": "iqn",
}
_ZEROS: dict[str, Any] = {"string": "", "bool": False, "int": 0, "byte": 0}
_CONTEXT_LINES = 3
LABEL_SELECTOR = "meta.v1.LabelSelector"


def internal(package: str, type_: str, value: Object | None) -> Any:
    """The value of a published type as its internal twin, such as ("core", "PodSpec")."""
    return None if value is None else _struct(f"{package}.{type_}", value)


def internal_list(package: str, type_: str, values: list[Object] | None) -> Any:
    """A list of such values; null for none."""
    return None if values is None else [_struct(f"{package}.{type_}", value) for value in values]


def published(type_: str, value: Any) -> Any:
    """A value of a published type, such as "meta.v1.LabelSelector", in the order in which Go
    encodes it: fields as the type has them, keys of maps sorted."""
    return _ordered(load().definition(full_name(type_)), value)


def sorted_map(value: dict[str, Any] | None) -> dict[str, Any] | None:
    """A map as Go encodes it: by key."""
    return None if value is None else {key: value[key] for key in sorted(value)}


def _ordered(definition: Definition, value: Any) -> Any:
    if not isinstance(value, dict) or not definition.fields:
        return value
    return {
        name: _ordered_field(field, value[name])
        for name, field in definition.fields.items()
        if name in value
    }


def _ordered_field(field: Field, value: Any) -> Any:
    if field.ref:
        return _ordered(load().definition(field.ref), value)
    if isinstance(value, list) and field.items is not None:
        return [_ordered_field(field.items, item) for item in value]
    if isinstance(value, dict) and field.values is not None:
        return {key: _ordered_field(field.values, value[key]) for key in sorted(value)}
    return value


def internal_diff(package: str, type_: str, old: Object, new: Object) -> str:
    """What changed between two values, as upstream's unified diff prints it."""
    before, after = (
        json.dumps(internal(package, type_, value), indent=1, ensure_ascii=False).splitlines()
        for value in (old, new)
    )
    lines = list(difflib.unified_diff(before, after, n=_CONTEXT_LINES, lineterm=""))[2:]
    return "".join(f"{line}\n" for line in lines)


@cache
def _fields(name: str) -> list[tuple[str, str, str]]:
    return [
        (field, _PUBLISHED_NAMES.get(field, field.lower()), type_)
        for field, type_ in load().internal_fields(name)
    ]


def _struct(name: str, value: Object) -> dict[str, Any]:
    held = {key.lower(): item for key, item in value.items()}
    shown: dict[str, Any] = {}
    for field, key, type_ in _fields(name):
        if field == "+ObjectMeta":
            shown.update(published("meta.v1.ObjectMeta", held.get("metadata") or {}))
        else:
            shown[field] = _value(type_, held.get(key))
    return shown


def _value(type_: str, value: Any) -> Any:
    if type_.startswith("*"):
        return None if value is None else _value(type_[1:], value)
    if type_.startswith("[]"):
        if value is None or type_ == "[]byte":
            return value
        return [_value(type_[2:], item) for item in value]
    if type_.startswith("{}"):
        if value is None:
            return None
        return {key: _value(type_[2:], value[key]) for key in sorted(value)}
    if type_.startswith("@"):
        return _published(type_, value)
    if type_ in _ZEROS:
        return _ZEROS[type_] if value is None else value
    return _struct(type_, value or {})


def _published(type_: str, value: Any) -> Any:
    if value is None:
        return {"@resource.Quantity": "0", "@intstr.IntOrString": 0}.get(type_)
    return published(LABEL_SELECTOR, value) if type_ == "@LabelSelector" else value
