"""Server-side apply: merging a manager's configuration, pruning what it gave up, conflicts.

Models: sigs.k8s.io/structured-merge-diff/v6/merge/update.go Apply and
k8s.io/apimachinery/pkg/util/managedfields/internal (v0.37.2).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from cluster_engine.apimachinery.errors import ApiError, bad_request, internal
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.patches import field_sets as fs
from cluster_engine.apimachinery.patches import managed_fields as mf
from cluster_engine.apimachinery.patches.field_sets import FieldSet
from cluster_engine.apimachinery.patches.managed_fields import APPLY, UPDATE, Entry, Types, Write
from cluster_engine.apimachinery.patches.shapes import Shape
from cluster_engine.apimachinery.patches.typed import (
    TypedError,
    compare,
    field_set,
    is_equal,
    remove,
    validate,
    with_named_fields,
)
from cluster_engine.apimachinery.patches.typed_merge import merge

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_ANNOTATIONS_BYTES_MAX = 256 * 1024
#: Only kubectl's own manager takes over from client-side apply.
_KUBECTL = "kubectl"


@dataclass(frozen=True, slots=True)
class Applied:
    """What an apply leads to. Without a change `object` is the live one and times stay."""

    object: Object
    entries: list[Entry]
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that another manager has set otherwise."""

    entry: Entry
    path: tuple[str, ...]


class _Conflicts(Exception):
    def __init__(self, conflicts: list[Conflict]) -> None:
        super().__init__()
        self.conflicts = conflicts


def apply(
    live: Object | None,
    config: Object,
    entries: Sequence[Entry],
    types: Types,
    write: Write,
    *,
    kind: str,
    force: bool = False,
) -> Applied:
    """Apply `config` on behalf of `write.manager`. `live` is None when the object is created.

    `kind` is the one that the request's resource has. The result is neither defaulted nor
    validated. Raises ApiError: 409 with all conflicts, 400 or 500 for a config that does not fit.
    """
    shape = _checked_shape(config, types, write, kind)
    before = {} if live is None else _without_managed(types.convert(live, write.api_version))
    old = mf.overlay(types.blank(write.api_version), before)
    started = _tracked(live, old, list(entries), types, write)
    _check_types(old, config, shape, write, kind)
    try:
        new, managers = _apply_typed(old, config, started, types, write, shape, force)
    except _Conflicts as found:
        remaining = _not_from_last_applied(found.conflicts, live, old, shape, write)
        if remaining:
            raise conflict_error(remaining) from None
        new, managers = _apply_typed(old, config, started, types, write, shape, True)
    is_changed = live is None or not is_equal(old, new)
    managers = _stamped(managers, write, is_changed)
    result = _without_nulls_of(before, new, shape) if is_changed else before
    if write.manager == _KUBECTL and _last_applied(result):
        result = _with_last_applied(result, config)
    return Applied(result, managers, is_changed)


def conflict_error(conflicts: Sequence[Conflict]) -> ApiError:
    """409 with every conflict as a cause."""
    causes = [
        {
            "reason": "FieldManagerConflict",
            "message": f"conflict with {_manager_text(conflict.entry)}",
            "field": fs.path_text(conflict.path),
        }
        for conflict in conflicts
    ]
    return ApiError(409, "Conflict", _conflict_text(conflicts), {"causes": causes})


def _conflict_text(conflicts: Sequence[Conflict]) -> str:
    if len(conflicts) == 1:
        only = conflicts[0]
        shown = f"{_manager_text(only.entry)}: {fs.path_text(only.path)}"
        return f"Apply failed with 1 conflict: conflict with {shown}"
    lines: list[str] = []
    last: Entry | None = None
    for conflict in conflicts:
        if conflict.entry is not last:
            lines.append(f"conflicts with {_manager_text(conflict.entry)}:")
            last = conflict.entry
        lines.append(f"- {fs.path_text(conflict.path)}")
    return f"Apply failed with {len(conflicts)} conflicts: " + "\n".join(lines)


def _manager_text(entry: Entry) -> str:
    text = json.dumps(entry.manager, ensure_ascii=False)
    if entry.subresource:
        text = f"{text} with subresource {json.dumps(entry.subresource)}"
    return f"{text} using {entry.api_version}" if entry.operation == UPDATE else text


