"""Request bodies: JSON, YAML or protobuf to a JSON-shaped object, with upstream's refusals.

Models: k8s.io/apimachinery/pkg/runtime/serializer and apiserver's endpoints/handlers/rest.go
(v0.37.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

from cluster_engine.apimachinery.errors import ApiError, bad_request, unsupported_media_type
from cluster_engine.apimachinery.gojson import go_kind, json_problem
from cluster_engine.apimachinery.manifests import ManifestError, Problem, load_value
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.negotiation import JSON, PROTOBUF, YAML
from cluster_engine.schema import protobuf
from cluster_engine.schema.check import duplicate_fields
from cluster_engine.simulation.limits import Limits

_MEDIA_TYPES = (JSON, YAML, PROTOBUF)
_SHOWN_BYTES = 30
_GO_TYPE = (
    'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; '
    'Kind string "json:\\"kind,omitempty\\"" }'
)


@dataclass(frozen=True, slots=True)
class Body:
    """A decoded body and what strict decoding minds about its text."""

    object: Object
    duplicates: tuple[str, ...] = ()
    #: What a strict request is refused with where that is worded otherwise.
    strict_text: str = ""


def media_type(header: str) -> str:
    """The type of a Content-Type header, without its parameters; JSON when it is empty."""
    return header.partition(";")[0].strip().lower() or JSON


def decode(body: bytes, header: str, expected: str, limits: Limits, *, is_strict: bool) -> Body:
    """The object in a body. `expected` is the kind for error texts; `is_strict`: look for
    duplicate keys too. Raises ApiError."""
    type_ = media_type(header)
    if type_ not in _MEDIA_TYPES:
        raise unsupported_media_type(
            "the body of the request was in an unknown format - accepted media types include: "
            + ", ".join(_MEDIA_TYPES)
        )
    if type_ == PROTOBUF:
        return _decode_protobuf(body, expected)
    if type_ == YAML:
        return _decode_yaml(body, expected, limits)
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        problem = f"{json_problem(body)} ({_shown(body)})"
        raise _unrecognized(
            expected, f"couldn't get version/kind; json parse error: {problem}"
        ) from None
    if value is None:
        return Body({})
    problem = _type_problem(value, body)
    if problem:
        raise _unrecognized(expected, f"couldn't get version/kind; json parse error: {problem}")
    return Body(value, duplicate_fields(body) if is_strict else ())


def _decode_protobuf(body: bytes, expected: str) -> Body:
    if not body.startswith(protobuf.MAGIC):
        raise _unrecognized(expected, _no_protobuf(body))
    try:
        return Body(protobuf.decode(body))
    except protobuf.ProtobufError as error:
        raise _unrecognized(expected, str(error)) from None


def decode_map(body: bytes, limits: Limits) -> Body:
    """The object in the body of an apply, JSON or YAML. Raises ApiError 400."""
    try:
        value = orjson.loads(body)
        duplicates = duplicate_fields(body)
    except orjson.JSONDecodeError:
        value, duplicates = _load_yaml(body, limits, "error encoding patch: ")
    if value is None:
        return Body({})
    if not isinstance(value, dict):
        raise bad_request(
            "error decoding patch: error unmarshaling JSON: while decoding JSON: json: cannot "
            f"unmarshal {go_kind(value)} into Go value of type map[string]interface {{}}"
        )
    return Body(value, duplicates)


def _decode_yaml(body: bytes, expected: str, limits: Limits) -> Body:
    try:
        value, problems = load_value(body, limits)
    except ManifestError as error:
        raise _unrecognized(expected, f"{error.upstream_text()} ({_shown(body)})") from None
    if value is None:
        return Body({})
    problem = _type_problem(value, body)
    if problem:
        raise _unrecognized(expected, f"couldn't get version/kind; json parse error: {problem}")
    texts = tuple(_duplicate_text(problem) for problem in problems)
    if not texts:
        return Body(value)
    return Body(value, texts, "\n  ".join(("yaml: unmarshal errors:", *texts)))


def _load_yaml(body: bytes, limits: Limits, prefix: str) -> tuple[Any, tuple[str, ...]]:
    try:
        value, problems = load_value(body, limits)
    except ManifestError as error:
        raise bad_request(prefix + error.upstream_text()) from None
    return value, tuple(_duplicate_text(problem) for problem in problems)


def _duplicate_text(problem: Problem) -> str:
    return f"line {problem.line}: {problem.message}"


def _unrecognized(expected: str, why: str) -> ApiError:
    return bad_request(f"the object provided is unrecognized (must be of type {expected}): {why}")


def missing_kind(body: bytes, expected: str) -> ApiError:
    """400: an object of a kind that users defined says nothing about what it is."""
    text = body.decode(errors="replace")
    return _unrecognized(expected, f"Object 'Kind' is missing in '{text}' ({_shown(body)})")


def _type_problem(value: Any, body: bytes) -> str:
    """Why the value has no readable kind and version; empty when it has."""
    if not isinstance(value, dict):
        text = f"json: cannot unmarshal {go_kind(value)} into Go value of type {_GO_TYPE}"
        return f"{text} ({_shown(body)})"
    for field in ("apiVersion", "kind"):
        held = value.get(field)
        if held is not None and not isinstance(held, str):
            found = go_kind(held)
            text = f"json: cannot unmarshal {found} into Go struct field .{field} of type string"
            return f"{text} ({_shown(body)})"
    return ""


def _no_protobuf(body: bytes) -> str:
    return (
        "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0] "
        f"({_shown(body)})"
    )


def _shown(body: bytes) -> str:
    if not body:
        return "<empty>"
    part = body[:_SHOWN_BYTES]
    shown = part.decode(errors="replace") if body.startswith(b"{") else part.hex()
    return f"{shown} ..." if len(body) > _SHOWN_BYTES else shown
