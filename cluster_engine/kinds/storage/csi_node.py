"""The CSINode kind.

Models: k8s.io/kubernetes/pkg/registry/storage/csinode (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.columns import AGE, NAME, age
from cluster_engine.kinds.kind import STATUS, Column, Kind
from cluster_engine.kinds.preparation import SeparateStatus, sealed_status

COLUMNS = (
    NAME,
    Column(
        "Drivers",
        "integer",
        meaning=("Drivers indicates the number of CSI drivers registered on the node"),
    ),
    AGE,
)


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    drivers = (obj.get("spec") or {}).get("drivers") or ()
    return [obj["metadata"]["name"], len(drivers), age(obj, now_ms)]


KIND = Kind(
    group="storage.k8s.io",
    version="v1",
    kind="CSINode",
    plural="csinodes",
    singular="csinode",
    namespaced=False,
    subresources=(STATUS,),
    prepare=SeparateStatus("storage.k8s.io", "v1", "CSINode"),
    prepare_status=sealed_status,
    is_updated_unconditionally=False,
    columns=COLUMNS,
    cells=cells,
)
