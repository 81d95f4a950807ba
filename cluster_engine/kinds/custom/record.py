"""The record of a kind that users defined: one for the resource, one for each of its versions.

Models: k8s.io/apiextensions-apiserver/pkg/registry/customresource/{strategy,status_strategy,
validator}.go (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from cluster_engine.apimachinery.fields import (
    INVALID,
    NOT_SUPPORTED,
    REQUIRED,
    TOO_LONG,
    TOO_MANY,
    TYPE_INVALID,
    FieldError,
    invalid_value,
)
from cluster_engine.apimachinery.names import is_label_key
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.custom.columns import cells_of, columns_of
from cluster_engine.kinds.custom.definition import accepted_names, types_of
from cluster_engine.kinds.custom.list_types import repeats
from cluster_engine.kinds.custom.rules import has_rules, violations
from cluster_engine.kinds.custom.types import CustomTypes, CustomVersion, ScalePaths
from cluster_engine.kinds.custom.values import problems_of
from cluster_engine.kinds.kind import SCALE, STATUS, Kind
from cluster_engine.kinds.versions import version_priority

_VERBS = ("delete", "deletecollection", "get", "list", "patch", "create", "update", "watch")
#: While the definition is going, nothing new comes.
_LAST_VERBS = ("delete", "deletecollection", "get", "list", "watch")
_FINALIZERS = ("orphan", "foregroundDeletion", "kubernetes")
_INT32_MAX = 2**31 - 1
#: Problems with which no rule is asked any more.
_BLOCKING = (NOT_SUPPORTED, REQUIRED, TOO_LONG, TOO_MANY, TYPE_INVALID)


def kind_of(definition: Object, *, is_going: bool = False) -> tuple[Kind, dict[str, Kind]]:
    """The record of an established definition, and the one to serve each version with."""
    types, names = types_of(definition), accepted_names(definition)
    served = [version.name for version in types.versions.values() if version.is_served]
    kind = Kind(
        group=types.group,
        version=types.stored,
        kind=types.kind,
        plural=names["plural"],
        singular=names.get("singular", ""),
        namespaced=definition["spec"].get("scope") == "Namespaced",
        short_names=tuple(names.get("shortNames") or ()),
        categories=tuple(names.get("categories") or ()),
        other_versions=tuple(
            sorted((name for name in served if name != types.stored), key=version_priority)
        ),
        is_stored_version_served=types.stored in served,
        verbs=_LAST_VERBS if is_going else _VERBS,
        is_updated_unconditionally=False,
        has_generation=True,
        types=types,
        warn=_warn,
    )
    by_version = {name: _of_version(kind, types, types.versions[name]) for name in served}
    stored = _of_version(kind, types, types.versions[types.stored])
    return stored, by_version


def _of_version(kind: Kind, types: CustomTypes, version: CustomVersion) -> Kind:
    parts = [STATUS] if version.has_status else []
    if version.scale is not None:
        parts.append(SCALE)
    rules = _Rules(types, version)
    return replace(
        kind,
        subresources=tuple(parts),
        prepare=_without_status if version.has_status else None,
        validate=rules.validate,
        validate_update=rules.validate_update,
        prepare_status=_only_status,
        validate_status=rules.validate_status,
        deprecation=version.deprecation,
        scale_paths=version.scale,
        columns=columns_of(version.columns),
        cells=cells_of(version.columns),
        field_selectors={name: _reader(name) for name in version.selectable},
    )


class _Rules:
    """Validation by one version's schema."""

    def __init__(self, types: CustomTypes, version: CustomVersion) -> None:
        self._types = types
        self._version = version
        self._has_rules = has_rules(version.schema)

    def validate(self, obj: Object) -> list[FieldError]:
        """Problems of a new object."""
        schema = self._version.schema
        problems = problems_of(obj, schema)
        problems += self._scale_problems(obj)
        problems += repeats(obj, schema)
        return problems + self._broken_rules(problems, obj, None)

    def validate_update(self, new: Object, old: Object) -> list[FieldError]:
        """Problems of a change; what was wrong before and is the same still is let pass."""
        schema = self._version.schema
        problems = _new_only(problems_of(new, schema), problems_of(old, schema))
        problems += self._scale_problems(new)
        if not repeats(old, schema):
            problems += repeats(new, schema)
        return problems + self._broken_rules(problems, new, old)

    def validate_status(self, new: Object, old: Object) -> list[FieldError]:
        """Problems of a change of the status."""
        schema = self._version.schema
        inner = (schema.get("properties") or {}).get("status")
        problems: list[FieldError] = []
        if inner is not None and "status" in new:
            before = problems_of(old["status"], inner, "status") if "status" in old else []
            problems = _new_only(problems_of(new["status"], inner, "status"), before)
        if self._version.scale is not None:
            problems += _count_problems(new, self._version.scale.status)
        if not repeats(old, schema):
            problems += repeats(new, schema)
        return problems + self._broken_rules(problems, new, old)

    def _broken_rules(
        self, problems: list[FieldError], new: Object, old: Object | None
    ) -> list[FieldError]:
        """The rules are asked only about objects of the right types."""
        schema = self._version.schema
        if not self._has_rules:
            return []
        if any(problem.type in _BLOCKING for problem in problems):
            text = (
                "some validation rules were not checked because the object was invalid; correct "
                "the existing errors to complete validation"
            )
            return [FieldError(INVALID, "<nil>", None, text)]
        return violations(new, old, schema)

    def _scale_problems(self, obj: Object) -> list[FieldError]:
        scale = self._version.scale
        if scale is None:
            return []
        return _count_problems(obj, scale.spec) + _status_problems(obj, scale)


