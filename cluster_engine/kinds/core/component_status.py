"""The ComponentStatus kind: the health of the control plane, made up when asked for.

Models: k8s.io/kubernetes/pkg/registry/core/componentstatus (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.conditions import find
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.columns import NAME
from cluster_engine.kinds.kind import Column, Kind

COLUMNS = (
    NAME,
    Column("Status", meaning="Status of the component conditions"),
    Column("Message", meaning="Message of the component conditions"),
    Column("Error", meaning="Error of the component conditions"),
)


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    del now_ms
    healthy = find(obj.get("conditions"), "Healthy")
    if healthy is None:
        return [obj["metadata"]["name"], "Unknown", "", ""]
    return [
        obj["metadata"]["name"],
        "Healthy" if healthy.get("status") == "True" else "Unhealthy",
        healthy.get("message", ""),
        healthy.get("error", ""),
    ]


KIND = Kind(
    group="",
    version="v1",
    kind="ComponentStatus",
    plural="componentstatuses",
    singular="componentstatus",
    namespaced=False,
    short_names=("cs",),
    verbs=("get", "list"),
    deprecation="v1 ComponentStatus is deprecated in v1.19+",
    columns=COLUMNS,
    cells=cells,
)
