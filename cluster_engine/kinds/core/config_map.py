"""The ConfigMap kind.

Models: k8s.io/kubernetes/pkg/registry/core/configmap (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.fields import (
    FieldError,
    forbidden_field,
    invalid_value,
    too_long,
)
from cluster_engine.apimachinery.names import is_config_map_key
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import wrong
from cluster_engine.kinds.columns import AGE, NAME, age
from cluster_engine.kinds.kind import Column, Kind

COLUMNS = (
    NAME,
    Column("Data", described_by="core.v1.ConfigMap.data"),
    AGE,
)

SIZE_MAX = 1024 * 1024
_SEALED = "field is immutable when `immutable` is set"


def validate(obj: Object) -> list[FieldError]:
    """Keys that can be file names, each once, and not too much of everything."""
    problems: list[FieldError] = []
    texts, files = obj.get("data") or {}, obj.get("binaryData") or {}
    for key in texts:
        wrong(problems, f"data[{key}]", key, is_config_map_key(key))
        if key in files:
            text = "duplicate of key present in binaryData"
            problems.append(invalid_value(f"data[{key}]", key, text))
    for key in files:
        wrong(problems, f"binaryData[{key}]", key, is_config_map_key(key))
    size = sum(len(text.encode()) for text in texts.values())
    if size + sum(decoded_size(text) for text in files.values()) > SIZE_MAX:
        problems.append(too_long("[]", SIZE_MAX))
    return problems


def decoded_size(text: str) -> int:
    """How many bytes a base64 text stands for."""
    return len(text) * 3 // 4 - text[-2:].count("=")


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """One that is immutable stays as it is."""
    return [*sealed_changes(new, old, "data", "binaryData"), *validate(new)]


def sealed_changes(new: Object, old: Object, *fields: str) -> list[FieldError]:
    """Changes that `immutable` forbids."""
    problems: list[FieldError] = []
    if old.get("immutable"):
        if not new.get("immutable"):
            problems.append(forbidden_field("immutable", _SEALED))
        for field in fields:
            if (new.get(field) or {}) != (old.get(field) or {}):
                problems.append(forbidden_field(field, _SEALED))
    return problems


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    count = len(obj.get("data") or ()) + len(obj.get("binaryData") or ())
    return [obj["metadata"]["name"], count, age(obj, now_ms)]


KIND = Kind(
    group="",
    version="v1",
    kind="ConfigMap",
    plural="configmaps",
    singular="configmap",
    namespaced=True,
    short_names=("cm",),
    validate=validate,
    validate_update=validate_update,
    columns=COLUMNS,
    cells=cells,
)
