"""The PriorityClass kind.

Models: k8s.io/kubernetes/pkg/apis/scheduling/v1/defaults.go (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.columns import AGE, NAME, age
from cluster_engine.kinds.kind import Column, Kind
from cluster_engine.kinds.preparation import count_generation

COLUMNS = (
    NAME,
    Column("Value", "integer", described_by="scheduling.v1.PriorityClass.value"),
    Column("Global-Default", "boolean", described_by="scheduling.v1.PriorityClass.globalDefault"),
    AGE,
    Column("PreemptionPolicy", described_by="scheduling.v1.PriorityClass.preemptionPolicy"),
)


def default(obj: Object) -> None:
    """It preempts."""
    if obj.get("preemptionPolicy") is None:
        obj["preemptionPolicy"] = "PreemptLowerPriority"


def prepare(new: Object, old: Object | None) -> None:
    """Its generation never changes."""
    count_generation(new, old)


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    return [
        obj["metadata"]["name"],
        obj.get("value") or 0,
        bool(obj.get("globalDefault")),
        age(obj, now_ms),
        obj.get("preemptionPolicy") or "",
    ]


KIND = Kind(
    group="scheduling.k8s.io",
    version="v1",
    kind="PriorityClass",
    plural="priorityclasses",
    singular="priorityclass",
    namespaced=False,
    short_names=("pc",),
    default=default,
    prepare=prepare,
    has_generation=True,
    columns=COLUMNS,
    cells=cells,
)
