"""The core Event kind: what happened to an object.

Models: k8s.io/kubernetes/pkg/registry/core/event (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.columns import since
from cluster_engine.kinds.core.event_validation import validate, validate_update
from cluster_engine.kinds.kind import Column, Kind

COLUMNS = (
    Column("Last Seen", described_by="core.v1.Event.lastTimestamp"),
    Column("Type", described_by="core.v1.Event.type"),
    Column("Reason", described_by="core.v1.Event.reason"),
    Column("Object", described_by="core.v1.Event.involvedObject"),
    Column("Subobject", described_by="core.v1.ObjectReference.fieldPath", priority=1),
    Column("Source", described_by="core.v1.Event.source", priority=1),
    Column("Message", described_by="core.v1.Event.message"),
    Column("First Seen", described_by="core.v1.Event.firstTimestamp", priority=1),
    Column("Count", described_by="core.v1.Event.count", priority=1),
    Column("Name", format="name", described_by="meta.v1.ObjectMeta.name", priority=1),
)


def cells(obj: Object, now_ms: int) -> list[Any]:
    """One table row."""
    first = since(obj.get("firstTimestamp") or obj.get("eventTime"), now_ms)
    last = since(obj["lastTimestamp"], now_ms) if obj.get("lastTimestamp") else first
    count = obj.get("count") or 1
    series = obj.get("series")
    if series:
        last = since(series.get("lastObservedTime"), now_ms)
        count = series.get("count") or 0
    about = obj.get("involvedObject") or {}
    target = about.get("kind", "").lower()
    if about.get("name"):
        target = f"{target}/{about['name']}"
    return [
        last,
        obj.get("type", ""),
        obj.get("reason", ""),
        target,
        about.get("fieldPath", ""),
        _source(obj),
        obj.get("message", "").strip(),
        first,
        count,
        obj["metadata"]["name"],
    ]


def _source(obj: Object) -> str:
    source = obj.get("source") or {}
    component = source.get("component") or obj.get("reportingComponent") or ""
    instance = source.get("host") or obj.get("reportingInstance") or ""
    return f"{component}, {instance}" if instance else component


def _about(field: str) -> Any:
    return lambda obj: (obj.get("involvedObject") or {}).get(field, "")


KIND = Kind(
    group="",
    version="v1",
    kind="Event",
    plural="events",
    singular="event",
    namespaced=True,
    short_names=("ev",),
    validate=validate,
    validate_update=validate_update,
    is_created_by_update=True,
    columns=COLUMNS,
    cells=cells,
    field_selectors={
        "involvedObject.kind": _about("kind"),
        "involvedObject.namespace": _about("namespace"),
        "involvedObject.name": _about("name"),
        "involvedObject.uid": _about("uid"),
        "involvedObject.apiVersion": _about("apiVersion"),
        "involvedObject.resourceVersion": _about("resourceVersion"),
        "involvedObject.fieldPath": _about("fieldPath"),
        "reason": lambda obj: obj.get("reason", ""),
        "reportingComponent": lambda obj: obj.get("reportingComponent", ""),
        "source": lambda obj: (
            (obj.get("source") or {}).get("component") or obj.get("reportingComponent", "")
        ),
        "type": lambda obj: obj.get("type", ""),
    },
)
