"""Strategic merge patch: a merge patch that knows which lists merge, by which key.

`strategic_merge` is what the API server does with a patch. Directives: `$patch` (replace, delete,
merge), `$deleteFromPrimitiveList/…`, `$setElementOrder/…` and `$retainKeys`. Nothing given is
changed; the result shares what stays. `strategic_diff.py` makes such patches.

Models: k8s.io/apimachinery/pkg/util/strategicpatch/patch.go (v0.37.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.patches.shapes import Shape

DIRECTIVE = "$patch"
DELETE, REPLACE, MERGE = "delete", "replace", "merge"
RETAIN_KEYS = "$retainKeys"
DELETE_PREFIX = "$deleteFromPrimitiveList"
ORDER_PREFIX = "$setElementOrder"

_BAD_DELETE_LIST = "invalid patch format of primitive list"
_BAD_RETAIN_KEYS = "invalid patch format of retainKeys"
_BAD_ORDER = "invalid patch format of setElementOrder list"
_NO_LISTS_OF_LISTS = "lists of lists are not supported"


class StrategicPatchError(ValueError):
    """The patch does not fit the type or the object; `str()` is upstream's text."""


@dataclass(frozen=True, slots=True)
class Mode:
    """How maps are merged. On the server directives act and vanish; while a client combines two
    patches they are kept (`keeps_directives`), and so are nulls."""

    keeps_directives: bool = False


SERVER = Mode()
CLIENT = Mode(keeps_directives=True)


def strategic_merge(original: Object, patch: Object, shape: Shape) -> Object:
    """The patched object. Raises StrategicPatchError."""
    return merge_maps(original, patch, shape, SERVER)


def merge_maps(original: Object, patch: Object, shape: Shape, mode: Mode) -> Object:
    """One level of the merge; see `strategic_merge`."""
    if DIRECTIVE in patch:
        return _directed_map(patch)
    merged, rest = _retain(dict(original), patch, mode)
    _merge_ordered_lists(merged, rest, shape, mode)
    for key, value in rest.items():
        is_deletion = key.startswith(DELETE_PREFIX)
        if is_deletion:
            if mode.keeps_directives:
                merged[key] = value
                continue
            key = _bare(key, DELETE_PREFIX, _BAD_DELETE_LIST)
        if value is None:
            merged.pop(key, None)
            if not mode.keeps_directives:
                continue
        if key not in merged or not _is_same_type(merged[key], value):
            if not is_deletion:
                _take(merged, key, value, mode)
            continue
        held = merged[key]
        if isinstance(value, dict):
            merged[key] = _merge_field_maps(held, value, key, shape, mode)
        elif isinstance(value, list):
            field = lookup(shape, key)
            merged[key] = merge_lists(held, value, field, mode, is_deletion=is_deletion)
        else:
            merged[key] = value
    return merged


def lookup(shape: Shape, key: str) -> Shape:
    """The shape of a field. Raises StrategicPatchError when the type has none."""
    found = shape.field(key)
    if found is None:
        raise StrategicPatchError(f'unable to find api field "{key}" in {shape.name or "struct"}')
    return found


def strategy(shape: Shape) -> str:
    """The patch strategy of a field beside retainKeys."""
    return next((word for word in shape.strategies if word != "retainKeys"), "")


def merge_lists(
    original: list[Any], patch: list[Any], shape: Shape, mode: Mode, *, is_deletion: bool = False
) -> list[Any]:
    """Merge where the field's strategy says so, else the patch replaces."""
    if strategy(shape) != MERGE and not is_deletion:
        return patch
    if not original and not patch:
        return original
    if check_items(original, patch) is not dict:
        if is_deletion:
            return [item for item in original if item not in patch]
        merged = _unique([*original, *patch])
        first, rest = _split_scalars(merged, patch)
        return order_items(first, rest, patch, original, "")
    if not shape.merge_key:
        name = shape.item().name or "map"
        raise StrategicPatchError(f"cannot merge lists without merge key for {name}")
    original, patch = _directed_list(original, patch, shape.merge_key)
    merged = _merge_items(original, patch, shape, mode)
    first, rest = _split_maps(merged, patch, shape.merge_key)
    return order_items(first, rest, patch, original, shape.merge_key)


def check_items(*lists: list[Any]) -> type:
    """The one type of all items (dict stands for every map). Raises StrategicPatchError."""
    found: type | None = None
    for items in lists:
        for item in items:
            if isinstance(item, list):
                raise StrategicPatchError(_NO_LISTS_OF_LISTS)
            type_ = dict if isinstance(item, dict) else type(item)
            if found is not None and found is not type_:
                raise StrategicPatchError(
                    f"list element types are not identical: {_go(list(lists))}"
                )
            found = type_
    if found is None:
        raise StrategicPatchError("no elements in any of the given slices")
    return found


