"""The PodDisruptionBudget kind.

Models: k8s.io/kubernetes/pkg/registry/policy/poddisruptionbudget (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.columns import AGE, NAME, age, int_or_string_text
from cluster_engine.kinds.kind import STATUS, Column, Kind
from cluster_engine.kinds.preparation import SeparateStatus, only_status

COLUMNS = (
    NAME,
    Column("Min Available", meaning="The minimum number of pods that must be available."),
    Column("Max Unavailable", meaning="The maximum number of pods that may be unavailable."),
    Column(
        "Allowed Disruptions",
        "integer",
        meaning=("Calculated number of pods that may be disrupted at this time."),
    ),
    AGE,
)


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    spec = obj.get("spec") or {}
    return [
        obj["metadata"]["name"],
        int_or_string_text(spec.get("minAvailable"), "N/A"),
        int_or_string_text(spec.get("maxUnavailable"), "N/A"),
        (obj.get("status") or {}).get("disruptionsAllowed") or 0,
        age(obj, now_ms),
    ]


KIND = Kind(
    group="policy",
    version="v1",
    kind="PodDisruptionBudget",
    plural="poddisruptionbudgets",
    singular="poddisruptionbudget",
    namespaced=True,
    short_names=("pdb",),
    subresources=(STATUS,),
    prepare=SeparateStatus("policy", "v1", "PodDisruptionBudget"),
    prepare_status=only_status,
    is_updated_unconditionally=False,
    has_generation=True,
    columns=COLUMNS,
    cells=cells,
)
