"""The RuntimeClass kind.

Models: k8s.io/kubernetes/pkg/registry/node/runtimeclass (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.columns import AGE, NAME, age
from cluster_engine.kinds.core.pod.defaults import round_up
from cluster_engine.kinds.kind import Column, Kind

COLUMNS = (
    NAME,
    Column("Handler", described_by="meta.v1.ObjectMeta.handler"),
    AGE,
)


def default(obj: Object) -> None:
    """Amounts are not finer than a thousandth."""
    amounts = (obj.get("overhead") or {}).get("podFixed")
    if amounts:
        round_up(amounts)


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    return [obj["metadata"]["name"], obj.get("handler", ""), age(obj, now_ms)]


KIND = Kind(
    group="node.k8s.io",
    version="v1",
    kind="RuntimeClass",
    plural="runtimeclasses",
    singular="runtimeclass",
    namespaced=False,
    default=default,
    is_created_by_update=True,
    is_updated_unconditionally=False,
    columns=COLUMNS,
    cells=cells,
)
