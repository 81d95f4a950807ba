"""Typed values: which fields a value has, how two differ, merging one into another, removing
fields; all as the type's lists and maps demand.

Every function takes the `Shape` of what it works on. Nothing given is changed.

Models: sigs.k8s.io/structured-merge-diff/v6/typed (tofieldset, compare, merge, remove, validate).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from cluster_engine.apimachinery.patches import field_sets as fs
from cluster_engine.apimachinery.patches.field_sets import LEAF, FieldSet
from cluster_engine.apimachinery.patches.shapes import BOOLEAN, NUMERIC, STRING, UNTYPED, Shape

#: Stands for "there is no such value" (None is a value: null).
ABSENT: Any = object()

_MAP, _LIST, _SCALAR = "map", "list", "scalar"


class TypedError(ValueError):
    """A value does not fit its type; `problems` are texts with their paths."""

    def __init__(self, problems: list[str]) -> None:
        text = problems[0] if len(problems) == 1 else "\n  ".join(["errors:", *problems])
        super().__init__(text)
        self.problems = problems


def kind_of(value: Any, shape: Shape) -> str:
    """Which of its possible kinds a value of that shape is; null takes the first possible."""
    if isinstance(value, dict):
        if shape.is_map:
            return _MAP
    elif isinstance(value, list):
        if shape.is_list:
            return _LIST
    elif value is not None and value is not ABSENT and shape.scalar:
        return _SCALAR
    if shape.is_map:
        return _MAP
    return _SCALAR if shape.scalar else _LIST


def item_element(item: Any, shape: Shape) -> str:
    """The path element of a list's item. Raises ValueError when it cannot be told."""
    if not shape.list_keys:
        if isinstance(item, dict):
            raise ValueError("associative list without keys has an element that's a map type")
        if isinstance(item, list):
            raise ValueError("not supported: associative list with lists as elements")
        if item is None:
            raise ValueError("associative list without keys has an element that's an explicit null")
        return fs.item_value(item)
    if item is None:
        raise ValueError("associative list with keys may not have a null element")
    if not isinstance(item, dict):
        raise ValueError("associative list with keys may not have non-map elements")
    keys = {}
    for name in shape.list_keys:
        value = item[name] if name in item else shape.key_default(name)
        if value is not None or name in item:
            keys[name] = value
    if not keys:
        names = " ".join(fs.encode(name) for name in shape.list_keys)
        raise ValueError(
            f"associative list with keys has an element that omits all key fields [{names}] "
            "(and doesn't have default values for any key fields)"
        )
    return fs.item_keys(keys)


def field_set(value: Any, shape: Shape) -> FieldSet:
    """Every leaf field and item that the value mentions."""
    return _below(value, shape)[0]


def _below(value: Any, shape: Shape) -> tuple[FieldSet, bool]:
    """What is below a value, and whether the value itself counts (a leaf)."""
    kind = kind_of(value, shape)
    if kind == _SCALAR:
        return {}, True
    if kind == _MAP:
        if shape.is_atomic_map:
            return {}, True
        return (_map_fields(value, shape) if isinstance(value, dict) else {}), False
    if shape.is_atomic_list:
        return {}, True
    return (_list_fields(value, shape) if isinstance(value, list) else {}), False


def _map_fields(value: dict[str, Any], shape: Shape) -> FieldSet:
    found: FieldSet = {}
    for name, held in value.items():
        inner = shape.field(name)
        if inner is None:
            continue
        inside, is_member = _below(held, inner)
        is_empty = held is None or held == {}
        element = fs.node(inside, is_member=is_member or is_empty or not shape.declares(name))
        if element is not None:
            found[fs.field(name)] = element
    return found


def _list_fields(value: list[Any], shape: Shape) -> FieldSet:
    found: FieldSet = {}
    for element, items in _indexed(value, shape).items():
        inside = LEAF if len(items) > 1 else _below(items[0], shape.item())[0]
        found[element] = fs.node(inside, is_member=True) or LEAF
    return found


def _indexed(value: Any, shape: Shape) -> dict[str, list[Any]]:
    """Items by path element, more than one for duplicates; what has no element is left out."""
    found: dict[str, list[Any]] = {}
    for item in value if isinstance(value, list) else ():
        try:
            element = item_element(item, shape)
        except ValueError:
            continue
        found.setdefault(element, []).append(item)
    return found


