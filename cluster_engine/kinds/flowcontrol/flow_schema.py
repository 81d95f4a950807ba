"""The FlowSchema kind.

Models: k8s.io/kubernetes/pkg/registry/flowcontrol/flowschema (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.conditions import find
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.columns import AGE, NAME, age
from cluster_engine.kinds.flowcontrol.validation import (
    validate_conditions,
    validate_schema,
    validate_schema_update,
)
from cluster_engine.kinds.kind import STATUS, Column, Kind
from cluster_engine.kinds.preparation import SeparateStatus, sealed_status

COLUMNS = (
    NAME,
    Column("PriorityLevel", described_by="flowcontrol.v1.PriorityLevelConfigurationReference.name"),
    Column("MatchingPrecedence", described_by="flowcontrol.v1.FlowSchemaSpec.matchingPrecedence"),
    Column("DistinguisherMethod", described_by="flowcontrol.v1.FlowSchemaSpec.distinguisherMethod"),
    AGE,
    Column("MissingPL", meaning="references a broken or non-existent PriorityLevelConfiguration"),
)

_PRECEDENCE = 1000


def default(obj: Object) -> None:
    """Matched in the middle."""
    spec = obj.setdefault("spec", {})
    if not spec.get("matchingPrecedence"):
        spec["matchingPrecedence"] = _PRECEDENCE


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    spec = obj.get("spec") or {}
    method = spec.get("distinguisherMethod")
    dangling = find((obj.get("status") or {}).get("conditions"), "Dangling")
    return [
        obj["metadata"]["name"],
        (spec.get("priorityLevelConfiguration") or {}).get("name", ""),
        spec.get("matchingPrecedence") or 0,
        "<none>" if method is None else method.get("type", ""),
        age(obj, now_ms),
        "?" if dangling is None else dangling.get("status", ""),
    ]


KIND = Kind(
    group="flowcontrol.apiserver.k8s.io",
    version="v1",
    kind="FlowSchema",
    plural="flowschemas",
    singular="flowschema",
    namespaced=False,
    subresources=(STATUS,),
    default=default,
    validate=validate_schema,
    validate_update=validate_schema_update,
    validate_status=validate_conditions,
    prepare=SeparateStatus("flowcontrol.apiserver.k8s.io", "v1", "FlowSchema"),
    prepare_status=sealed_status,
    has_generation=True,
    columns=COLUMNS,
    cells=cells,
)
