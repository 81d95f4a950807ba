"""Making strategic merge patches: two-way (what turns one object into another) and three-way (what
`kubectl apply` sends).

Models: k8s.io/apimachinery/pkg/util/strategicpatch/patch.go, diffMaps and
CreateThreeWayMergePatch (v0.37.2).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.patches.shapes import Shape
from cluster_engine.apimachinery.patches.strategic import (
    CLIENT,
    DELETE,
    DELETE_PREFIX,
    DIRECTIVE,
    MERGE,
    ORDER_PREFIX,
    REPLACE,
    RETAIN_KEYS,
    check_items,
    lookup,
    merge_maps,
    require_merge_key,
    sort_items,
    strategy,
)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which half of a difference is wanted."""

    changes: bool = True
    deletions: bool = True
    retains_keys: bool = False


def create_patch(original: Object, modified: Object, shape: Shape) -> Object:
    """The patch that turns `original` into `modified`. Raises StrategicPatchError."""
    return _diff_maps(original, modified, shape, _Wanted())


def create_three_way_patch(
    original: Object, modified: Object, current: Object, shape: Shape
) -> Object:
    """What to send so that `current` becomes `modified`, removing only what `original` had."""
    changes = _diff_maps(current, modified, shape, _Wanted(deletions=False))
    deletions = _diff_maps(original, modified, shape, _Wanted(changes=False))
    return merge_maps(deletions, changes, shape, CLIENT)


def _diff_maps(original: Object, modified: Object, shape: Shape, wanted: _Wanted) -> Object:
    patch: Object = {}
    for key, value in modified.items():
        if key not in original:
            if wanted.changes:
                patch[key] = value
            continue
        held = original[key]
        if isinstance(held, dict) and isinstance(value, dict):
            _diff_field_maps(patch, key, held, value, shape, wanted)
        elif isinstance(held, list) and isinstance(value, list):
            _diff_field_lists(patch, key, held, value, shape, wanted)
        elif wanted.changes and not _is_same(held, value):
            patch[key] = value
    if wanted.deletions:
        patch.update({key: None for key in original if key not in modified})
    if wanted.retains_keys:
        kept = sorted(key for key, value in modified.items() if value is not None)
        clears = any(v is not None and k not in modified for k, v in original.items())
        if kept and (patch or clears):
            patch[RETAIN_KEYS] = kept
    return patch


def _diff_field_maps(
    patch: Object, key: str, original: Object, modified: Object, shape: Shape, wanted: _Wanted
) -> None:
    if original == modified and shape.field(key) is None:
        return
    field = lookup(shape, key)
    if strategy(field) == REPLACE:
        if wanted.changes:
            patch[key] = modified
        return
    retains = "retainKeys" in field.strategies
    inner = _diff_maps(original, modified, field, replace(wanted, retains_keys=retains))
    if inner:
        patch[key] = inner


def _diff_field_lists(
    patch: Object,
    key: str,
    original: list[Any],
    modified: list[Any],
    shape: Shape,
    wanted: _Wanted,
) -> None:
    if original == modified and shape.field(key) is None:
        return
    field = lookup(shape, key)
    if strategy(field) != MERGE:
        if wanted.changes and not _is_same(original, modified):
            patch[key] = modified
        return
    retains = "retainKeys" in field.strategies
    added, deleted, order = _diff_lists(
        original, modified, field, replace(wanted, retains_keys=retains)
    )
    if added:
        patch[key] = added
    if deleted:
        patch[f"{DELETE_PREFIX}/{key}"] = deleted
    if order:
        patch[f"{ORDER_PREFIX}/{key}"] = order


def _diff_lists(
    original: list[Any], modified: list[Any], field: Shape, wanted: _Wanted
) -> tuple[list[Any], list[Any], list[Any]]:
    """Items to add or merge, scalars to delete, the order of all."""
    if not original:
        return (modified if wanted.changes else []), [], []
    if check_items(original, modified) is not dict:
        return _diff_scalars(original, modified, wanted)
    key = field.merge_key
    patch, deleted = _diff_items(original, modified, field, wanted)
    patch = sort_items(patch, modified, key) + deleted
    same_order = [item[key] for item in original] == [item[key] for item in modified]
    orders = (wanted.changes and (patch or not same_order)) or (wanted.deletions and patch)
    order = [{key: item[key]} for item in modified] if orders else []
    return patch, [], order


def _diff_scalars(
    original: list[Any], modified: list[Any], wanted: _Wanted
) -> tuple[list[Any], list[Any], list[Any]]:
    added = [item for item in modified if item not in original] if wanted.changes else []
    deleted = []
    if wanted.deletions:
        gone = {item: None for item in original if item not in modified}
        deleted = sorted(gone, key=str)
    is_changed = wanted.changes and original != modified
    return added, deleted, (modified if deleted or is_changed else [])


def _diff_items(
    original: list[Any], modified: list[Any], field: Shape, wanted: _Wanted
) -> tuple[list[Any], list[Any]]:
    key = field.merge_key
    require_merge_key(key, original, modified)
    before = {str(item[key]): item for item in original}
    after = {str(item[key]): item for item in modified}
    patch, deleted = [], []
    for name in sorted({*before, *after}):
        if name not in after:
            if wanted.deletions:
                deleted.append({DIRECTIVE: DELETE, key: before[name][key]})
        elif name not in before:
            if wanted.changes:
                patch.append(after[name])
        else:
            inner = _diff_maps(before[name], after[name], field.item(), wanted)
            if inner:
                patch.append({**inner, key: after[name][key]})
    return patch, deleted


def _is_same(left: Any, right: Any) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    return bool(left == right)
