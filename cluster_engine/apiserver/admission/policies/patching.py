"""Changing objects by what expressions say.

Models: k8s.io/apiserver/pkg/admission/plugin/policy/mutating/patch (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cluster_engine.apimachinery.cel.values import (
    Duration,
    EvaluationError,
    StructValue,
    Timestamp,
    to_text,
)
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.patches.json_patch import JsonPatchError, apply_json_patch
from cluster_engine.apimachinery.patches.shapes import Shape
from cluster_engine.apimachinery.patches.typed import TypedError, validate
from cluster_engine.apimachinery.patches.typed_merge import merge
from cluster_engine.apiserver.shapes import KindTypes


class Unpatchable(Exception):
    """A patch that cannot be applied; `str()` says why."""


def json_patched(obj: Object, operations: list[StructValue]) -> Object:
    """The object after a JSON patch; as it was when a test in it fails. Raises Unpatchable."""
    patch = [_operation(one) for one in operations]
    try:
        changed: Object = apply_json_patch(obj, patch)
    except JsonPatchError as error:
        if str(error).endswith("test failed"):
            return obj
        raise Unpatchable(f"JSONPath: {error}") from None
    return changed


def _operation(one: StructValue) -> Object:
    value = one.fields.get("value")
    if isinstance(value, StructValue):
        _check_names(value)
    return {name: plain(field) for name, field in one.fields.items()}


def merged(obj: Object, patch: StructValue, types: KindTypes) -> Object:
    """The object with an apply configuration merged into it. Raises Unpatchable."""
    _check_names(patch)
    config: Object = plain(patch)
    config["apiVersion"], config["kind"] = obj["apiVersion"], obj["kind"]
    shape = types.shape(obj["apiVersion"])
    if shape is None:
        raise Unpatchable("error applying patch: type converter must not be nil")
    try:
        validate(config, shape)
    except TypedError as error:
        text = f"failed to convert patch object to typed object: {error}"
        raise Unpatchable(f"error applying patch: {text}") from None
    atomic = list(_atomic(config, shape, ""))
    if atomic:
        text = f"may not mutate atomic arrays, maps or structs: {', '.join(atomic)}"
        raise Unpatchable(f"error applying patch: invalid ApplyConfiguration: {text}")
    changed: Object = merge(obj, config, shape)
    return changed


def _check_names(value: StructValue) -> None:
    """Types of objects are called as the fields they stand in. Raises Unpatchable."""
    problems = list(_wrong_names(value, value.TYPE))
    if problems:
        raise Unpatchable("type mismatch: " + "\n".join(problems))


def _wrong_names(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, StructValue):
        if path != value.TYPE:
            yield (
                f'unexpected type name "{value.TYPE}", expected "{path}", which matches field name '
                "path from root Object type"
            )
        for name, field in value.fields.items():
            yield from _wrong_names(field, f"{path}.{name}")
    elif isinstance(value, list | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _wrong_names(item, path)


def _atomic(value: Any, shape: Shape | None, path: str) -> Iterator[str]:
    """The paths of atomic lists and maps in a configuration."""
    if shape is None:
        return
    if isinstance(value, dict):
        if shape.is_atomic_map:
            yield path
        for name, item in value.items():
            yield from _atomic(item, shape.field(name), f"{path}.{name}")
    elif isinstance(value, list):
        if shape.is_atomic_list:
            yield path
        for place, item in enumerate(value):
            yield from _atomic(item, shape.item(), f"{path}[{place}]")


def plain(value: Any) -> Any:
    """A value of an expression as JSON has it. Raises Unpatchable."""
    if isinstance(value, StructValue):
        return {name: plain(item) for name, item in value.fields.items()}
    if isinstance(value, dict):
        return {_key(name): plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if value is None or isinstance(value, bool | str | float):
        return value
    if isinstance(value, int):
        return int(value)
    if isinstance(value, Timestamp | Duration):
        return to_text(value)
    try:
        return to_text(value)
    except EvaluationError as error:
        raise Unpatchable(str(error)) from None


def _key(name: Any) -> str:
    if not isinstance(name, str):
        raise Unpatchable(f"map key {name} is not string")
    return name