def _checked_shape(config: Object, types: Types, write: Write, kind: str) -> Shape:
    version = config.get("apiVersion") or ""
    if version != write.api_version or config.get("kind") != kind:
        group, _, number = version.rpartition("/")
        raise bad_request(f"invalid object type: {group}/{number}, Kind={config.get('kind') or ''}")
    metadata = config.get("metadata")
    if isinstance(metadata, dict) and metadata.get("managedFields") is not None:
        raise bad_request("metadata.managedFields must be nil")
    shape = types.shape(write.api_version)
    if shape is None:
        raise internal(f"no corresponding type for {write.api_version}, Kind={kind}")
    return shape


def _check_types(old: Object, config: Object, shape: Shape, write: Write, kind: str) -> None:
    try:
        validate(config, shape)
    except TypedError as error:
        metadata = config.get("metadata") or {}
        where = f"{metadata.get('namespace', '')}/{metadata.get('name', '')}"
        raise ApiError(
            500,
            "",
            f"failed to create typed patch object ({where}; {write.api_version}, Kind={kind}): "
            f"{error}",
        ) from None


def _tracked(
    live: Object | None, old: Object, entries: list[Entry], types: Types, write: Write
) -> list[Entry]:
    """The entries to start from: fields of an untracked object belong to "before-first-apply"."""
    if entries or live is None:
        return entries
    first = replace(write, manager=mf.BEFORE_FIRST_APPLY, ignored=fs.LEAF)
    return mf.after_update([], None, old, types, first)


def _apply_typed(
    old: Object,
    config: Object,
    entries: list[Entry],
    types: Types,
    write: Write,
    shape: Shape,
    force: bool,
) -> tuple[Object, list[Entry]]:
    """The merged and pruned object, with its managers."""
    identity = write.identity(APPLY)
    try:
        merged = merge(old, config, shape)
    except TypedError as error:
        raise internal(f"failed to merge config: {error}") from None
    owned = fs.recursive_difference(field_set(config, shape), write.ignored)
    last = next((entry for entry in entries if entry.identity == identity), None)
    mine = Entry(
        write.manager,
        APPLY,
        write.api_version,
        write.subresource,
        last.time if last else None,
        owned,
    )
    managers = [entry for entry in entries if entry.identity != identity] + [mine]
    if last is not None and last.fields:
        merged = _prune(merged, managers, last, types, write.api_version)
    difference = compare(old, merged, shape).without(write.ignored)
    if not force:
        conflicts = _conflicts(managers, difference, old, merged, types, write, identity)
        if conflicts:
            raise _Conflicts(conflicts)
    kept = mf.without_taken(managers, difference, old, merged, types, write.api_version, identity)
    return merged, [entry for entry in map(_stripped(identity), kept) if entry is not None]


def _stripped(identity: tuple[str, str, str, str]) -> Any:
    def strip(entry: Entry) -> Entry | None:
        if entry.identity != identity:
            return entry
        fields = fs.difference(entry.fields, mf.STRIPPED)
        return replace(entry, fields=fields) if fields else None

    return strip


def _conflicts(
    managers: list[Entry],
    difference: Any,
    old: Object,
    new: Object,
    types: Types,
    write: Write,
    identity: tuple[str, str, str, str],
) -> list[Conflict]:
    found: list[Conflict] = []
    by_version = {write.api_version: difference}
    for entry in sorted(managers, key=lambda entry: entry.identity):
        if entry.identity == identity:
            continue
        seen = by_version.get(entry.api_version)
        if seen is None:
            shape = types.shape(entry.api_version)
            if shape is None:
                continue
            seen = by_version[entry.api_version] = compare(
                types.convert(old, entry.api_version),
                types.convert(new, entry.api_version),
                shape,
            )
        changed = fs.union(seen.modified, seen.added)
        both = fs.intersection(entry.fields, changed)
        found.extend(Conflict(entry, path) for path in fs.paths(both))
    return found


