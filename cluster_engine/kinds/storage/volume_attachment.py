"""The VolumeAttachment kind.

Models: k8s.io/kubernetes/pkg/registry/storage/volumeattachment (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.columns import AGE, NAME, age
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
    prepare=SeparateStatus("storage.k8s.io", "v1", "VolumeAttachment"),
    prepare_status=sealed_status,
    is_updated_unconditionally=False,
    columns=COLUMNS,
    cells=cells,
)
