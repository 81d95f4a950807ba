"""Problems of persistent volumes.

Models: ValidatePersistentVolumeSpec, ValidatePersistentVolumeUpdate in
k8s.io/kubernetes/pkg/apis/core/validation (v1.37.2).
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from typing import Any

from cluster_engine.apimachinery.fields import (
    FieldError,
    forbidden_field,
    invalid_value,
    not_supported,
    required,
)
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.quantity import parse_quantity, value
from cluster_engine.kinds.checks import (
    IMMUTABLE,
    NOT_POSITIVE,
    dns_label,
    dns_subdomain,
    require,
    unchanged,
)
from cluster_engine.kinds.core import volume_sources as sources
from cluster_engine.kinds.core.claim_validation import VOLUME_MODES, check_access_modes
from cluster_engine.kinds.core.paths import no_backsteps
from cluster_engine.kinds.core.pod.affinity import check_node_selector
from cluster_engine.kinds.internal import internal, internal_diff

_NOTHING: Object = {}
_POLICIES = ("Delete", "Recycle", "Retain")
_ONE_TYPE = "may not specify more than 1 volume type"
_GA_LABELS = {
    "failure-domain.beta.kubernetes.io/zone": "topology.kubernetes.io/zone",
    "failure-domain.beta.kubernetes.io/region": "topology.kubernetes.io/region",
    "beta.kubernetes.io/os": "kubernetes.io/os",
    "beta.kubernetes.io/arch": "kubernetes.io/arch",
    "beta.kubernetes.io/instance-type": "node.kubernetes.io/instance-type",
}
_SECRETS = (
    "controllerPublishSecretRef",
    "controllerExpandSecretRef",
    "nodePublishSecretRef",
    "nodeExpandSecretRef",
)


def validate(obj: Object) -> list[FieldError]:
    """Problems of a volume."""
    problems: list[FieldError] = []
    check_volume_spec(
        problems, "spec", obj.get("spec") or _NOTHING, obj["metadata"].get("name", "")
    )
    return problems


def check_volume_spec(
    problems: list[FieldError], path: str, spec: Object, name: str, *, is_inline: bool = False
) -> None:
    """The spec, or one inside a VolumeAttachment."""
    if is_inline:
        _check_inline(problems, path, spec)
    if not spec.get("accessModes"):
        problems.append(required(f"{path}.accessModes"))
    check_access_modes(problems, f"{path}.accessModes", spec.get("accessModes") or [])
    policy = spec.get("persistentVolumeReclaimPolicy", "")
    if not is_inline:
        _check_capacity(problems, f"{path}.capacity", spec.get("capacity") or {})
        if policy and policy not in _POLICIES:
            at = f"{path}.persistentVolumeReclaimPolicy"
            problems.append(not_supported(at, policy, _POLICIES))
        if spec.get("nodeAffinity") is not None:
            _check_affinity(problems, f"{path}.nodeAffinity", spec["nodeAffinity"])
    _check_sources(problems, path, spec, name)
    host_path = (spec.get("hostPath") or _NOTHING).get("path")
    if host_path and posixpath.normpath(host_path) in ("/", "//") and policy == "Recycle":
        text = "may not be 'recycle' for a hostPath mount of '/'"
        problems.append(forbidden_field(f"{path}.persistentVolumeReclaimPolicy", text))
    if not is_inline:
        if spec.get("storageClassName"):
            dns_subdomain(problems, f"{path}.storageClassName", spec["storageClassName"])
        mode = spec.get("volumeMode")
        if mode is not None and mode not in VOLUME_MODES:
            problems.append(not_supported(f"{path}.volumeMode", mode, VOLUME_MODES))
    _check_attributes_class(problems, path, spec)


def _check_inline(problems: list[FieldError], path: str, spec: Object) -> None:
    text = "in the context of inline volumes"
    if spec.get("csi") is None:
        problems.append(required(f"{path}.csi", f"has to be specified {text}"))
    problems.extend(
        forbidden_field(f"{path}.{field}", f"may not be specified {text}")
        for field in ("claimRef", "capacity", "nodeAffinity", "storageClassName")
        if spec.get(field)
    )
    if spec.get("persistentVolumeReclaimPolicy") not in (None, "", "Retain"):
        at = f"{path}.persistentVolumeReclaimPolicy"
        problems.append(forbidden_field(at, f"may only be Retain {text}"))
    if spec.get("volumeMode") not in (None, "Filesystem"):
        shown = f"may not specify volumeMode other than Filesystem {text}"
        problems.append(forbidden_field(f"{path}.volumeMode", shown))


def _check_capacity(problems: list[FieldError], path: str, capacity: dict[str, Any]) -> None:
    if not capacity:
        problems.append(required(path))
    if "storage" not in capacity or len(capacity) > 1:
        problems.append(not_supported(path, capacity or None, ("storage",)))
    for name, written in capacity.items():
        if value(written) < 0:
            text = "must be a valid resource quantity"
            problems.append(invalid_value(f"{path}[{name}]", value(written), text))
        if parse_quantity(written).nanos <= 0:
            problems.append(invalid_value(f"{path}[{name}]", written, NOT_POSITIVE))


def _check_affinity(problems: list[FieldError], path: str, affinity: Object) -> None:
    if affinity.get("required") is None:
        text = "must specify required node constraints"
        problems.append(required(f"{path}.required", text))
    else:
        check_node_selector(problems, f"{path}.required", affinity["required"])


def _check_sources(problems: list[FieldError], path: str, spec: Object, name: str) -> None:
    count = 0
    for field, shown, check in _SOURCES:
        source = spec.get(field)
        if source is None:
            continue
        if count and field != "flexVolume":
            at = f"{path}.{_MANY_SHOWN.get(field, field)}"
            problems.append(forbidden_field(at, _ONE_TYPE))
            continue
        count += 1
        if field == "iscsi":
            _iscsi(problems, f"{path}.{shown}", source, name)
        else:
            check(problems, f"{path}.{shown}", source)
        if field == "local" and spec.get("nodeAffinity") is None:
            text = "Local volume requires node affinity"
            problems.append(required(f"{path}.nodeAffinity", text))
    if not count:
        problems.append(required(path, "must specify a volume type"))


def _iscsi(problems: list[FieldError], path: str, source: Object, name: str) -> None:
    portal = source.get("targetPortal", "")
    if source.get("initiatorName") is not None and len(f"{name}:{portal}") > 64:
        text = (
            "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if "
            "iscsi.initiatorName is specified."
        )
        problems.append(invalid_value(f"{path}.targetportal", portal, text))
    sources.iscsi(problems, path, source, "must be valid format")
    if source.get("secretRef") is not None:
        require(problems, source["secretRef"], f"{path}.secretRef", "name")


def _cinder(problems: list[FieldError], path: str, source: Object) -> None:
    sources.cinder(problems, path, source)
    _secret_namespace(problems, path, source)


def _storage_os(problems: list[FieldError], path: str, source: Object) -> None:
    sources.storage_os(problems, path, source)
    _secret_namespace(problems, path, source)


def _secret_namespace(problems: list[FieldError], path: str, source: Object) -> None:
    if source.get("secretRef") is not None:
        require(problems, source["secretRef"], f"{path}.secretRef", "namespace")


def _local(problems: list[FieldError], path: str, source: Object) -> None:
    if not source.get("path"):
        problems.append(required(f"{path}.path"))
    else:
        no_backsteps(problems, f"{path}.path", source["path"])


def _csi(problems: list[FieldError], path: str, source: Object) -> None:
    sources.csi_driver_name(problems, f"{path}.driver", source.get("driver", ""))
    require(problems, source, path, "volumeHandle")
    for field in _SECRETS:
        reference = source.get(field)
        if reference is None:
            continue
        for name, check in (("name", dns_subdomain), ("namespace", dns_label)):
            if not reference.get(name):
                problems.append(required(f"{path}.{field}.{name}"))
            else:
                check(problems, f"{path}.{field}.{name}", reference[name])


def _check_attributes_class(problems: list[FieldError], path: str, spec: Object) -> None:
    name = spec.get("volumeAttributesClassName")
    if name is None:
        return
    at = f"{path}.volumeAttributesClassName"
    if not name:
        problems.append(required(at, "an empty string is disallowed"))
    else:
        dns_subdomain(problems, at, name)
    if spec.get("csi") is None:
        text = "has to be specified when using volumeAttributesClassName"
        problems.append(required(f"{path}.csi", text))


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """What it is stays."""
    problems = validate(new)
    spec, before = new.get("spec") or _NOTHING, old.get("spec") or _NOTHING
    source, held = _source_of(spec), _source_of(before)
    csi, old_csi = source.get("csi"), held.get("csi")
    field = "controllerExpandSecretRef"
    if csi and old_csi and old_csi.get(field) is None and csi.get(field) is not None:
        source["csi"] = {name: item for name, item in csi.items() if name != field}
    if source != held:
        difference = internal_diff("core", "PersistentVolumeSource", held, source)
        text = f"spec.persistentvolumesource is immutable after creation\n{difference}"
        problems.append(forbidden_field("spec.persistentvolumesource", text))
    unchanged(problems, "volumeMode", spec.get("volumeMode"), before.get("volumeMode"))
    affinity, old_affinity = spec.get("nodeAffinity"), before.get("nodeAffinity")
    if old_affinity is not None and not _is_same_or_newer(affinity, old_affinity):
        shown = internal("core", "VolumeNodeAffinity", affinity)
        text = f"{IMMUTABLE}, except for updating from beta label to GA"
        problems.append(invalid_value("nodeAffinity", shown, text))
    field = "volumeAttributesClassName"
    if before.get(field) is not None and spec.get(field) is None:
        text = "update from non-nil value to nil is forbidden"
        problems.append(forbidden_field(f"spec.{field}", text))
    return problems


def _source_of(spec: Object) -> Object:
    return {field: spec[field] for field, _, _ in _SOURCES if spec.get(field) is not None}


def _is_same_or_newer(new: Any, old: Any) -> bool:
    """Equal, but for labels that took on their final names."""
    if isinstance(new, dict) and isinstance(old, dict):
        if new.keys() != old.keys():
            return False
        return all(
            _is_same_or_newer(new[name], old[name])
            or (name == "key" and _GA_LABELS.get(old[name]) == new[name])
            for name in new
        )
    if isinstance(new, list) and isinstance(old, list):
        return len(new) == len(old) and all(
            _is_same_or_newer(one, other) for one, other in zip(new, old, strict=True)
        )
    return bool(new == old)


#: Fields of the spec that say where the data is, their paths in problems, and their rules.
_SOURCES: tuple[tuple[str, str, Callable[[list[FieldError], str, Object], None]], ...] = (
    ("hostPath", "hostPath", sources.host_path),
    ("gcePersistentDisk", "persistentDisk", sources.gce_disk),
    ("awsElasticBlockStore", "awsElasticBlockStore", sources.aws_disk),
    ("glusterfs", "glusterfs", sources.glusterfs),
    ("flocker", "flocker", sources.flocker),
    ("nfs", "nfs", sources.nfs),
    ("rbd", "rbd", sources.rbd),
    ("quobyte", "quobyte", sources.quobyte),
    ("cephfs", "cephfs", sources.ceph_fs),
    ("iscsi", "iscsi", sources.iscsi),
    ("cinder", "cinder", _cinder),
    ("fc", "fc", sources.fibre_channel),
    ("flexVolume", "flexVolume", sources.flex_volume),
    ("azureFile", "azureFile", sources.azure_file),
    ("vsphereVolume", "vsphereVolume", sources.vsphere),
    ("photonPersistentDisk", "photonPersistentDisk", sources.photon),
    ("portworxVolume", "portworxVolume", sources.portworx),
    ("azureDisk", "azureDisk", sources.azure_disk),
    ("scaleIO", "scaleIO", sources.scale_io),
    ("local", "local", _local),
    ("storageos", "storageos", _storage_os),
    ("csi", "csi", _csi),
)
_MANY_SHOWN = {"cephfs": "cephFS"}
