"""The Namespace kind.

Models: k8s.io/kubernetes/pkg/registry/core/namespace/strategy.go (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.fields import FieldError, invalid_value
from cluster_engine.apimachinery.names import is_dns1123_label, is_qualified_name
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import wrong
from cluster_engine.kinds.columns import AGE, NAME, age
from cluster_engine.kinds.kind import STATUS, Column, Kind, Subresource
from cluster_engine.kinds.preparation import only_status

COLUMNS = (
    NAME,
    Column("Status", meaning="The status of the namespace"),
    AGE,
)

#: Says its own name, so that selectors can pick a namespace by name.
NAME_LABEL = "kubernetes.io/metadata.name"
FINALIZER = "kubernetes"
_STANDARD_FINALIZERS = (FINALIZER, "orphan", "foregroundDeletion")


def default(obj: Object) -> None:
    """A label with its name, unless the name is to be generated."""
    metadata = obj.setdefault("metadata", {})
    name = metadata.get("name")
    if name and (metadata.get("labels") or {}).get(NAME_LABEL) != name:
        metadata["labels"] = {**(metadata.get("labels") or {}), NAME_LABEL: name}


def prepare(new: Object, old: Object | None) -> None:
    """A new one is active and is cleaned up before it goes; finalizers change on their own path."""
    spec = new.get("spec") or {}
    if old is None:
        new["status"] = {"phase": "Active"}
        finalizers = spec.get("finalizers") or []
        if FINALIZER not in finalizers:
            finalizers = [*finalizers, FINALIZER]
        new["spec"] = {**spec, "finalizers": finalizers}
    else:
        new["status"] = old.get("status") or {}
        new["spec"] = old.get("spec") or {}
    default_name_label(new)


def default_name_label(new: Object) -> None:
    """Put the name label in place, also for a name that was generated."""
    metadata = new["metadata"]
    name = metadata.get("name", "")
    if name and (metadata.get("labels") or {}).get(NAME_LABEL) != name:
        labels = {**(metadata.get("labels") or {}), NAME_LABEL: name}
        new["metadata"] = {**metadata, "labels": labels}


def prepare_finalize(new: Object, old: Object | None) -> None:
    """Through `finalize` only the finalizers of the spec change."""
    assert old is not None
    new["status"] = old.get("status") or {}


def validate(obj: Object) -> list[FieldError]:
    """Finalizers have names."""
    problems: list[FieldError] = []
    for name in (obj.get("spec") or {}).get("finalizers") or ():
        _check_finalizer(problems, "spec.finalizers", name)
    return problems


def _check_finalizer(problems: list[FieldError], path: str, name: str) -> None:
    wrong(problems, path, name, is_qualified_name(name))
    if "/" not in name and name not in _STANDARD_FINALIZERS:
        text = "name is neither a standard finalizer name nor is it fully qualified"
        problems.append(invalid_value(path, name, text))


def validate_finalize(new: Object, old: Object) -> list[FieldError]:
    """The same, through `finalize`."""
    del old
    problems: list[FieldError] = []
    for position, name in enumerate((new.get("spec") or {}).get("finalizers") or ()):
        _check_finalizer(problems, f"spec.finalizers[{position}]", name)
    return problems


def validate_status(new: Object, old: Object) -> list[FieldError]:
    """The phase follows the deletion."""
    del old
    phase = (new.get("status") or {}).get("phase", "")
    is_deleted = bool(new["metadata"].get("deletionTimestamp"))
    wanted = "Terminating" if is_deleted else "Active"
    if phase == wanted:
        return []
    condition = "is not empty" if is_deleted else "is empty"
    text = f"may only be '{wanted}' if `deletionTimestamp` {condition}"
    return [invalid_value("status.Phase", phase, text)]


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    phase = (obj.get("status") or {}).get("phase", "")
    return [obj["metadata"]["name"], phase, age(obj, now_ms)]


KIND = Kind(
    group="",
    version="v1",
    kind="Namespace",
    plural="namespaces",
    singular="namespace",
    namespaced=False,
    short_names=("ns",),
    verbs=("create", "delete", "get", "list", "patch", "update", "watch"),
    subresources=(
        Subresource(
            "finalize", verbs=("update",), prepare=prepare_finalize, validate=validate_finalize
        ),
        STATUS,
    ),
    default=default,
    validate=validate,
    validate_status=validate_status,
    validate_name=is_dns1123_label,
    prepare=prepare,
    prepare_status=only_status,
    columns=COLUMNS,
    cells=cells,
    is_namespace_selectable=False,
    field_selectors={
        "status.phase": lambda obj: (obj.get("status") or {}).get("phase", ""),
    },
)
