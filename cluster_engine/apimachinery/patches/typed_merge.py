"""Merging an applied configuration into a live value, keeping the order of lists sensible.

Models: sigs.k8s.io/structured-merge-diff/v6/typed/merge.go.
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.patches.shapes import Shape
from cluster_engine.apimachinery.patches.typed import (
    _LIST,
    _MAP,
    _SCALAR,
    ABSENT,
    TypedError,
    item_element,
    kind_of,
)


def merge(live: Any, config: Any, shape: Shape) -> Any:
    """The live value with what the configuration says; nothing is removed. Shares what stays."""
    if config is ABSENT or live is config:
        return live
    if live is ABSENT and kind_of(config, shape) == _SCALAR:
        return config
    kind = kind_of(config, shape)
    if kind == _MAP and not shape.is_atomic_map:
        return _merge_maps(live, config, shape)
    if kind == _LIST and not shape.is_atomic_list:
        return _merge_lists(live, config, shape)
    return config


def _merge_maps(live: Any, config: Any, shape: Shape) -> Any:
    before = live if isinstance(live, dict) else {}
    after = config if isinstance(config, dict) else {}
    if not after:
        return before or config
    merged = dict(before)
    for name, value in after.items():
        inner = shape.field(name)
        if inner is not None:
            merged[name] = merge(before.get(name, ABSENT), value, inner)
    return merged


def _merge_lists(live: Any, config: Any, shape: Shape) -> Any:
    before = live if isinstance(live, list) else []
    after = config if isinstance(config, list) else []
    if not before and not after:
        return config
    lefts, rights = _elements(before, shape), _elements(after, shape)
    held: dict[str, Any] = {}
    for element, item in zip(lefts, before, strict=True):
        # Duplicates are not merged with; they stand as they are.
        held[element] = None if element in held else item
    wanted = dict(zip(rights, after, strict=True))
    if len(wanted) != len(rights):
        raise TypedError([f"duplicate entries for key {rights}"])
    return _interleave(lefts, before, rights, held, wanted, shape)


def _elements(items: list[Any], shape: Shape) -> list[str]:
    found = []
    for position, item in enumerate(items):
        try:
            found.append(item_element(item, shape))
        except ValueError as error:
            raise TypedError([f"element {position}: {error}"]) from None
    return found


def _interleave(
    lefts: list[str],
    before: list[Any],
    rights: list[str],
    held: dict[str, Any],
    wanted: dict[str, Any],
    shape: Shape,
) -> list[Any]:
    """Shared items in the configuration's order; items only live ones stay before the shared item
    that they stood before."""
    shared = [element for element in rights if element in held]
    out: list[Any] = []
    merged: set[str] = set()
    left = right = following = 0

    def take_right() -> None:
        nonlocal right
        element = rights[right]
        merged.add(element)
        out.append(merge(held.get(element, ABSENT), wanted[element], shape.item()))
        right += 1

    while left < len(lefts) or right < len(rights):
        if left < len(lefts) and right < len(rights):
            if lefts[left] == rights[right]:
                take_right()
                left += 1
                following += 1
                continue
            next_shared = shared[following] if following < len(shared) else None
            if lefts[left] in wanted and next_shared not in (None, lefts[left]):
                left += 1
                continue
        if left < len(lefts):
            if lefts[left] not in wanted:
                out.append(before[left])
                left += 1
                continue
            if lefts[left] in merged:
                left += 1
        if right < len(rights):
            if following < len(shared) and shared[following] == rights[right]:
                following += 1
            take_right()
    return out