def order_items(
    patch: list[Any],
    server_only: list[Any],
    patch_order: list[Any],
    server_order: list[Any],
    merge_key: str,
) -> list[Any]:
    """Both lists in one: each in its own order, the server's items before the first item of the
    patch that came after them in the live list."""
    patch = sort_items(patch, patch_order, merge_key)
    server_only = sort_items(server_only, server_order, merge_key)
    places = _places(server_order, merge_key)
    merged: list[Any] = []
    left = 0
    for item in patch:
        place = places.get(_key(item, merge_key))
        while left < len(server_only):
            other = places.get(_key(server_only[left], merge_key))
            if place is None or other is None or other >= place:
                break
            merged.append(server_only[left])
            left += 1
        merged.append(item)
    return merged + server_only[left:]


def sort_items(items: list[Any], order: list[Any], merge_key: str) -> list[Any]:
    """Sorted by the place in `order`; items that are not in it keep to the front, deletions go
    last."""
    if merge_key:
        require_merge_key(merge_key, items, order)
    places = _places(order, merge_key)
    deleted = [item for item in items if merge_key and item.get(DIRECTIVE) == DELETE]
    kept = [item for item in items if not (merge_key and item.get(DIRECTIVE) == DELETE)]
    kept.sort(key=lambda item: places.get(_key(item, merge_key), -1))
    return kept + deleted


def require_merge_key(merge_key: str, *lists: list[Any]) -> None:
    """Raises StrategicPatchError when an item is no map or lacks the key."""
    for items in lists:
        for item in items:
            if not isinstance(item, dict):
                raise StrategicPatchError(
                    f"expected a map[string]interface {{}}, but received a {_go_type(item)}"
                )
            if merge_key not in item:
                raise StrategicPatchError(
                    f"map: {_go(item)} does not contain declared merge key: {merge_key}"
                )


def _directed_map(patch: Object) -> Object:
    directive = patch[DIRECTIVE]
    if directive == REPLACE:
        return {key: value for key, value in patch.items() if key != DIRECTIVE}
    if directive == DELETE:
        return {}
    raise StrategicPatchError(f"unknown patch type: {_go(directive)} in map: {_go(patch)}")


def _retain(merged: Object, patch: Object, mode: Mode) -> tuple[Object, Object]:
    """Obey `$retainKeys`: the original without what it does not name, the patch without it."""
    rest = dict(patch)
    kept = rest.pop(RETAIN_KEYS, None)
    if kept is None:
        return merged, rest
    if mode.keeps_directives:
        held = merged.setdefault(RETAIN_KEYS, kept)
        if held != kept:
            raise StrategicPatchError(
                f"{_go(held)} and {_go(kept)} are not deep equal: this may happen when calculating "
                "the 3-way diff patch"
            )
        return merged, rest
    if not isinstance(kept, list):
        raise StrategicPatchError(_BAD_RETAIN_KEYS)
    for key, value in rest.items():
        if value is None or key.startswith((DELETE_PREFIX, ORDER_PREFIX)):
            continue
        if key not in kept:
            raise StrategicPatchError(_BAD_RETAIN_KEYS)
    return {key: value for key, value in merged.items() if key in kept}, rest


def _merge_ordered_lists(merged: Object, rest: Object, shape: Shape, mode: Mode) -> None:
    """Lists with a `$setElementOrder` are merged and ordered here and taken out of `rest`."""
    for directive in [key for key in rest if key.startswith(ORDER_PREFIX)]:
        order = rest.pop(directive)
        if mode.keeps_directives and merged.setdefault(directive, order) != order:
            raise StrategicPatchError(_BAD_ORDER)
        if not isinstance(order, list):
            raise StrategicPatchError(
                f"expected a []interface {{}}, but received a {_go_type(order)}"
            )
        key = _bare(directive, ORDER_PREFIX, _BAD_ORDER)
        original, patch = _list_of(merged, key), _list_of(rest, key)
        field = lookup(shape, key)
        _check_order(patch or [], order, field.merge_key)
        if original is None and patch is None:
            continue
        if original is None:
            found = without_directives(patch)
        elif patch is None:
            found = original
        else:
            found = merge_lists(original, patch, field, mode)
        if field.merge_key:
            first, others = _split_maps(found, order, field.merge_key)
        else:
            first, others = _split_scalars(found, order)
        check_items(original or [], patch or [])
        merged[key] = order_items(first, others, order, original or [], field.merge_key)
        rest.pop(key, None)


def _list_of(holder: Object, key: str) -> list[Any] | None:
    if key not in holder:
        return None
    found = holder[key]
    if not isinstance(found, list):
        raise StrategicPatchError(f"expected a []interface {{}}, but received a {_go_type(found)}")
    return found


def _check_order(patch: list[Any], order: list[Any], merge_key: str) -> None:
    """Items of the patch must stand in the order list, in the same order."""
    if not patch or not order:
        return
    items = [item for item in patch if not (isinstance(item, dict) and DIRECTIVE in item)]
    if merge_key:
        require_merge_key(merge_key, items, order)
    places = iter(order)
    for item in items:
        wanted = _key(item, merge_key)
        if not any(_key(place, merge_key) == wanted for place in places):
            raise StrategicPatchError(
                f"The order in patch list:\n{_go(patch)}\n doesn't match {ORDER_PREFIX} list:\n"
                f"{_go(order)}\n"
            )


