"""The table row of an autoscaler: what it looks at, between which bounds.

Models: printHorizontalPodAutoscaler in pkg/printers/internalversion/printers.go (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.columns import AGE, NAME, age
from cluster_engine.kinds.kind import Column

COLUMNS = (
    NAME,
    Column("Reference", described_by="autoscaling.v2.HorizontalPodAutoscalerSpec.scaleTargetRef"),
    Column("Targets", described_by="autoscaling.v2.HorizontalPodAutoscalerSpec.metrics"),
    Column("MinPods", described_by="autoscaling.v2.HorizontalPodAutoscalerSpec.minReplicas"),
    Column("MaxPods", described_by="autoscaling.v2.HorizontalPodAutoscalerSpec.maxReplicas"),
    Column("Replicas", described_by="autoscaling.v2.HorizontalPodAutoscalerStatus.currentReplicas"),
    AGE,
)

_SHOWN_MAX = 2
#: The field of a metric that holds its source, by type.
SOURCES = {
    "External": "external",
    "Pods": "pods",
    "Object": "object",
    "Resource": "resource",
    "ContainerResource": "containerResource",
}


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    spec, status = obj.get("spec") or {}, obj.get("status") or {}
    target = spec.get("scaleTargetRef") or {}
    low = spec.get("minReplicas")
    return [
        obj["metadata"]["name"],
        f"{target.get('kind', '')}/{target.get('name', '')}",
        _metrics(spec.get("metrics") or [], status.get("currentMetrics") or []),
        "<unset>" if low is None else str(low),
        spec.get("maxReplicas") or 0,
        status.get("currentReplicas") or 0,
        age(obj, now_ms),
    ]


def _metrics(specs: list[Object], statuses: list[Object]) -> str:
    if not specs:
        return "<none>"
    shown = [
        _metric(metric, statuses[position] if position < len(statuses) else {})
        for position, metric in enumerate(specs)
    ]
    text = ", ".join(shown[:_SHOWN_MAX])
    more = len(shown) - _SHOWN_MAX
    return f"{text} + {more} more..." if more > 0 else text


def _metric(metric: Object, status: Object) -> str:
    field = SOURCES.get(metric.get("type", ""))
    if field is None:
        return "<unknown type>"
    source = metric.get(field) or {}
    target = source.get("target") or {}
    held = status.get(field)
    current = (held or {}).get("current") or {}
    if field in ("resource", "containerResource"):
        return f"{source.get('name', '')}: {_of_resource(target, held, current)}"
    if target.get("averageValue") is not None or field == "pods":
        now = "<unknown>" if held is None else current.get("averageValue", "<unknown>")
        suffix = "" if field == "pods" else " (avg)"
        return f"{now}/{target.get('averageValue', '<nil>')}{suffix}"
    now = "<unknown>" if held is None else current.get("value", "<nil>")
    return f"{now}/{target.get('value', '<nil>')}"


def _of_resource(target: Object, held: Object | None, current: Object) -> str:
    if target.get("averageValue") is not None:
        now = "<unknown>" if held is None else current.get("averageValue", "<nil>")
        return f"{now}/{target['averageValue']}"
    now = "<unknown>"
    if current.get("averageUtilization") is not None:
        now = f"{current['averageUtilization']}%"
    wanted = target.get("averageUtilization")
    return f"{now}/{'<auto>' if wanted is None else f'{wanted}%'}"
