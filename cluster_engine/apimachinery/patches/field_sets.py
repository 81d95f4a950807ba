"""Sets of fields in the form of `fieldsV1`, and their algebra.

A set *is* its JSON form: a dict from path elements ("f:name", 'k:{"name":"a"}', 'v:"x"') to the
sets below. An element whose dict is empty belongs to the set; one with something below belongs to
it only when it also holds ".". Sets are never changed in place and share what they can.

Models: sigs.k8s.io/structured-merge-diff/v6/fieldpath.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, TypeAlias

FieldSet: TypeAlias = dict[str, Any]

#: An element that belongs to the set and has nothing below.
LEAF: FieldSet = {}
SELF = "."


def node(below: FieldSet, *, is_member: bool) -> FieldSet | None:
    """An element's dict from what is below it; None when there is nothing to keep."""
    if not below:
        return LEAF if is_member else None
    return {SELF: LEAF, **below} if is_member else below


def has_self(element: FieldSet) -> bool:
    """Whether the element itself belongs to the set."""
    return not element or SELF in element


def below(element: FieldSet) -> FieldSet:
    """What is below an element, without the element itself."""
    if SELF not in element:
        return element
    return {key: value for key, value in element.items() if key != SELF}


def union(left: FieldSet, right: FieldSet) -> FieldSet:
    """What is in either."""
    if not left or left is right:
        return right
    if not right:
        return left
    merged = dict(left)
    for key, theirs in right.items():
        ours = merged.get(key)
        if ours is None:
            merged[key] = theirs
        elif ours is not theirs and (ours or theirs):
            is_member = has_self(ours) or has_self(theirs)
            found = node(union(below(ours), below(theirs)), is_member=is_member)
            merged[key] = LEAF if found is None else found
    return merged


def difference(left: FieldSet, right: FieldSet) -> FieldSet:
    """What is in `left` but not in `right`; a parent in `right` takes no children away."""
    if not left or not right:
        return left
    kept: FieldSet = {}
    for key, ours in left.items():
        theirs = right.get(key)
        if theirs is None:
            kept[key] = ours
            continue
        is_member = has_self(ours) and not has_self(theirs)
        found = node(difference(below(ours), below(theirs)), is_member=is_member)
        if found is not None:
            kept[key] = found
    return kept


def recursive_difference(left: FieldSet, right: FieldSet) -> FieldSet:
    """As `difference`, but a parent in `right` takes its children away too."""
    if not left or not right:
        return left
    kept: FieldSet = {}
    for key, ours in left.items():
        theirs = right.get(key)
        if theirs is None:
            kept[key] = ours
        elif not has_self(theirs):
            found = node(recursive_difference(below(ours), theirs), is_member=has_self(ours))
            if found is not None:
                kept[key] = found
    return kept


def intersection(left: FieldSet, right: FieldSet) -> FieldSet:
    """What is in both."""
    if left is right:
        return left
    kept: FieldSet = {}
    for key, ours in left.items():
        theirs = right.get(key)
        if theirs is None:
            continue
        is_member = has_self(ours) and has_self(theirs)
        found = node(intersection(below(ours), below(theirs)), is_member=is_member)
        if found is not None:
            kept[key] = found
    return kept


def contains(fields: FieldSet, path: tuple[str, ...]) -> bool:
    """Whether the element at `path` (path elements) belongs to the set."""
    for element in path[:-1]:
        found = fields.get(element)
        if found is None:
            return False
        fields = below(found)
    return bool(path) and path[-1] in fields and has_self(fields[path[-1]])


def of_paths(*paths: tuple[str, ...]) -> FieldSet:
    """The set of those paths."""
    fields: FieldSet = {}
    for path in paths:
        single: FieldSet = LEAF
        for element in reversed(path):
            single = {element: single}
        fields = union(fields, single)
    return fields


def paths(fields: FieldSet, prefix: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """All members in order: those of a level first, then what is below each."""
    keys = sorted((key for key in fields if key != SELF), key=order_of)
    for key in keys:
        if has_self(fields[key]):
            yield (*prefix, key)
    for key in keys:
        yield from paths(fields[key], (*prefix, key))


def in_order(fields: FieldSet) -> FieldSet:
    """The set with its elements in upstream's order, as `fieldsV1` is written."""
    if not fields:
        return {}
    ordered: FieldSet = {SELF: {}} if SELF in fields else {}
    for key in sorted((key for key in fields if key != SELF), key=order_of):
        ordered[key] = in_order(fields[key])
    return ordered


def from_json(fields: Any) -> FieldSet:
    """A set from what a client sent; elements of unknown kinds are dropped, as upstream does.

    Raises ValueError when it is no field set.
    """
    if not isinstance(fields, dict):
        raise ValueError("a field set is an object")
    kept: FieldSet = {}
    for key, value in fields.items():
        if key == SELF:
            kept[SELF] = LEAF
        elif len(key) < 2 or key[1] != ":":
            raise ValueError(
                f"missing colon: {key}" if len(key) > 1 else "key must be 2 characters"
            )
        elif key[0] in "fkvi":
            kept[_canonical(key)] = from_json(value)
    return kept


def path_text(path: tuple[str, ...]) -> str:
    """As conflicts show it: '.spec.containers[name="a"].image'."""
    return "".join(map(_element_text, path))


def field(name: str) -> str:
    """The path element of a field."""
    return f"f:{name}"


def item_value(value: Any) -> str:
    """The path element of a set's item."""
    return f"v:{encode(value)}"


def item_keys(keys: dict[str, Any]) -> str:
    """The path element of a list-map's item."""
    return f"k:{encode(dict(sorted(keys.items())))}"


def encode(value: Any) -> str:
    """JSON as upstream writes it into path elements (HTML signs escaped)."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    for sign in "<>&\u2028\u2029":
        if sign in text:
            text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


_KIND_RANK = {"f": 0, "k": 1, "v": 2, "i": 3}


@lru_cache(maxsize=8192)
def order_of(element: str) -> tuple[Any, ...]:
    """The place of an element among others: fields by name, then items by their values."""
    rank = _KIND_RANK.get(element[:1], 4)
    if rank == 0:
        return (rank, element[2:])
    if rank == 1:
        keys = json.loads(element[2:])
        return (rank, tuple((name, *_value_order(value)) for name, value in sorted(keys.items())))
    if rank == 2:
        return (rank, *_value_order(json.loads(element[2:])))
    return (rank, int(element[2:]) if rank == 3 else element)


def _value_order(value: Any) -> tuple[int, Any]:
    if isinstance(value, bool):
        return (2, value)
    if isinstance(value, (int, float)):
        return (0, value)
    if isinstance(value, str):
        return (1, value)
    return (3, encode(value))


def _canonical(element: str) -> str:
    if element[0] == "k":
        keys = json.loads(element[2:])
        if not isinstance(keys, dict):
            raise ValueError(f"no keys: {element}")
        return item_keys(keys)
    return item_value(json.loads(element[2:])) if element[0] == "v" else element


@lru_cache(maxsize=8192)
def _element_text(element: str) -> str:
    if element.startswith("f:"):
        return f".{element[2:]}"
    if element.startswith("k:"):
        keys = json.loads(element[2:])
        shown = ",".join(f"{k}={json.dumps(v, ensure_ascii=False)}" for k, v in keys.items())
        return f"[{shown}]"
    if element.startswith("v:"):
        return f"[={json.dumps(json.loads(element[2:]), ensure_ascii=False)}]"
    return f"[{element[2:]}]"
