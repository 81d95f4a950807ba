"""The Event kind of events.k8s.io: the core events under newer field names.

Models: k8s.io/kubernetes/pkg/apis/events/v1/conversion.go (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.core import event as core_event
from cluster_engine.kinds.core.event_validation import (
    validate_new_style,
    validate_new_style_update,
)
from cluster_engine.kinds.kind import Kind

#: Names in events.k8s.io by names in the core group.
_NEW_NAMES = {
    "involvedObject": "regarding",
    "message": "note",
    "source": "deprecatedSource",
    "firstTimestamp": "deprecatedFirstTimestamp",
    "lastTimestamp": "deprecatedLastTimestamp",
    "count": "deprecatedCount",
    "reportingComponent": "reportingController",
}
_OLD_NAMES = {new: old for old, new in _NEW_NAMES.items()}
#: What the core kind writes even when it is empty.
_ALWAYS = (
    ("firstTimestamp", None),
    ("lastTimestamp", None),
    ("reportingComponent", ""),
    ("reportingInstance", ""),
)
_OPTIONAL_WHEN_NEW = ("reportingController", "reportingInstance")
_SELECTORS = {
    "regarding.kind": "involvedObject.kind",
    "regarding.namespace": "involvedObject.namespace",
    "regarding.name": "involvedObject.name",
    "regarding.uid": "involvedObject.uid",
    "regarding.apiVersion": "involvedObject.apiVersion",
    "regarding.resourceVersion": "involvedObject.resourceVersion",
    "regarding.fieldPath": "involvedObject.fieldPath",
    "reason": "reason",
    "reportingController": "reportingComponent",
    "type": "type",
}


def to_version(obj: Object, version: str) -> Object:
    """The stored core event as events.k8s.io shows it."""
    del version
    shown = {_NEW_NAMES.get(name, name): value for name, value in obj.items()}
    for name in _OPTIONAL_WHEN_NEW:
        if not shown.get(name):
            shown.pop(name, None)
    return {**shown, "apiVersion": "events.k8s.io/v1"}


def from_version(obj: Object, version: str) -> Object:
    """An events.k8s.io event as the core event that is stored."""
    del version
    stored = {_OLD_NAMES.get(name, name): value for name, value in obj.items()}
    for name, value in _ALWAYS:
        stored.setdefault(name, value)
    return {**stored, "apiVersion": "v1"}


KIND = Kind(
    group="events.k8s.io",
    version="v1",
    kind="Event",
    plural="events",
    singular="event",
    namespaced=True,
    short_names=("ev",),
    validate=validate_new_style,
    validate_update=validate_new_style_update,
    is_created_by_update=True,
    columns=core_event.COLUMNS,
    cells=core_event.cells,
    field_selectors={
        name: core_event.KIND.field_selectors[old] for name, old in _SELECTORS.items()
    },
    to_version=to_version,
    from_version=from_version,
    stored_as="events",
)
