"""The CSIStorageCapacity kind.

Models: k8s.io/kubernetes/pkg/registry/storage/csistoragecapacity (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.columns import NAME
from cluster_engine.kinds.kind import Column, Kind

COLUMNS = (
    NAME,
    Column("StorageClassName", described_by="storage.v1.CSIStorageCapacity.storageClassName"),
    Column("Capacity", described_by="storage.v1.CSIStorageCapacity.capacity"),
)


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    del now_ms
    capacity = obj.get("capacity")
    return [
        obj["metadata"]["name"],
        obj.get("storageClassName", ""),
        "<unset>" if capacity is None else capacity,
    ]


KIND = Kind(
    group="storage.k8s.io",
    version="v1",
    kind="CSIStorageCapacity",
    plural="csistoragecapacities",
    singular="csistoragecapacity",
    namespaced=True,
    is_updated_unconditionally=False,
    columns=COLUMNS,
    cells=cells,
)
