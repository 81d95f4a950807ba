"""The ConfigMap kind.

Models: k8s.io/kubernetes/pkg/registry/core/configmap (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.columns import AGE, NAME, age
from cluster_engine.kinds.kind import Column, Kind

COLUMNS = (
    NAME,
    Column("Data", described_by="core.v1.ConfigMap.data"),
    AGE,
)


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    count = len(obj.get("data") or ()) + len(obj.get("binaryData") or ())
    return [obj["metadata"]["name"], count, age(obj, now_ms)]


KIND = Kind(
    group="",
    version="v1",
    kind="ConfigMap",
    plural="configmaps",
    singular="configmap",
    namespaced=True,
    short_names=("cm",),
    columns=COLUMNS,
    cells=cells,
)
