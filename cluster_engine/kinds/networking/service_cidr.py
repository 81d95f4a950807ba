"""The ServiceCIDR kind: a range that cluster addresses come from.

Models: k8s.io/kubernetes/pkg/registry/networking/servicecidr (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.columns import AGE, NAME, age
from cluster_engine.kinds.kind import STATUS, Column, Kind
from cluster_engine.kinds.preparation import SeparateStatus, sealed_status

COLUMNS = (
    NAME,
    Column("CIDRs", described_by="networking.v1.ServiceCIDRSpec.cidrs"),
    AGE,
)


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    blocks = (obj.get("spec") or {}).get("cidrs") or ()
    return [obj["metadata"]["name"], ",".join(blocks), age(obj, now_ms)]


KIND = Kind(
    group="networking.k8s.io",
    version="v1",
    kind="ServiceCIDR",
    plural="servicecidrs",
    singular="servicecidr",
    namespaced=False,
    subresources=(STATUS,),
    prepare=SeparateStatus("networking.k8s.io", "v1", "ServiceCIDR"),
    prepare_status=sealed_status,
    columns=COLUMNS,
    cells=cells,
)
