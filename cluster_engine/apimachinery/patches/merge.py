"""JSON merge patch (RFC 7386): applying one, making one, and the three-way form of kubectl apply.

Models: gopkg.in/evanphx/json-patch.v4 and k8s.io/apimachinery/pkg/util/jsonmergepatch (v0.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object


def merge_patch(original: Any, patch: Any) -> Any:
    """The patched value: null removes, maps merge, everything else replaces. Shares what stays."""
    if not isinstance(patch, dict):
        return patch
    merged = dict(original) if isinstance(original, dict) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, dict):
            merged[key] = merge_patch(merged.get(key), value)
        else:
            merged[key] = value
    return merged


def create_merge_patch(original: Object, modified: Object) -> Object:
    """The smallest patch that turns `original` into `modified` (which holds no nulls)."""
    patch: Object = {}
    for key, value in modified.items():
        if key not in original:
            patch[key] = value
        elif isinstance(value, dict) and isinstance(original[key], dict):
            inner = create_merge_patch(original[key], value)
            if inner:
                patch[key] = inner
        elif not _is_same(original[key], value):
            patch[key] = value
    for key in original:
        if key not in modified:
            patch[key] = None
    return patch


def create_three_way_merge_patch(original: Object, modified: Object, current: Object) -> Object:
    """What to send so that `current` becomes `modified`, removing only what `original` had."""
    additions = _keep(create_merge_patch(current, modified), keep_nulls=False)
    deletions = _keep(create_merge_patch(original, modified), keep_nulls=True)
    return _combine(deletions, additions)


def _keep(patch: Object, *, keep_nulls: bool) -> Object:
    """The part of a patch that removes (only nulls), or the part that adds and changes."""
    kept: Object = {}
    for key, value in patch.items():
        if isinstance(value, dict):
            inner = _keep(value, keep_nulls=keep_nulls)
            if inner or (not keep_nulls and not value):
                kept[key] = inner
        elif (value is None) == keep_nulls:
            kept[key] = value
    return kept


def _combine(left: Object, right: Object) -> Object:
    combined = dict(left)
    for key, value in right.items():
        held = combined.get(key)
        both = isinstance(held, dict) and isinstance(value, dict)
        combined[key] = _combine(held or {}, value) if both else value
    return combined


def _is_same(left: Any, right: Any) -> bool:
    return type(left) is type(right) and bool(left == right)
