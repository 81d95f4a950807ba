"""Tables and bare metadata: what `kubectl get` and metadata-only clients ask for.

Models: k8s.io/apiserver/pkg/endpoints/handlers/response.go and registry/rest/table.go (v0.37.2).
"""

from __future__ import annotations

from typing import Any

from cluster_engine.apimachinery.errors import bad_request
from cluster_engine.apimachinery.fields import invalid_value
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.time import human_duration, parse_rfc3339
from cluster_engine.apiserver.calls import Call
from cluster_engine.apiserver.encoding import full_object
from cluster_engine.apiserver.shapes import KindTypes
from cluster_engine.kinds.kind import Column, Kind
from cluster_engine.store.changes import Record

_NAME_DESCRIPTION = (
    "Name must be unique within a namespace. Is required when creating resources, although some "
    "resources may allow a client to request the generation of an appropriate name automatically. "
    "Name is primarily intended for creation idempotence and configuration definition. Cannot be "
    "updated. More info: "
    "https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names"
)
_CREATED_DESCRIPTION = (
    "CreationTimestamp is a timestamp representing the server time when this object was created. "
    "It is not guaranteed to be set in happens-before order across separate operations. Clients "
    "may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the "
    "system. Read-only. Null for lists. More info: "
    "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata"
)
#: What a kind without columns of its own shows.
_DEFAULT_COLUMNS = (
    Column("Name", "string", "name", _NAME_DESCRIPTION),
    Column("Created At", "date", "", _CREATED_DESCRIPTION),
)
_INTERNAL_ANNOTATION = "deprecated.daemonset.template.generation"
_INCLUDES = ("", "None", "Metadata", "Object")


def include_object(call: Call) -> str:
    """What each row carries: None, Metadata or Object. Raises ApiError 400."""
    asked = call.query.get("includeObject", [""])[0]
    if asked not in _INCLUDES:
        text = "must be 'Metadata', 'Object', 'None', or empty"
        problem = invalid_value("includeObject", asked, text)
        raise bad_request(f"Unable to convert to Table as requested: {problem.text()}")
    return asked or "Metadata"


def table_of(
    call: Call,
    records: list[Record],
    now_ms: int,
    metadata: Object | None = None,
    *,
    has_columns: bool = True,
) -> Object:
    """A Table of records. `metadata` is the list's; of a single object it is made from its own."""
    include = include_object(call)
    kind = call.kind
    marked = ""
    if kind.marked_default is not None and metadata is not None:
        marked = kind.marked_default([record.object for record in records])
    if metadata is None and len(records) == 1:
        metadata = {"resourceVersion": records[0].object["metadata"].get("resourceVersion", "")}
    table: Object = {
        "kind": "Table",
        "apiVersion": f"meta.k8s.io/{call.media.version}",
        "metadata": metadata or {},
        "columnDefinitions": columns_of(kind) if has_columns else None,
        "rows": [_row(call, record, now_ms, include) for record in records],
    }
    for record, row in zip(records, table["rows"], strict=True):
        if marked and record.object["metadata"]["name"] == marked:
            row["cells"][0] = f"{marked} (default)"
    return table


def columns_of(kind: Kind) -> list[Object]:
    """The column definitions of a kind."""
    return [
        {
            "name": column.name,
            "type": column.type,
            "format": column.format,
            "description": column.description,
            "priority": column.priority,
        }
        for column in kind.columns or _DEFAULT_COLUMNS
    ]


def partial_object(metadata: Object, version: str) -> Object:
    """A PartialObjectMetadata."""
    return {
        "kind": "PartialObjectMetadata",
        "apiVersion": f"meta.k8s.io/{version}",
        "metadata": metadata,
    }


def age_of(obj: Object, now_ms: int) -> str:
    """How long an object has existed, as tables show it."""
    created = obj["metadata"].get("creationTimestamp")
    if not created:
        return "<unknown>"
    return human_duration((now_ms - parse_rfc3339(created)) // 1000)


def blank_cells(kind: Kind) -> list[Any]:
    """The cells of an object in which nothing is set, as bookmarks have them."""
    blank = KindTypes(kind).blank(kind.api_version)
    obj = {**blank, "metadata": {"name": ""}}
    return kind.cells(obj, 0) if kind.cells is not None else ["", None]


def _row(call: Call, record: Record, now_ms: int, include: str) -> Object:
    kind, obj = call.kind, record.object
    cells: list[Any]
    if kind.cells is not None:
        cells = kind.cells(obj, now_ms)
    else:
        cells = [obj["metadata"]["name"], obj["metadata"].get("creationTimestamp", "")]
    row: Object = {"cells": cells}
    if include == "Object":
        row["object"] = full_object(kind, record, call.info.version)
    elif include == "Metadata":
        metadata = _shown(full_object(kind, record, call.info.version)["metadata"])
        row["object"] = partial_object(metadata, call.media.version)
    else:
        row["object"] = None
    return row


def _shown(metadata: Object) -> Object:
    """Metadata without what upstream keeps elsewhere in its internal objects."""
    annotations = metadata.get("annotations")
    if not annotations or _INTERNAL_ANNOTATION not in annotations:
        return metadata
    rest = {name: text for name, text in annotations.items() if name != _INTERNAL_ANNOTATION}
    shown = {**metadata, "annotations": rest}
    if not rest:
        del shown["annotations"]
    return shown
