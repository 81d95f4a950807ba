"""Request bodies: JSON or YAML to objects in the stored version, with what was wrong in them.

Models: k8s.io/apimachinery/pkg/runtime/serializer and endpoints/handlers/rest.go (v0.37.2).
"""

from __future__ import annotations

import json
from typing import Any

import orjson

from cluster_engine.apimachinery.errors import ApiError, bad_request, unsupported_media_type
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.negotiation import JSON, PROTOBUF, YAML

_MEDIA_TYPES = (JSON, YAML, PROTOBUF)
_SHOWN_BYTES = 30


def media_type(header: str) -> str:
    """The type of a Content-Type header, without its parameters; JSON when it is empty."""
    return header.partition(";")[0].strip().lower() or JSON


def decode(body: bytes, header: str, expected: str) -> Object:
    """The object in a body. `expected` is the kind for error texts. Raises ApiError."""
    type_ = media_type(header)
    if type_ not in _MEDIA_TYPES:
        raise unsupported_media_type(
            "the body of the request was in an unknown format - accepted media types include: "
            + ", ".join(_MEDIA_TYPES)
        )
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise unrecognized(expected, json_problem(body), body) from None
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise unrecognized(expected, _not_an_object(value), body, as_hex=True)
    return value


def unrecognized(expected: str, why: str, body: bytes, *, as_hex: bool = False) -> ApiError:
    """400: the body is not even an object with a kind."""
    shown = body.hex() if as_hex else body[:_SHOWN_BYTES].decode(errors="replace")
    if not body:
        shown = "<empty>"
    elif len(body) > _SHOWN_BYTES:
        shown += " ..."
    return bad_request(
        f"the object provided is unrecognized (must be of type {expected}): couldn't get "
        f"version/kind; json parse error: {why} ({shown})"
    )


def json_problem(body: bytes) -> str:
    try:
        json.loads(body)
    except (ValueError, RecursionError) as error:
        return str(error)
    return "invalid JSON"


def _not_an_object(value: Any) -> str:
    names = {list: "array", str: "string", bool: "bool"}
    name = names.get(type(value), "number")
    return (
        f"json: cannot unmarshal {name} into Go value of type struct {{ APIVersion string "
        '"json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }'
    )