def _new_only(problems: list[FieldError], before: list[FieldError]) -> list[FieldError]:
    if not problems or not before:
        return problems
    known = {problem.text() for problem in before}
    return [problem for problem in problems if problem.text() not in known]


def _status_problems(obj: Object, scale: ScalePaths) -> list[FieldError]:
    problems = _count_problems(obj, scale.status)
    value = at_path(obj, scale.selector) if scale.selector else None
    if value is not None and not isinstance(value, str):
        path = "." + ".".join(scale.selector or ())
        text = f"{path} accessor error: {value} is of the type {_go_type(value)}, expected string"
        problems.append(invalid_value(path, "", text))
    return problems


def _count_problems(obj: Object, steps: tuple[str, ...]) -> list[FieldError]:
    path, value = "." + ".".join(steps), at_path(obj, steps)
    if value is None:
        return []
    if not isinstance(value, int) or isinstance(value, bool):
        text = f"{path} accessor error: {value} is of the type {_go_type(value)}, expected int64"
        return [invalid_value(path, 0, text)]
    if value < 0:
        return [invalid_value(path, value, "should be a non-negative integer")]
    if value > _INT32_MAX:
        return [invalid_value(path, value, f"should be less than or equal to {_INT32_MAX}")]
    return []


def at_path(obj: Any, steps: tuple[str, ...]) -> Any:
    """What an object has at a path; None for nothing."""
    for step in steps:
        obj = obj.get(step) if isinstance(obj, Mapping) else None
    return obj


def _go_type(value: Any) -> str:
    names = {bool: "bool", int: "int64", float: "float64", str: "string"}
    found = names.get(type(value))
    if found is not None:
        return found
    return "[]interface {}" if isinstance(value, list) else "map[string]interface {}"


def _reader(name: str) -> Callable[[Object], str]:
    steps = tuple(name.split("."))

    def read(obj: Object) -> str:
        value = at_path(obj, steps)
        if isinstance(value, bool):
            return "true" if value else "false"
        return "" if value is None else str(value)

    return read


def _without_status(new: Object, old: Object | None) -> None:
    """A new object comes without a status where that has a door of its own."""
    if old is None:
        new.pop("status", None)


def _only_status(new: Object, old: Object | None) -> None:
    """Nothing but the status changes, not even the metadata."""
    assert old is not None
    status = new.get("status")
    new.clear()
    new.update(old)
    if status is None:
        new.pop("status", None)
    else:
        new["status"] = status


def _warn(new: Object, old: Object | None) -> list[str]:
    """Of finalizers with names that others may use, too."""
    held = set((old or {}).get("metadata", {}).get("finalizers") or ())
    added = sorted(set(new["metadata"].get("finalizers") or ()) - held)
    return [text for name in added for text in _finalizer_warnings(name)]


def _finalizer_warnings(name: str) -> list[str]:
    start = f'metadata.finalizers: "{name}": '
    warnings = [start + problem for problem in is_label_key(name)]
    if "/" not in name and name not in _FINALIZERS:
        what = "including a path (/) " if "." in name else ""
        warnings.append(
            f"{start}prefer a domain-qualified finalizer name {what}to avoid accidental conflicts "
            "with other finalizer writers"
        )
    return warnings
