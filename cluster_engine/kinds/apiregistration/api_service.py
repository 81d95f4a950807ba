"""The APIService kind: who serves an API group.

Models: k8s.io/kube-aggregator/pkg/registry/apiservice (v0.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.conditions import find
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.columns import AGE, NAME, age
from cluster_engine.kinds.kind import STATUS, Column, Kind
from cluster_engine.kinds.preparation import SeparateStatus, only_status

COLUMNS = (
    NAME,
    Column("Service", meaning="The reference to the service that hosts this API endpoint."),
    Column("Available", meaning="Whether this service is available."),
    AGE,
)


def default(obj: Object) -> None:
    """Services are reached on port 443."""
    service = (obj.get("spec") or {}).get("service")
    if service is not None and service.get("port") is None:
        service["port"] = 443


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    service = (obj.get("spec") or {}).get("service")
    shown = "Local"
    if service is not None:
        shown = f"{service.get('namespace', '')}/{service.get('name', '')}"
    available = find((obj.get("status") or {}).get("conditions"), "Available") or {}
    state = available.get("status", "Unknown")
    if state != "True" and available:
        state = f"{state} ({available.get('reason', '')})"
    return [obj["metadata"]["name"], shown, state, age(obj, now_ms)]


KIND = Kind(
    group="apiregistration.k8s.io",
    version="v1",
    kind="APIService",
    plural="apiservices",
    singular="apiservice",
    namespaced=False,
    categories=("api-extensions",),
    subresources=(STATUS,),
    default=default,
    prepare=SeparateStatus("apiregistration.k8s.io", "v1", "APIService"),
    prepare_status=only_status,
    columns=COLUMNS,
    cells=cells,
)
