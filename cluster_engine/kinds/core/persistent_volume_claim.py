"""The PersistentVolumeClaim kind.

Models: k8s.io/kubernetes/pkg/apis/core/v1/defaults.go, pkg/registry/core/persistentvolumeclaim
and pkg/api/persistentvolumeclaim (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.columns import AGE, NAME, age
from cluster_engine.kinds.core.claim_validation import (
    validate,
    validate_status,
    validate_update,
)
from cluster_engine.kinds.core.persistent_volume import storage_class_of
from cluster_engine.kinds.core.pod.defaults import default_claim_spec, round_up
from cluster_engine.kinds.core.pod.warnings import claim_spec_warnings
from cluster_engine.kinds.core.volumes import access_modes_text
from cluster_engine.kinds.kind import STATUS, Column, Kind
from cluster_engine.kinds.preparation import only_status

COLUMNS = (
    NAME,
    Column("Status", described_by="core.v1.PersistentVolumeClaimStatus.phase"),
    Column("Volume", described_by="core.v1.PersistentVolumeClaimSpec.volumeName"),
    Column("Capacity", described_by="core.v1.PersistentVolumeClaimStatus.capacity"),
    Column("Access Modes", described_by="core.v1.PersistentVolumeClaimStatus.accessModes"),
    Column("StorageClass", meaning="StorageClass of the pvc"),
    Column("VolumeAttributesClass", meaning="VolumeAttributesClass of the pvc"),
    AGE,
    Column("VolumeMode", described_by="core.v1.PersistentVolumeClaimSpec.volumeMode", priority=1),
)

_CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class"


def default(obj: Object) -> None:
    """Pending, a file system."""
    default_claim_spec(obj.setdefault("spec", {}))
    status = obj.setdefault("status", {})
    if not status.get("phase"):
        status["phase"] = "Pending"
    for name in ("capacity", "allocatedResources"):
        if status.get(name):
            round_up(status[name])


def prepare(new: Object, old: Object | None) -> None:
    """A new one is pending; `dataSource` and `dataSourceRef` say the same."""
    new["status"] = {"phase": "Pending"} if old is None else old.get("status") or {}
    before = {} if old is None else old.get("spec") or {}
    spec = _normalized(new.get("spec") or {}, before)
    if spec is not new.get("spec"):
        new["spec"] = spec


def _normalized(spec: Object, before: Object) -> Object:
    source, reference = spec.get("dataSource"), spec.get("dataSourceRef")
    was_used = before.get("dataSource") is not None or before.get("dataSourceRef") is not None
    # A source in another namespace is a feature that is off by default.
    if reference and reference.get("namespace") and before.get("dataSourceRef") is None:
        reference = None
        spec = {name: value for name, value in spec.items() if name != "dataSourceRef"}
    if source and reference is None and not was_used and not _is_old_source(source):
        source = None
        spec = {name: value for name, value in spec.items() if name != "dataSource"}
    if source and reference is None:
        spec = {**spec, "dataSourceRef": dict(source)}
    elif reference and source is None and not reference.get("namespace"):
        spec = {**spec, "dataSource": dict(reference)}
    return spec


def _is_old_source(source: Object) -> bool:
    """Whether it is one of the two that claims could always be made from."""
    return (source.get("apiGroup") or "", source.get("kind")) in (
        ("", "PersistentVolumeClaim"),
        ("snapshot.storage.k8s.io", "VolumeSnapshot"),
    )


def prepare_status(new: Object, old: Object | None) -> None:
    """Only the status changes, without what belongs to a feature that is off."""
    only_status(new, old)
    if "healthStatus" in (new.get("status") or {}):
        new["status"] = {k: v for k, v in new["status"].items() if k != "healthStatus"}


def warn(new: Object, old: Object | None) -> list[str]:
    """Of an old annotation and fractions of bytes."""
    del old
    warnings = []
    if _CLASS_ANNOTATION in (new["metadata"].get("annotations") or {}):
        warnings.append(
            f"metadata.annotations[{_CLASS_ANNOTATION}]: deprecated since v1.8; use "
            '"storageClassName" attribute instead'
        )
    return warnings + claim_spec_warnings("spec", new.get("spec") or {})


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    spec, status = obj.get("spec") or {}, obj.get("status") or {}
    phase, capacity, modes = status.get("phase", ""), "", ""
    if obj["metadata"].get("deletionTimestamp"):
        phase = "Terminating"
    if spec.get("volumeName"):
        modes = access_modes_text(status.get("accessModes"))
        capacity = (status.get("capacity") or {}).get("storage", "0")
    return [
        obj["metadata"]["name"],
        phase,
        spec.get("volumeName", ""),
        capacity,
        modes,
        storage_class_of(obj),
        _or_unset(spec.get("volumeAttributesClassName")),
        age(obj, now_ms),
        _or_unset(spec.get("volumeMode")),
    ]


def _or_unset(text: str | None) -> str:
    return "<unset>" if text is None else text


KIND = Kind(
    group="",
    version="v1",
    kind="PersistentVolumeClaim",
    plural="persistentvolumeclaims",
    singular="persistentvolumeclaim",
    namespaced=True,
    short_names=("pvc",),
    subresources=(STATUS,),
    default=default,
    validate=validate,
    validate_update=validate_update,
    validate_status=validate_status,
    warn=warn,
    prepare=prepare,
    prepare_status=prepare_status,
    columns=COLUMNS,
    cells=cells,
)