def _merge_field_maps(
    original: Object, patch: Object, key: str, shape: Shape, mode: Mode
) -> Object:
    field = lookup(shape, key)
    if strategy(field) == REPLACE:
        return patch
    return merge_maps(original, patch, field, mode)


def _directed_list(
    original: list[Any], patch: list[Any], merge_key: str
) -> tuple[list[Any], list[Any]]:
    """The original without what the patch's special items delete, the patch without those."""
    plain = [item for item in patch if DIRECTIVE not in item]
    is_replacing = False
    for item in patch:
        directive = item.get(DIRECTIVE)
        if DIRECTIVE not in item:
            continue
        if directive == DELETE:
            require_merge_key(merge_key, [item])
            original = [held for held in original if held.get(merge_key) != item[merge_key]]
        elif directive == REPLACE:
            is_replacing = True
        elif directive == MERGE:
            raise StrategicPatchError("merging lists cannot yet be specified in the patch")
        else:
            raise StrategicPatchError(f"unknown patch type: {_go(directive)} in map: {_go(item)}")
    return (plain, []) if is_replacing else (original, plain)


def _merge_items(original: list[Any], patch: list[Any], shape: Shape, mode: Mode) -> list[Any]:
    merged = list(original)
    key = shape.merge_key
    places = {_key(item, key): place for place, item in reversed(list(enumerate(merged)))}
    for item in patch:
        require_merge_key(key, [item])
        place = places.get(_key(item, key))
        if place is None:
            places[_key(item, key)] = len(merged)
            # Nulls and directives of an item that is new have nothing to act on.
            kept = item if mode.keeps_directives else without_directives(without_nulls(item))
            merged.append(kept)
        else:
            merged[place] = merge_maps(merged[place], item, shape.item(), mode)
    return merged


def _take(merged: Object, key: str, value: Any, mode: Mode) -> None:
    """Take the patch's value where the original has none to merge with."""
    if not mode.keeps_directives:
        value = without_nulls(value)
    if isinstance(value, dict) and DIRECTIVE in value:
        merged.pop(key, None)
        return
    merged[key] = without_directives(value)


def without_nulls(value: Any) -> Any:
    """The value without null members of maps, at every depth."""
    if isinstance(value, dict):
        return {k: without_nulls(v) for k, v in value.items() if v is not None}
    if isinstance(value, list):
        return [without_nulls(item) for item in value]
    return value


def without_directives(value: Any) -> Any:
    """The value without members and items that carry `$patch`."""
    if isinstance(value, dict):
        return {k: without_directives(v) for k, v in value.items() if not _is_directed(v)}
    if isinstance(value, list):
        return [without_directives(item) for item in value if not _is_directed(item)]
    return value


def _is_directed(value: Any) -> bool:
    return isinstance(value, dict) and DIRECTIVE in value


def _split_scalars(items: list[Any], order: list[Any]) -> tuple[list[Any], list[Any]]:
    return [i for i in items if i in order], [i for i in items if i not in order]


def _split_maps(items: list[Any], order: list[Any], merge_key: str) -> tuple[list[Any], list[Any]]:
    require_merge_key(merge_key, items)
    named = {_key(item, merge_key) for item in order}
    return (
        [item for item in items if _key(item, merge_key) in named],
        [item for item in items if _key(item, merge_key) not in named],
    )


def _places(order: list[Any], merge_key: str) -> dict[Any, int]:
    return {_key(item, merge_key): place for place, item in reversed(list(enumerate(order)))}


def _key(item: Any, merge_key: str) -> Any:
    """The value by which items are compared, as something hashable that tells 1 from true."""
    value = item.get(merge_key) if merge_key and isinstance(item, dict) else item
    return (type(value), str(value) if isinstance(value, (dict, list)) else value)


def _unique(items: list[Any]) -> list[Any]:
    return list({_key(item, ""): item for item in items}.values())


def _bare(key: str, prefix: str, problem: str) -> str:
    head, slash, tail = key.partition("/")
    if head != prefix or not slash:
        raise StrategicPatchError(problem)
    return tail


def _is_same_type(left: Any, right: Any) -> bool:
    for kind in (dict, list):
        if isinstance(left, kind) or isinstance(right, kind):
            return isinstance(left, kind) and isinstance(right, kind)
    return True


def _go_type(value: Any) -> str:
    if isinstance(value, dict):
        return "map[string]interface {}"
    if isinstance(value, list):
        return "[]interface {}"
    names: dict[type, str] = {str: "string", bool: "bool", int: "int64", float: "float64"}
    return names.get(type(value), "<nil>")


def _go(value: Any) -> str:
    """A value as Go's %v prints it."""
    if isinstance(value, dict):
        return "map[" + " ".join(f"{k}:{_go(v)}" for k, v in sorted(value.items())) + "]"
    if isinstance(value, list):
        return "[" + " ".join(_go(item) for item in value) + "]"
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
