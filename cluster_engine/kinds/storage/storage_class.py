"""The StorageClass kind.

Models: k8s.io/kubernetes/pkg/apis/storage/v1/defaults.go (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cluster_engine.apimachinery.fields import FieldError, not_supported, required
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import Problems, sealed
from cluster_engine.kinds.columns import AGE, NAME, age
from cluster_engine.kinds.core.node_labels import DEPRECATED_LABELS
from cluster_engine.kinds.kind import Column, Kind
from cluster_engine.kinds.storage.parameters import check_parameters, check_provisioner
from cluster_engine.kinds.storage.topologies import check_topologies

COLUMNS = (
    NAME,
    Column("Provisioner", described_by="storage.v1.StorageClass.provisioner"),
    Column("ReclaimPolicy", described_by="storage.v1.StorageClass.reclaimPolicy"),
    Column("VolumeBindingMode", described_by="storage.v1.StorageClass.volumeBindingMode"),
    Column("AllowVolumeExpansion", described_by="storage.v1.StorageClass.allowVolumeExpansion"),
    AGE,
)

_DEFAULT_ANNOTATIONS = (
    "storageclass.kubernetes.io/is-default-class",
    "storageclass.beta.kubernetes.io/is-default-class",
)


def default(obj: Object) -> None:
    """Volumes go with their claims and are bound at once."""
    if obj.get("reclaimPolicy") is None:
        obj["reclaimPolicy"] = "Delete"
    if obj.get("volumeBindingMode") is None:
        obj["volumeBindingMode"] = "Immediate"


_POLICIES = ("Delete", "Retain")
_BINDING_MODES = ("Immediate", "WaitForFirstConsumer")
_FIXED = ("provisioner", "parameters", "reclaimPolicy", "volumeBindingMode")


def validate(obj: Object) -> list[FieldError]:
    """A provisioner and what it is told."""
    problems = Problems()
    _check(problems, obj)
    return problems.all()


def _check(problems: Problems, obj: Object) -> None:
    check_provisioner(problems, "provisioner", obj.get("provisioner", ""))
    check_parameters(problems, "parameters", obj.get("parameters") or {}, may_be_empty=True)
    policy, mode = obj.get("reclaimPolicy"), obj.get("volumeBindingMode")
    if policy and policy not in _POLICIES:
        problems.append(not_supported("reclaimPolicy", policy, _POLICIES))
    if mode is None:
        problems.append(required("volumeBindingMode"))
    elif mode not in _BINDING_MODES:
        problems.append(not_supported("volumeBindingMode", mode, _BINDING_MODES))
    check_topologies(problems, "allowedTopologies", obj.get("allowedTopologies") or ())


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """How volumes are made stays."""
    problems = Problems()
    _check(problems, new)
    for field in _FIXED:
        sealed(problems, field, new.get(field), old.get(field))
    return problems.all()


def warn(new: Object, old: Object | None) -> list[str]:
    """Of labels of nodes on their way out."""
    del old
    return [
        f"allowedTopologies[{position}].matchLabelExpressions[{place}].key: "
        f"{DEPRECATED_LABELS[expression['key']]}"
        for position, term in enumerate(new.get("allowedTopologies") or ())
        for place, expression in enumerate(term.get("matchLabelExpressions") or ())
        if expression.get("key") in DEPRECATED_LABELS
    ]


def is_default(obj: Object) -> bool:
    """Whether claims without a class may get this one."""
    annotations = obj["metadata"].get("annotations") or {}
    return any(annotations.get(name) == "true" for name in _DEFAULT_ANNOTATIONS)


def effective_default(objects: Sequence[Object]) -> str:
    """The newest default class, the first by name of several as new; empty: none."""
    best: Object | None = None
    for obj in objects:
        if is_default(obj) and (best is None or _rank(obj) > _rank(best) or _is_before(obj, best)):
            best = obj
    return "" if best is None else str(best["metadata"]["name"])


def _rank(obj: Object) -> str:
    return obj["metadata"].get("creationTimestamp") or ""


def _is_before(obj: Object, best: Object) -> bool:
    return _rank(obj) == _rank(best) and obj["metadata"]["name"] < best["metadata"]["name"]


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    return [
        obj["metadata"]["name"],
        obj.get("provisioner", ""),
        obj.get("reclaimPolicy") or "Delete",
        obj.get("volumeBindingMode") or "Immediate",
        bool(obj.get("allowVolumeExpansion")),
        age(obj, now_ms),
    ]


KIND = Kind(
    group="storage.k8s.io",
    version="v1",
    kind="StorageClass",
    plural="storageclasses",
    singular="storageclass",
    namespaced=False,
    short_names=("sc",),
    default=default,
    validate=validate,
    validate_update=validate_update,
    warn=warn,
    columns=COLUMNS,
    cells=cells,
    marked_default=effective_default,
)
