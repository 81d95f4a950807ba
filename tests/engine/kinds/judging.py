"""Objects as the API server hands them to a kind, and what the kind says about them."""

from __future__ import annotations

import copy
import re
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

from cluster_engine.apimachinery.fields import FieldError, without_repeats
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.time import parse_rfc3339
from cluster_engine.kinds.kind import Kind
from cluster_engine.kinds.registry import KINDS
from cluster_engine.schema.check import check

VALID = Path(__file__).with_name("valid.yaml")
CREATED = "2026-01-01T00:00:00Z"
#: Five minutes later.
NOW_MS = parse_rfc3339(CREATED) + 300_000
#: As a change: the field is not there.
GONE: Any = object()

Changes = Mapping[str, Any]
#: The kind, how the object differs from the valid one, and the texts.
Case = tuple[str, Changes, list[str]]
#: The kind, how the stored object differs, what changes, and the texts.
ChangeCase = tuple[str, Changes, Changes, list[str]]

_STEP = re.compile(r"([^.\[\]]+)|\[([^\]]+)\]")


@cache
def valid_objects() -> dict[str, Object]:
    """A valid object of every kind: by its kind, or "Event.events.k8s.io" where that is taken."""
    objects: dict[str, Object] = {}
    for obj in yaml.safe_load_all(VALID.read_text()):
        name = obj["kind"]
        if name in objects:
            name = f"{name}.{obj['apiVersion'].partition('/')[0]}"
        objects[name] = obj
    return objects


def kind_of(obj: Object) -> Kind:
    """The record of an object's kind."""
    group, _, version = obj["apiVersion"].rpartition("/")
    for kind in KINDS:
        if (kind.group, kind.kind) == (group, obj["kind"]) and version in kind.served_versions:
            return kind
    raise LookupError(f"no kind {obj['apiVersion']} {obj['kind']}")


def manifest(name: str, changes: Changes | None = None) -> Object:
    """What a client sends: the valid object of a kind, with some fields changed."""
    obj = copy.deepcopy(valid_objects()[name])
    for path, value in (changes or {}).items():
        put(obj, path, value)
    return obj


def put(obj: Object, path: str, value: Any) -> None:
    """Change the field at a path such as "spec.containers[0].image" or "data[a.txt]"."""
    steps = [
        int(inner) if inner.isdigit() else (name or inner) for name, inner in _STEP.findall(path)
    ]
    at: Any = obj
    for step, following in pairwise(steps):
        if isinstance(step, int):
            at = at[step]
        else:
            at = at.setdefault(step, [] if isinstance(following, int) else {})
    last = steps[-1]
    if value is GONE:
        del at[last]
    elif isinstance(last, int) and last == len(at):
        at.append(value)
    else:
        at[last] = copy.deepcopy(value)


def decoded(obj: Object) -> Object:
    """Read by its published type, with the defaults of its kind."""
    kind = kind_of(obj)
    group, _, version = obj["apiVersion"].rpartition("/")
    findings = check(copy.deepcopy(obj), group, version, kind.kind)
    assert not findings.wrong, findings.wrong
    found = findings.object
    if kind.from_version is not None and (kind.stored_as or version != kind.version):
        found = kind.from_version(found, version)
    if kind.default is not None:
        kind.default(found)
    return found


def stored(name: str, changes: Changes | None = None) -> Object:
    """As it stands in the store."""
    obj = decoded(manifest(name, changes))
    metadata = {"uid": "u-1", "resourceVersion": "7", "creationTimestamp": CREATED}
    obj["metadata"] = {**metadata, **obj.get("metadata", {})}
    kind = kind_of(manifest(name))
    if kind.namespaced:
        obj["metadata"].setdefault("namespace", "default")
    if kind.has_generation:
        obj["metadata"].setdefault("generation", 1)
    return obj


def created(name: str, changes: Changes | None = None) -> Object:
    """A new object, prepared for the store."""
    obj, kind = stored(name, changes), kind_of(manifest(name))
    obj["metadata"].pop("generation", None)
    if kind.prepare is not None:
        kind.prepare(obj, None)
    return obj


def changed(old: Object, changes: Changes) -> Object:
    """An object after a client changed it, prepared for the store. `old` stays as it is."""
    new, before = copy.deepcopy(old), copy.deepcopy(old)
    for path, value in changes.items():
        put(new, path, value)
    kind = kind_of(old)
    if kind.prepare is not None:
        kind.prepare(new, old)
    assert old == before
    return new


def texts(found: list[FieldError]) -> list[str]:
    """As a client reads them."""
    return [problem.text() for problem in without_repeats(found)]


def problems(name: str, changes: Changes | None = None) -> list[str]:
    """What is wrong with a new object."""
    kind, obj = kind_of(manifest(name)), stored(name, changes)
    assert kind.validate is not None
    before = copy.deepcopy(obj)
    found = texts(kind.validate(obj))
    assert obj == before
    return found


def problems_of_change(name: str, changes: Changes, held: Changes | None = None) -> list[str]:
    """What is wrong with a change; `held`: how the stored object differs from the valid one."""
    old = stored(name, held)
    new = stored(name, {**(held or {}), **changes})
    kind = kind_of(manifest(name))
    if kind.prepare is not None:
        kind.prepare(new, old)
    assert kind.validate_update is not None
    return texts(kind.validate_update(new, old))


def problems_of_status(name: str, changes: Changes, held: Changes | None = None) -> list[str]:
    """What is wrong with a write through `status`."""
    old = stored(name, held)
    new = stored(name, {**(held or {}), **changes})
    kind = kind_of(manifest(name))
    if kind.prepare_status is not None:
        kind.prepare_status(new, old)
    assert kind.validate_status is not None
    return texts(kind.validate_status(new, old))


def warnings(name: str, changes: Changes | None = None) -> list[str]:
    """What a client that creates it is warned about."""
    kind, obj = kind_of(manifest(name)), stored(name, changes)
    assert kind.warn is not None
    return kind.warn(obj, None)


def assert_texts(found: list[str], expected: list[str]) -> None:
    """The texts are the expected ones, of which one may end in "…" early."""
    assert len(found) == len(expected), found
    for text, wanted in zip(found, expected):
        if wanted.endswith("…"):
            assert text[: len(wanted) - 1] == wanted[:-1]
        else:
            assert text == wanted


def row(obj: Object) -> dict[str, Any]:
    """Its cells by the names of their columns."""
    kind = kind_of(obj)
    assert kind.cells is not None
    cells = kind.cells(obj, NOW_MS)
    return {column.name: cell for column, cell in zip(kind.columns, cells)}
