"""The Lease kind.

Models: k8s.io/kubernetes/pkg/registry/coordination/lease (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.columns import AGE, NAME, age
from cluster_engine.kinds.kind import Column, Kind

COLUMNS = (
    NAME,
    Column("Holder", described_by="coordination.v1.LeaseSpec.holderIdentity"),
    AGE,
)

#: Fields of coordinated leader election, which is off by default.
_DISABLED = ("strategy", "preferredHolder")


def prepare(new: Object, old: Object | None) -> None:
    """Drop what the cluster does not know how to use."""
    spec, before = new.get("spec") or {}, (old or {}).get("spec") or {}
    dropped = [name for name in _DISABLED if name in spec and name not in before]
    if dropped:
        new["spec"] = {name: value for name, value in spec.items() if name not in dropped}


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    holder = (obj.get("spec") or {}).get("holderIdentity") or ""
    return [obj["metadata"]["name"], holder, age(obj, now_ms)]


KIND = Kind(
    group="coordination.k8s.io",
    version="v1",
    kind="Lease",
    plural="leases",
    singular="lease",
    namespaced=True,
    prepare=prepare,
    is_created_by_update=True,
    is_updated_unconditionally=False,
    columns=COLUMNS,
    cells=cells,
)
