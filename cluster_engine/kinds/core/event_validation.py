"""Problems of events, by the version they are written in.

Models: k8s.io/kubernetes/pkg/apis/core/validation/events.go (v1.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.fields import FieldError, invalid_value, required
from cluster_engine.apimachinery.names import is_qualified_name
from cluster_engine.apimachinery.objects import Object
from cluster_engine.kinds.checks import IMMUTABLE, wrong
from cluster_engine.kinds.internal import internal

_MISMATCH = "does not match event.namespace"
_LENGTH_MAX = 128
_NOTE_LENGTH_MAX = 1024
_UNSET = "needs to be unset"
#: Fields that no update through events.k8s.io changes: (stored name, internal type or "", shown).
_FIXED = (
    ("involvedObject", "ObjectReference", "involvedObject"),
    ("reason", "", "reason"),
    ("message", "", "message"),
    ("source", "EventSource", "source"),
    ("firstTimestamp", "", "firstTimestamp"),
    ("lastTimestamp", "", "lastTimestamp"),
    ("count", "", "count"),
    ("reason", "", "reason"),
    ("type", "", "type"),
    ("eventTime", "", "eventTime"),
    ("action", "", "action"),
    ("related", "ObjectReference", "related"),
    ("reportingComponent", "", "reportingController"),
    ("reportingInstance", "", "reportingInstance"),
)


def validate(obj: Object) -> list[FieldError]:
    """An event of the core group: lenient unless it has an `eventTime`."""
    problems: list[FieldError] = []
    _check_basics(problems, obj, "reportingComponent")
    return problems


def validate_update(new: Object, old: Object) -> list[FieldError]:
    """Everything may change."""
    del old
    return validate(new)


def validate_new_style(obj: Object) -> list[FieldError]:
    """An event of events.k8s.io, in its stored form."""
    problems: list[FieldError] = []
    _check_basics(problems, obj, "reportingController")
    _check_series(problems, obj)
    if not obj.get("eventTime"):
        problems.append(required("eventTime"))
    type_ = obj.get("type", "")
    if type_ not in ("Normal", "Warning"):
        problems.append(invalid_value("type", "", f"has invalid value: {type_}"))
    problems.extend(
        invalid_value(field, "", _UNSET)
        for field in ("firstTimestamp", "lastTimestamp", "count")
        if obj.get(field)
    )
    source = obj.get("source") or {}
    if source.get("component") or source.get("host"):
        problems.append(invalid_value("source", "", _UNSET))
    return problems


def validate_new_style_update(new: Object, old: Object) -> list[FieldError]:
    """Only the series of an event of events.k8s.io goes on."""
    problems: list[FieldError] = []
    _check_basics(problems, new, "reportingController")
    if new.get("series") != old.get("series"):
        _check_series(problems, new)
    for field, type_, shown in _FIXED:
        after, before = _value(new, field, type_), _value(old, field, type_)
        if after != before:
            problems.append(invalid_value(shown, after, IMMUTABLE))
    return problems


def _value(obj: Object, field: str, type_: str) -> Any:
    held = obj.get(field)
    if not type_:
        return held
    if field == "related":
        return internal("core", type_, held)
    return internal("core", type_, held or {})


def _check_series(problems: list[FieldError], obj: Object) -> None:
    series = obj.get("series")
    if series is None:
        return
    if series.get("count", 0) < 2:
        problems.append(invalid_value("series.count", "", "should be at least 2"))
    if not series.get("lastObservedTime"):
        problems.append(required("series.lastObservedTime"))


def _check_basics(problems: list[FieldError], obj: Object, controller_field: str) -> None:
    namespace = obj["metadata"].get("namespace", "")
    about = (obj.get("involvedObject") or {}).get("namespace", "")
    is_dated = bool(obj.get("eventTime"))
    if about:
        is_mismatch = not is_dated and about != namespace
    else:
        is_mismatch = namespace not in ("default", "kube-system" if is_dated else "")
    if is_mismatch:
        problems.append(invalid_value("involvedObject.namespace", about, _MISMATCH))
    if is_dated:
        _check_dated(problems, obj, controller_field)


def _check_dated(problems: list[FieldError], obj: Object, controller_field: str) -> None:
    controller = obj.get("reportingComponent", "")
    if not controller:
        problems.append(required(controller_field))
    wrong(problems, controller_field, controller, is_qualified_name(controller))
    for field in ("reportingInstance", "action", "reason"):
        text = obj.get(field) or ""
        if not text:
            problems.append(required(field))
        if len(text.encode()) > _LENGTH_MAX:
            message = f"can have at most {_LENGTH_MAX} characters"
            problems.append(invalid_value(field, "", message))
    if len(obj.get("message", "").encode()) > _NOTE_LENGTH_MAX:
        message = f"can have at most {_NOTE_LENGTH_MAX} characters"
        problems.append(invalid_value("message", "", message))
