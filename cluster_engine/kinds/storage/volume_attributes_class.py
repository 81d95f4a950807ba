"""The VolumeAttributesClass kind.

Models: k8s.io/kubernetes/pkg/registry/storage/volumeattributesclass (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.columns import AGE, NAME, age
from cluster_engine.kinds.kind import Column, Kind

COLUMNS = (
    NAME,
    Column("DriverName", described_by="storage.v1.VolumeAttributesClass.driverName"),
    AGE,
)


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    return [obj["metadata"]["name"], obj.get("driverName", ""), age(obj, now_ms)]


KIND = Kind(
    group="storage.k8s.io",
    version="v1",
    kind="VolumeAttributesClass",
    plural="volumeattributesclasses",
    singular="volumeattributesclass",
    namespaced=False,
    short_names=("vac",),
    columns=COLUMNS,
    cells=cells,
)
