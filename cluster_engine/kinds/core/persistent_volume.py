"""The PersistentVolume kind.

Models: k8s.io/kubernetes/pkg/apis/core/v1/defaults.go, pkg/registry/core/persistentvolume
(v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.columns import AGE, NAME, age
from cluster_engine.kinds.core.node_labels import term_warnings
from cluster_engine.kinds.core.persistent_volume_validation import validate, validate_update
from cluster_engine.kinds.core.pod.defaults import round_up, set_missing
from cluster_engine.kinds.core.volumes import PV_DEFAULTS, access_modes_text
from cluster_engine.kinds.kind import STATUS, Column, Kind
from cluster_engine.kinds.preparation import only_status

COLUMNS = (
    NAME,
    Column("Capacity", described_by="core.v1.PersistentVolumeSpec.capacity"),
    Column("Access Modes", described_by="core.v1.PersistentVolumeSpec.accessModes"),
    Column(
        "Reclaim Policy", described_by="core.v1.PersistentVolumeSpec.persistentVolumeReclaimPolicy"
    ),
    Column("Status", described_by="core.v1.PersistentVolumeStatus.phase"),
    Column("Claim", described_by="core.v1.PersistentVolumeSpec.claimRef"),
    Column("StorageClass", meaning="StorageClass of the pv"),
    Column("VolumeAttributesClass", meaning="VolumeAttributesClass of the pv"),
    Column("Reason", described_by="core.v1.PersistentVolumeStatus.reason"),
    AGE,
    Column("VolumeMode", described_by="core.v1.PersistentVolumeSpec.volumeMode", priority=1),
)

_CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class"
_ANNOTATIONS = {
    _CLASS_ANNOTATION: 'deprecated since v1.8; use "storageClassName" attribute instead',
    "volume.beta.kubernetes.io/mount-options": (
        'deprecated since v1.31; use "mountOptions" attribute instead'
    ),
}
_SOURCES = {
    "cephfs": ("cephfs", "deprecated in v1.28, non-functional in v1.31+"),
    "photonPersistentDisk": (
        "photonPersistentDisk",
        "deprecated in v1.11, non-functional in v1.16+",
    ),
    "scaleIO": ("scaleIO", "deprecated in v1.16, non-functional in v1.22+"),
    "storageos": ("storageOS", "deprecated in v1.22, non-functional in v1.25+"),
    "glusterfs": ("glusterfs", "deprecated in v1.25, non-functional in v1.26+"),
    "rbd": ("rbd", "deprecated in v1.28, non-functional in v1.31+"),
}


def default(obj: Object) -> None:
    """Pending, retained, a file system."""
    spec = obj.setdefault("spec", {})
    status = obj.setdefault("status", {})
    if not status.get("phase"):
        status["phase"] = "Pending"
    if not spec.get("persistentVolumeReclaimPolicy"):
        spec["persistentVolumeReclaimPolicy"] = "Retain"
    if spec.get("volumeMode") is None:
        spec["volumeMode"] = "Filesystem"
    for source, defaults in PV_DEFAULTS.items():
        if source in spec:
            set_missing(spec[source], defaults)
    if spec.get("capacity"):
        round_up(spec["capacity"])


def prepare(new: Object, old: Object | None) -> None:
    """A new one is pending since now; a changed one keeps its status."""
    if old is not None:
        new["status"] = old.get("status") or {}
        return
    status: Object = {"phase": "Pending"}
    created = new["metadata"].get("creationTimestamp")
    if created:
        status["lastPhaseTransitionTime"] = created
    new["status"] = status


def prepare_status(new: Object, old: Object | None) -> None:
    """Only the status changes; the time of the last phase stays while the phase does."""
    only_status(new, old)
    assert old is not None
    before, after = old.get("status") or {}, new.get("status") or {}
    field = "lastPhaseTransitionTime"
    is_same_phase = before.get("phase") == after.get("phase")
    if is_same_phase and after.get(field) is None and before.get(field) is not None:
        new["status"] = {**after, field: before[field]}


def warn(new: Object, old: Object | None) -> list[str]:
    """Of what is on its way out, or gone."""
    del old
    spec, annotations = new.get("spec") or {}, new["metadata"].get("annotations") or {}
    warnings = [
        f"metadata.annotations[{name}]: {text}"
        for name, text in _ANNOTATIONS.items()
        if name in annotations
    ]
    if spec.get("persistentVolumeReclaimPolicy") == "Recycle":
        warnings.append(
            "spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. "
            "Instead, the recommended approach is to use dynamic provisioning."
        )
    required = (spec.get("nodeAffinity") or {}).get("required") or {}
    for position, term in enumerate(required.get("nodeSelectorTerms") or ()):
        at = f"spec.nodeAffinity.required.nodeSelectorTerms[{position}]"
        warnings += term_warnings(at, term)
    for source, (shown, text) in _SOURCES.items():
        if spec.get(source) is not None:
            warnings.append(f"spec.{shown}: {text}")
    return warnings


def storage_class_of(obj: Object) -> str:
    """The class that an old annotation or the spec names."""
    annotations = obj["metadata"].get("annotations") or {}
    if _CLASS_ANNOTATION in annotations:
        return str(annotations[_CLASS_ANNOTATION])
    return str((obj.get("spec") or {}).get("storageClassName") or "")


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    spec, status = obj.get("spec") or {}, obj.get("status") or {}
    claim = spec.get("claimRef")
    phase = status.get("phase", "")
    if obj["metadata"].get("deletionTimestamp"):
        phase = "Terminating"
    return [
        obj["metadata"]["name"],
        (spec.get("capacity") or {}).get("storage", "0"),
        access_modes_text(spec.get("accessModes")),
        spec.get("persistentVolumeReclaimPolicy", ""),
        phase,
        f"{claim.get('namespace', '')}/{claim.get('name', '')}" if claim else "",
        storage_class_of(obj),
        _or_unset(spec.get("volumeAttributesClassName")),
        status.get("reason", ""),
        age(obj, now_ms),
        _or_unset(spec.get("volumeMode")),
    ]


def _or_unset(text: str | None) -> str:
    return "<unset>" if text is None else text


KIND = Kind(
    group="",
    version="v1",
    kind="PersistentVolume",
    plural="persistentvolumes",
    singular="persistentvolume",
    namespaced=False,
    short_names=("pv",),
    subresources=(STATUS,),
    default=default,
    validate=validate,
    validate_update=validate_update,
    warn=warn,
    prepare=prepare,
    prepare_status=prepare_status,
    columns=COLUMNS,
    cells=cells,
)
