"""Answers: an object, a status or a list in the representation that was negotiated."""

from __future__ import annotations

from typing import Any

import orjson

from cluster_engine.apimachinery.errors import ApiError
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.calls import Call
from cluster_engine.apiserver.encoding import encode, full_object, object_bytes
from cluster_engine.apiserver.incoming import internal_name
from cluster_engine.apiserver.negotiation import JSON, PLAIN, YAML, Media
from cluster_engine.apiserver.requests import Response
from cluster_engine.apiserver.tables import partial_object, table_of
from cluster_engine.apiserver.yaml_text import to_yaml
from cluster_engine.store.changes import Record


def record_answer(call: Call, record: Record, now_ms: int, status: int = 200) -> Response:
    """One object as the client wants to see it."""
    media, version = call.media, call.info.version
    if media.transform == "Table":
        return value_answer(call, table_of(call, [record], now_ms), status)
    if media.transform == "PartialObjectMetadataList":
        kind = call.kind
        text = "you requested PartialObjectMetadataList, but the requested object is not a list"
        name = internal_name(kind.group, kind.kind)
        raise ApiError(406, "NotAcceptable", f"{text} (*{name})")
    if media.transform:
        metadata = full_object(call.kind, record, version)["metadata"]
        return value_answer(call, partial_object(metadata, media.version), status)
    if media.type == JSON and not media.is_pretty:
        return bytes_answer(object_bytes(call.kind, record, version) + b"\n", status, call)
    return value_answer(call, full_object(call.kind, record, version), status)


def value_answer(call: Call, value: Any, status: int = 200) -> Response:
    """Any JSON-shaped value, in the client's media type."""
    body, type_ = render(value, call.media)
    return Response(status, body, {"content-type": type_}, tuple(call.warnings))


def bytes_answer(body: bytes, status: int, call: Call) -> Response:
    """JSON that is encoded already."""
    return Response(status, body, {"content-type": JSON}, tuple(call.warnings))


def error_answer(error: ApiError, warnings: tuple[str, ...] = (), media: Media = PLAIN) -> Response:
    """A refused request, as a Status."""
    body, type_ = render(error.status(), media)
    headers = {"content-type": type_}
    seconds = (error.details or {}).get("retryAfterSeconds")
    if seconds:
        headers["retry-after"] = str(seconds)
    return Response(error.code, body, headers, warnings)


def success_status(call: Call, name: str, uid: str) -> Object:
    """The Status of a deletion that left no object to show."""
    kind = call.kind
    details: Object = {"name": name}
    if kind.group:
        details["group"] = kind.group
    details["kind"] = kind.plural
    details["uid"] = uid
    return {
        "kind": "Status",
        "apiVersion": "v1",
        "metadata": {},
        "status": "Success",
        "details": details,
    }


def render(value: Any, media: Media) -> tuple[bytes, str]:
    """The bytes of a value and their content type."""
    if media.type == YAML:
        return to_yaml(value), YAML
    if media.is_pretty:
        return orjson.dumps(value, option=orjson.OPT_INDENT_2), JSON
    return encode(value), JSON
