"""The StorageVersionMigration kind.

Models: k8s.io/kubernetes/pkg/registry/storagemigration (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.kind import STATUS, Column, Kind
from cluster_engine.kinds.preparation import SeparateStatus, sealed_status

COLUMNS = (
    Column("Name", described_by="meta.v1.ObjectMeta.name"),
    Column("Resource", meaning="GroupResource to migrate"),
    Column("Status", meaning="Status of the migration"),
)

_STATES = ("Running", "Failed", "Succeeded")


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    del now_ms
    resource = (obj.get("spec") or {}).get("resource") or {}
    name, group = resource.get("resource", ""), resource.get("group", "")
    state = "Unknown"
    for condition in (obj.get("status") or {}).get("conditions") or ():
        if condition.get("status") == "True" and condition.get("type") in _STATES:
            state = condition["type"]
    return [obj["metadata"]["name"], f"{name}.{group}" if group else name, state]


KIND = Kind(
    group="storagemigration.k8s.io",
    version="v1",
    kind="StorageVersionMigration",
    plural="storageversionmigrations",
    singular="storageversionmigration",
    namespaced=False,
    subresources=(STATUS,),
    prepare=SeparateStatus("storagemigration.k8s.io", "v1", "StorageVersionMigration"),
    prepare_status=sealed_status,
    is_updated_unconditionally=False,
    columns=COLUMNS,
    cells=cells,
)