class Comparison(NamedTuple):
    """How two values differ; no field is in more than one of the sets."""

    removed: FieldSet
    modified: FieldSet
    added: FieldSet

    def without(self, ignored: FieldSet) -> Comparison:
        """The same without those fields and all below them."""
        if not ignored:
            return self
        return Comparison(*(fs.recursive_difference(fields, ignored) for fields in self))


def compare(old: Any, new: Any, shape: Shape) -> Comparison:
    """The fields that `new` lacks, has otherwise, or has more than `old`."""
    result = Comparison({}, {}, {})
    if old is not new:
        _compare_inside(old, new, shape, result)
    return result


def _compare_inside(old: Any, new: Any, shape: Shape, out: Comparison) -> bool:
    """Put differences below a value into `out`; True when the value is a leaf that differs."""
    if new is ABSENT:
        kinds = {kind_of(old, shape)}
    elif old is ABSENT:
        kinds = {kind_of(new, shape)}
    else:
        kinds = {kind_of(old, shape), kind_of(new, shape)}
    differs = False
    for kind in sorted(kinds):
        if kind == _SCALAR:
            differs = differs or not is_equal(old, new)
        elif kind == _MAP:
            differs = _compare_maps(old, new, shape, out) or differs
        else:
            differs = _compare_lists(old, new, shape, out) or differs
    return differs


def _compare_maps(old: Any, new: Any, shape: Shape, out: Comparison) -> bool:
    before = old if isinstance(old, dict) else {}
    after = new if isinstance(new, dict) else {}
    if shape.is_atomic_map or (not before and not after):
        return not is_equal(old, new)
    for name in {**before, **after}:
        left, right = before.get(name, ABSENT), after.get(name, ABSENT)
        if left is right:
            continue
        inner = shape.field(name)
        if inner is not None:
            _compare_at(fs.field(name), left, right, inner, out)
    return False


def _compare_at(element: str, old: Any, new: Any, shape: Shape, out: Comparison) -> None:
    inside = Comparison({}, {}, {})
    is_changed = _compare_inside(old, new, shape, inside)
    members = (new is ABSENT, is_changed and old is not ABSENT and new is not ABSENT, old is ABSENT)
    for target, below, is_member in zip(out, inside, members, strict=True):
        found = fs.node(below, is_member=is_member)
        if found is not None:
            target[element] = found


def _compare_lists(old: Any, new: Any, shape: Shape, out: Comparison) -> bool:
    is_empty = not (isinstance(old, list) and old) and not (isinstance(new, list) and new)
    if shape.is_atomic_list or is_empty:
        return not is_equal(old, new)
    before, after = _indexed(old, shape), _indexed(new, shape)
    for element in {**before, **after}:
        lefts, rights = before.get(element, []), after.get(element, [])
        if len(lefts) <= 1 and len(rights) <= 1:
            left = lefts[0] if lefts else ABSENT
            right = rights[0] if rights else ABSENT
            if left is not right:
                _compare_at(element, left, right, shape.item(), out)
        elif len(lefts) > 1 and len(rights) > 1:
            if not is_equal(lefts, rights):
                out.modified[element] = LEAF
        elif len(lefts) > 1:
            # Duplicates that are none any more: the mark goes, what is left counts as new.
            if rights:
                _compare_at(element, ABSENT, rights[0], shape.item(), out)
            out.removed[element] = LEAF
        else:
            if lefts:
                _compare_at(element, lefts[0], ABSENT, shape.item(), out)
            out.added[element] = LEAF
    return False


def is_equal(left: Any, right: Any) -> bool:
    """Equality of JSON values; a boolean is no number, 1 and 1.0 are the same."""
    if left is right:
        return True
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, dict) and isinstance(right, dict):
        if len(left) != len(right):
            return False
        return all(name in right and is_equal(held, right[name]) for name, held in left.items())
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(is_equal, left, right))
    return bool(left == right)


def remove(value: Any, fields: FieldSet, shape: Shape) -> Any:
    """The value without those fields. What becomes empty becomes null; atomic values that have
    something removed become null too."""
    kind = kind_of(value, shape)
    if kind == _SCALAR or not fields:
        return value
    if not value or (shape.is_atomic_map if kind == _MAP else shape.is_atomic_list):
        return None
    if kind == _MAP:
        return _remove_from_map(value, fields, shape) if isinstance(value, dict) else None
    return _remove_from_list(value, fields, shape) if isinstance(value, list) else None


