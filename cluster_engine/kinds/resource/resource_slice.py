"""The ResourceSlice kind.

Models: k8s.io/kubernetes/pkg/registry/resource/resourceslice (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.columns import AGE, NAME, age
from cluster_engine.kinds.kind import Column, Kind
from cluster_engine.kinds.resource.devices import GROUP, drop_from_slice
from cluster_engine.kinds.resource.slice_validation import validate, validate_update

COLUMNS = (
    NAME,
    Column("Node", described_by="resource.v1.ResourceSliceSpec.nodeName"),
    Column("Driver", described_by="resource.v1.ResourceSliceSpec.driver"),
    Column("Pool", described_by="resource.v1.ResourcePool.name"),
    AGE,
)


def warn(new: Object, old: Object | None) -> list[str]:
    """Of upper case in the driver's name."""
    del old
    driver = (new.get("spec") or {}).get("driver", "")
    if driver == driver.lower():
        return []
    return [
        f'spec.driver: driver names should be lowercase; "{driver}" contains uppercase characters'
    ]


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    spec = obj.get("spec") or {}
    return [
        obj["metadata"]["name"],
        spec.get("nodeName") or "",
        spec.get("driver", ""),
        (spec.get("pool") or {}).get("name", ""),
        age(obj, now_ms),
    ]


KIND = Kind(
    group=GROUP,
    version="v1",
    kind="ResourceSlice",
    plural="resourceslices",
    singular="resourceslice",
    namespaced=False,
    has_generation=True,
    default=drop_from_slice,
    validate=validate,
    validate_update=validate_update,
    warn=warn,
    columns=COLUMNS,
    cells=cells,
    is_namespace_selectable=False,
    unknown_field="field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: {}",
    field_selectors={
        "spec.nodeName": lambda obj: obj["spec"].get("nodeName") or "",
        "spec.driver": lambda obj: obj["spec"].get("driver", ""),
        "spec.pool.name": lambda obj: (obj["spec"].get("pool") or {}).get("name", ""),
    },
)
