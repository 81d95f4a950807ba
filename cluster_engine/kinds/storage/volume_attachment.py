"""The VolumeAttachment kind.

Models: k8s.io/kubernetes/pkg/registry/storage/volumeattachment (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.fields import (
    FieldError,
    forbidden_field,
    required,
    too_long,
)
from cluster_engine.apimachinery.names import is_dns1123_subdomain
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import (
    INT32_MAX,
    Problems,
    declared,
    dns_subdomain,
    in_range,
    sealed,
    wrong,
)
from cluster_engine.kinds.columns import AGE, NAME, age
from cluster_engine.kinds.core.persistent_volume_validation import check_volume_spec
from cluster_engine.kinds.kind import STATUS, Column, Kind
from cluster_engine.kinds.preparation import SeparateStatus, sealed_status

COLUMNS = (
    NAME,
    Column("Attacher", format="name", described_by="storage.v1.VolumeAttachmentSpec.attacher"),
    Column("PV", described_by="storage.v1.VolumeAttachmentSource.persistentVolumeName"),
    Column("Node", described_by="storage.v1.VolumeAttachmentSpec.nodeName"),
    Column("Attached", "boolean", described_by="storage.v1.VolumeAttachmentStatus.attached"),
    AGE,
)


_ONE_SOURCE = "must specify exactly one of inlineVolumeSpec and persistentVolumeName"
_ATTACHER_LENGTH_MAX = 63
_METADATA_SIZE_MAX = 256 * 1024
_MESSAGE_LENGTH_MAX = 1024


def validate(obj: Object) -> list[FieldError]:
    """A volume, a node, and who attaches it."""
    problems = Problems()
    _check(problems, obj)
    return problems.all()


def _check(problems: Problems, obj: Object) -> None:
    spec, status = obj.get("spec") or {}, obj.get("status") or {}
    attacher, source = spec.get("attacher", ""), spec.get("source") or {}
    if not attacher:
        declared(problems).append(required("spec.attacher"))
    else:
        wrong(declared(problems), "spec.attacher", attacher, is_dns1123_subdomain(attacher.lower()))
        if len(attacher) > _ATTACHER_LENGTH_MAX:
            declared(problems).append(too_long("spec.attacher", _ATTACHER_LENGTH_MAX))
    name, inline = source.get("persistentVolumeName"), source.get("inlineVolumeSpec")
    at = "spec.source"
    if name is None and inline is None:
        problems.append(required(at, _ONE_SOURCE))
    elif name is not None and inline is not None:
        problems.append(forbidden_field(at, _ONE_SOURCE))
    elif inline is not None:
        check_volume_spec(problems, f"{at}.inlineVolumeSpec", inline, "", is_inline=True)
    elif not name:
        text = "must specify non empty persistentVolumeName"
        problems.append(required(f"{at}.persistentVolumeName", text))
    dns_subdomain(problems, "spec.nodeName", spec.get("nodeName", ""))
    _check_status(problems, status)
    if name is not None:
        dns_subdomain(problems, f"{at}.persistentVolumeName", name)


def _check_status(problems: list[FieldError], status: Object) -> None:
    metadata = status.get("attachmentMetadata") or {}
    if sum(len(key) + len(value) for key, value in metadata.items()) > _METADATA_SIZE_MAX:
        problems.append(too_long("status.attachmentMetadata", _METADATA_SIZE_MAX))
    for field in ("attachError", "detachError"):
        error = status.get(field) or {}
        if len(error.get("message", "").encode()) > _MESSAGE_LENGTH_MAX:
            problems.append(too_long(f"status.{field}.message", _MESSAGE_LENGTH_MAX))
        if error.get("errorCode") is not None:
            in_range(problems, f"status.{field}.errorCode", error["errorCode"], 0, INT32_MAX)


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """What is attached where stays."""
    problems = Problems()
    _check(problems, new)
    sealed(problems, "spec", new.get("spec") or {}, old.get("spec") or {})
    return problems.all()


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    spec = obj.get("spec") or {}
    return [
        obj["metadata"]["name"],
        spec.get("attacher", ""),
        (spec.get("source") or {}).get("persistentVolumeName") or "",
        spec.get("nodeName", ""),
        bool((obj.get("status") or {}).get("attached")),
        age(obj, now_ms),
    ]


KIND = Kind(
    group="storage.k8s.io",
    version="v1",
    kind="VolumeAttachment",
    plural="volumeattachments",
    singular="volumeattachment",
    namespaced=False,
    subresources=(STATUS,),
    validate=validate,
    validate_update=validate_update,
    validate_status=validate_update,
    prepare=SeparateStatus("storage.k8s.io", "v1", "VolumeAttachment"),
    prepare_status=sealed_status,
    is_updated_unconditionally=False,
    columns=COLUMNS,
    cells=cells,
)
