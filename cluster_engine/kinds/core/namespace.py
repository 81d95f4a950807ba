"""The Namespace kind.

Models: k8s.io/kubernetes/pkg/registry/core/namespace/strategy.go (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
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
    subresources=(Subresource("finalize", verbs=("update",), prepare=prepare_finalize), STATUS),
    default=default,
    prepare=prepare,
    prepare_status=only_status,
    columns=COLUMNS,
    cells=cells,
    field_selectors={
        "status.phase": lambda obj: (obj.get("status") or {}).get("phase", ""),
    },
)