def _prune(
    merged: Object, managers: list[Entry], last: Entry, types: Types, api_version: str
) -> Object:
    """Remove what the manager applied last time, does not apply now, and nobody else owns."""
    shape = types.shape(last.api_version)
    if shape is None:
        return merged
    whole = types.convert(merged, last.api_version)
    pruned = remove(whole, with_named_fields(last.fields, shape), shape)
    by_version: dict[str, FieldSet] = {}
    for entry in managers:
        held = by_version.get(entry.api_version, fs.LEAF)
        by_version[entry.api_version] = fs.union(held, entry.fields)
    ordered = sorted(by_version, key=lambda version: (version != last.api_version, version))
    at = last.api_version
    for version in ordered:
        inner = types.shape(version)
        if inner is None:
            continue
        whole, pruned = types.convert(whole, version), types.convert(pruned or {}, version)
        at = version
        owned = fs.union(
            with_named_fields(field_set(pruned, inner), inner),
            with_named_fields(by_version[version], inner),
        )
        everything = with_named_fields(field_set(whole, inner), inner)
        pruned = remove(whole, fs.difference(everything, owned), inner)
    if at != last.api_version:
        whole = types.convert(whole, last.api_version)
        pruned = types.convert(pruned or {}, last.api_version)
    gone = fs.difference(
        with_named_fields(field_set(whole, shape), shape),
        with_named_fields(field_set(pruned, shape), shape),
    )
    # What was removed though it was never this manager's comes back.
    found = remove(whole, fs.intersection(gone, with_named_fields(last.fields, shape)), shape)
    return types.convert(found, api_version)


def _not_from_last_applied(
    conflicts: list[Conflict], live: Object | None, old: Object, shape: Shape, write: Write
) -> list[Conflict]:
    """Conflicts that remain when kubectl takes over what it applied on the client's side."""
    if write.manager != _KUBECTL or live is None:
        return conflicts
    try:
        last = json.loads(_last_applied(live))
    except ValueError:
        return conflicts
    if not isinstance(last, dict) or last.get("apiVersion") != write.api_version:
        return conflicts
    try:
        validate(last, shape)
    except TypedError:
        return conflicts
    owned = field_set(last, shape)
    for changed in compare(last, old, shape):
        owned = fs.difference(owned, changed)
    if all(fs.contains(owned, conflict.path) for conflict in conflicts):
        return []
    return [conflict for conflict in conflicts if not fs.contains(owned, conflict.path)]


def _stamped(entries: list[Entry], write: Write, is_changed: bool) -> list[Entry]:
    if not is_changed:
        return entries
    identity = write.identity(APPLY)
    return [
        replace(entry, time=write.time) if entry.identity == identity else entry
        for entry in entries
    ]


def _without_managed(obj: Object) -> Object:
    metadata = obj.get("metadata") or {}
    if "managedFields" not in metadata:
        return obj
    rest = {name: value for name, value in metadata.items() if name != "managedFields"}
    return {**obj, "metadata": rest}


def _without_nulls_of(before: Any, value: Any, shape: Shape | None) -> Any:
    """Without the null fields that pruning left behind or the configuration brought.

    A null value of a plain map stays: decoding makes it the empty value, as upstream does.
    """
    if value is before:
        return value
    if isinstance(value, dict):
        held = before if isinstance(before, dict) else {}
        return {
            name: _without_nulls_of(held.get(name), inner, shape and shape.field(name))
            for name, inner in value.items()
            if inner is not None or (shape is not None and not shape.declares(name))
        }
    if isinstance(value, list):
        item = shape.item() if shape is not None and shape.is_list else None
        return [_without_nulls_of(None, held, item) for held in value]
    return value


def _last_applied(obj: Object) -> str:
    annotations = (obj.get("metadata") or {}).get("annotations") or {}
    text: str = annotations.get(LAST_APPLIED) or ""
    return text


def _with_last_applied(obj: Object, config: Object) -> Object:
    """The object with its client-side annotation brought up to date."""
    metadata = dict(config.get("metadata") or {})
    annotations = {
        name: text
        for name, text in (metadata.get("annotations") or {}).items()
        if name != LAST_APPLIED
    }
    if annotations or "annotations" in metadata:
        metadata["annotations"] = annotations
    text = fs.encode(_sorted({**config, "metadata": metadata})) + "\n"
    held = {**obj["metadata"]["annotations"], LAST_APPLIED: text}
    if sum(len(k.encode()) + len(v.encode()) for k, v in held.items()) > _ANNOTATIONS_BYTES_MAX:
        del held[LAST_APPLIED]
    return {**obj, "metadata": {**obj["metadata"], "annotations": held}}


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _sorted(value[name]) for name in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value