def _remove_from_map(value: dict[str, Any], fields: FieldSet, shape: Shape) -> Any:
    kept = {}
    for name, held in value.items():
        element = fields.get(fs.field(name))
        if element is None:
            kept[name] = held
        elif not fs.has_self(element):
            inner = shape.field(name)
            kept[name] = held if inner is None else remove(held, element, inner)
    return kept or None


def _remove_from_list(value: list[Any], fields: FieldSet, shape: Shape) -> Any:
    kept = []
    for item in value:
        try:
            element = fields.get(item_element(item, shape))
        except ValueError:
            element = None
        if element is None:
            kept.append(item)
        elif not fs.has_self(element):
            kept.append(remove(item, element, shape.item()))
    return kept or None


def with_named_fields(fields: FieldSet, shape: Shape | None) -> FieldSet:
    """The set with every declared field on the way to a member made a member."""
    if not fields:
        return fields
    found: FieldSet = {}
    for element, inside in fields.items():
        if element == fs.SELF or not inside:
            found[element] = inside
            continue
        inner: Shape | None = None
        is_named = False
        if shape is not None and element.startswith("f:") and shape.is_map:
            inner = shape.field(element[2:])
            is_named = shape.declares(element[2:])
        elif shape is not None and element.startswith("k:") and shape.is_list:
            inner = shape.item()
        below = with_named_fields(fs.below(inside), inner)
        found[element] = fs.node(below, is_member=is_named or fs.has_self(inside)) or LEAF
    return found


@dataclass(slots=True)
class _Validator:
    """Collects problems of one value."""

    allows_duplicates: bool
    problems: list[str]

    def check(self, value: Any, shape: Shape, path: str) -> None:
        kind = kind_of(value, shape)
        if value is None:
            return
        if kind == _SCALAR:
            problem = _scalar_problem(value, shape.scalar)
            if problem:
                self._note(path, problem)
        elif kind == _MAP:
            if not isinstance(value, dict):
                self._note(path, f"expected map, got {_shown(value)}")
                return
            self._check_map(value, shape, path)
        elif not isinstance(value, list):
            self._note(path, f"expected list, got {_shown(value)}")
        else:
            self._check_list(value, shape, path)

    def _check_map(self, value: dict[str, Any], shape: Shape, path: str) -> None:
        for name, held in value.items():
            inner = shape.field(name)
            if inner is None:
                self._note(f"{path}.{name}", "field not declared in schema")
                return
            self.check(held, inner, f"{path}.{name}")

    def _check_list(self, value: list[Any], shape: Shape, path: str) -> None:
        seen = set()
        for position, item in enumerate(value):
            text = f"[{position}]"
            if not shape.is_atomic_list:
                try:
                    element = item_element(item, shape)
                except ValueError as error:
                    self._note(path, f"element {position}: {error}")
                    return
                text = fs.path_text((element,))
                if element in seen and not self.allows_duplicates:
                    self._note(path, f"duplicate entries for key {text}")
                seen.add(element)
            self.check(item, shape.item(), path + text)

    def _note(self, path: str, problem: str) -> None:
        self.problems.append(f"{path}: {problem}" if path else problem)


def validate(value: Any, shape: Shape, *, allows_duplicates: bool = False) -> None:
    """Raises TypedError with every place where the value does not fit."""
    validator = _Validator(allows_duplicates, [])
    validator.check(value, shape, "")
    if validator.problems:
        raise TypedError(validator.problems)


def _scalar_problem(value: Any, scalar: str) -> str:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if scalar == NUMERIC and not is_number:
        return f"expected numeric (int or float), got {_go_type(value)}"
    if scalar == STRING and not isinstance(value, str):
        return f"expected string, got &value.valueUnstructured{{Value:{_shown(value)}}}"
    if scalar == BOOLEAN and not isinstance(value, bool):
        return f"expected boolean, got &{{{_shown(value)}}}"
    if scalar == UNTYPED and isinstance(value, (dict, list)):
        return f"expected any scalar, got &{{{_shown(value)}}}"
    return ""


def _go_type(value: Any) -> str:
    names: dict[type, str] = {
        str: "string",
        bool: "bool",
        dict: "map[string]interface {}",
        list: "[]interface {}",
    }
    return names.get(type(value), "<nil>")


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "map[" + " ".join(f"{k}:{_shown(v)}" for k, v in sorted(value.items())) + "]"
    if isinstance(value, list):
        return "[" + " ".join(map(_shown, value)) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)
