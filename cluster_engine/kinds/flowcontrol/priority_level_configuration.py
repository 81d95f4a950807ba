"""The PriorityLevelConfiguration kind.

Models: k8s.io/kubernetes/pkg/apis/flowcontrol/v1,
pkg/registry/flowcontrol/prioritylevelconfiguration (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.columns import AGE, NAME, age
from cluster_engine.kinds.core.pod.defaults import set_missing
from cluster_engine.kinds.flowcontrol.validation import (
    validate_conditions,
    validate_level,
    validate_level_update,
)
from cluster_engine.kinds.kind import STATUS, Column, Kind
from cluster_engine.kinds.preparation import SeparateStatus, sealed_status

COLUMNS = (
    NAME,
    Column("Type", described_by="flowcontrol.v1.PriorityLevelConfigurationSpec.type"),
    Column(
        "NominalConcurrencyShares",
        described_by="flowcontrol.v1.LimitedPriorityLevelConfiguration.nominalConcurrencyShares",
    ),
    Column("Queues", described_by="flowcontrol.v1.QueuingConfiguration.queues"),
    Column("HandSize", described_by="flowcontrol.v1.QueuingConfiguration.handSize"),
    Column("QueueLengthLimit", described_by="flowcontrol.v1.QueuingConfiguration.queueLengthLimit"),
    AGE,
)

_LIMITED = (("nominalConcurrencyShares", 30), ("lendablePercent", 0))
_EXEMPT = (("nominalConcurrencyShares", 0), ("lendablePercent", 0))
_QUEUING = (("queues", 64), ("handSize", 8), ("queueLengthLimit", 50))


def default(obj: Object) -> None:
    """Shares, and queues where requests queue."""
    spec = obj.setdefault("spec", {})
    limited, exempt = spec.get("limited"), spec.get("exempt")
    if exempt is not None:
        set_missing(exempt, _EXEMPT)
    if limited is None:
        return
    set_missing(limited, _LIMITED)
    queuing = (limited.get("limitResponse") or {}).get("queuing")
    if queuing is not None:
        for name, value in _QUEUING:
            if not queuing.get(name):
                queuing[name] = value


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    spec = obj.get("spec") or {}
    limited = spec.get("limited")
    shown: list[Any] = ["<none>"] * 4
    if limited is not None:
        shown[0] = limited.get("nominalConcurrencyShares")
        queuing = (limited.get("limitResponse") or {}).get("queuing")
        if queuing is not None:
            shown[1:] = [queuing.get(name) or 0 for name, _ in _QUEUING]
    return [obj["metadata"]["name"], spec.get("type", ""), *shown, age(obj, now_ms)]


KIND = Kind(
    group="flowcontrol.apiserver.k8s.io",
    version="v1",
    kind="PriorityLevelConfiguration",
    plural="prioritylevelconfigurations",
    singular="prioritylevelconfiguration",
    namespaced=False,
    subresources=(STATUS,),
    default=default,
    validate=validate_level,
    validate_update=validate_level_update,
    validate_status=validate_conditions,
    prepare=SeparateStatus("flowcontrol.apiserver.k8s.io", "v1", "PriorityLevelConfiguration"),
    prepare_status=sealed_status,
    has_generation=True,
    columns=COLUMNS,
    cells=cells,
)
