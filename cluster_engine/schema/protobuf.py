"""Protobuf request bodies as the JSON that the same client would otherwise have sent.

Typed clients of kubectl 1.32 and later send them for what they generate. A body is the magic
`k8s\\0` and a `runtime.Unknown` with the object inside. Fields that Go embeds are numbered as one
message but written out in JSON; zeros that JSON would omit are dropped.

Models: k8s.io/apimachinery/pkg/runtime/serializer/protobuf (v0.37.2).
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any

import orjson

from cluster_engine.schema.catalogue import Definition, Field, load

MAGIC = b"k8s\x00"
_UNKNOWN = "apimachinery.pkg.runtime.Unknown"
_META = "apimachinery.pkg.apis.meta.v1."
_RAW = (
    "apimachinery.pkg.runtime.RawExtension",
    f"{_META}FieldsV1",
    "apiextensions_apiserver.pkg.apis.apiextensions.v1.JSON",
)
_LISTS = (
    f"{_META}Verbs",
    "api.authentication.v1.ExtraValue",
    "api.authorization.v1.ExtraValue",
    "api.certificates.v1.ExtraValue",
)
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_DEPTH_MAX = 60


class ProtobufError(ValueError):
    """The bytes are not a protobuf message of a known type."""


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    #: "", "[" for a list, "{" for a map.
    shape: str
    #: One of the scalar letters, or "" for a message.
    scalar: str
    message: int


@dataclass(frozen=True, slots=True)
class _Message:
    name: str
    fields: dict[int, _Field]

    @property
    def definition(self) -> str:
        """The name of the published definition."""
        return "io.k8s." + self.name.replace("_", "-")


@cache
def _messages() -> tuple[_Message, ...]:
    text = files("cluster_engine.schema").joinpath("protobuf_fields.txt").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return tuple(_message(line) for line in lines)


def _message(line: str) -> _Message:
    name, *tokens = line.split()
    fields: dict[int, _Field] = {}
    for token in tokens:
        number, _, rest = token.partition(":")
        field, _, kind = rest.partition(":")
        shape = kind[0] if kind[:1] in "[{" else ""
        kind = kind[len(shape) :]
        is_message = kind.startswith("@")
        message = int(kind[1:]) if is_message else -1
        fields[int(number)] = _Field(field, shape, "" if is_message else kind, message)
    return _Message(name, fields)


@cache
def _by_name() -> dict[str, _Message]:
    return {message.name: message for message in _messages()}


def decode(body: bytes) -> dict[str, Any]:
    """The object in a body, with apiVersion and kind. Raises ProtobufError."""
    if not body.startswith(MAGIC):
        raise ProtobufError("no protobuf")
    outer = _plain(_by_name()[_UNKNOWN], body[len(MAGIC) :])
    type_meta = outer.get("typeMeta") or {}
    api_version, kind = type_meta.get("apiVersion", ""), type_meta.get("kind", "")
    raw = outer.get("raw", b"")
    group, slash, version = api_version.rpartition("/")
    definition = load().name_of(group if slash else "", version, kind)
    found = _by_name().get((definition or "").removeprefix("io.k8s.").replace("-", "_"))
    if found is None:
        raise ProtobufError(f"no kind {kind!r} is registered for version {api_version!r}")
    content = _object(found, raw, 0)
    return {"kind": kind, "apiVersion": api_version, **content}


def _plain(message: _Message, data: bytes) -> dict[str, Any]:
    """A message of the envelope: strings and bytes only."""
    result: dict[str, Any] = {}
    for number, _, value in _wire(data):
        field = message.fields.get(number)
        if field is None or not isinstance(value, bytes):
            continue
        if field.scalar == "s":
            result[field.name] = value.decode("utf-8", "replace")
        elif field.scalar == "b":
            result[field.name] = value
        else:
            result[field.name] = _plain(_messages()[field.message], value)
    return result


def _wire(data: bytes) -> Iterator[tuple[int, int, int | bytes]]:
    """`(field number, wire type, value)` of each field."""
    at, end = 0, len(data)
    while at < end:
        tag, at = _varint(data, at)
        number, wire = tag >> 3, tag & 7
        if wire == _VARINT:
            value, at = _varint(data, at)
            yield number, wire, value
        elif wire in (_FIXED64, _FIXED32):
            size = 8 if wire == _FIXED64 else 4
            yield number, wire, data[at : at + size]
            at += size
        elif wire == _BYTES:
            size, at = _varint(data, at)
            if at + size > end:
                raise ProtobufError("unexpected EOF")
            yield number, wire, data[at : at + size]
            at += size
        else:
            raise ProtobufError(f"illegal wire type {wire}")


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(data) or shift > 63:
            raise ProtobufError("unexpected EOF")
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def _object(message: _Message, data: bytes, depth: int) -> dict[str, Any]:
    if depth > _DEPTH_MAX:
        raise ProtobufError("nested too deeply")
    definition = _definition(message)
    result: dict[str, Any] = {}
    for number, wire, value in _wire(data):
        field = message.fields.get(number)
        if field is not None:
            _take(result, field, definition, wire, value, depth)
    return result


def _definition(message: _Message) -> Definition | None:
    try:
        return load().definition(message.definition)
    except KeyError:
        return None


def _take(
    result: dict[str, Any],
    field: _Field,
    definition: Definition | None,
    wire: int,
    value: int | bytes,
    depth: int,
) -> None:
    published = definition.fields.get(field.name) if definition is not None else None
    if field.shape == "{":
        key, item = _entry(field, value, depth)
        result.setdefault(field.name, {})[key] = item
        return
    if field.shape == "[":
        held = result.setdefault(field.name, [])
        if field.scalar and field.scalar not in "sb" and wire == _BYTES:
            held += _packed(field.scalar, value)
        else:
            held.append(_value(field, wire, value, depth))
        return
    item = _value(field, wire, value, depth)
    if definition is not None and published is None and isinstance(item, dict):
        result.update(item)
    elif not _is_omitted(item, published):
        result[field.name] = item


def _is_omitted(item: Any, published: Field | None) -> bool:
    """Whether JSON would leave out what protobuf writes: zeros of plain fields, zero times."""
    if item is None:
        return True
    if published is None:
        return item in ("", 0, False)
    if published.is_pointer:
        return False
    return item in ("", 0, False) and item != {} and published.is_omitted_empty


def _entry(field: _Field, value: int | bytes, depth: int) -> tuple[str, Any]:
    key, item = "", None
    assert isinstance(value, bytes)
    for number, wire, part in _wire(value):
        if number == 1 and isinstance(part, bytes):
            key = part.decode("utf-8", "replace")
        elif number == 2:
            item = _value(field, wire, part, depth)
    if item is None:
        item = "" if field.scalar in ("s", "b") else {}
    return key, item


def _value(field: _Field, wire: int, value: int | bytes, depth: int) -> Any:
    if field.scalar:
        return _scalar(field.scalar, wire, value)
    if not isinstance(value, bytes):
        raise ProtobufError(f"field {field.name} is no message")
    message = _messages()[field.message]
    special = _special(message, value)
    return _object(message, value, depth + 1) if special is _NOT_SPECIAL else special


def _scalar(kind: str, wire: int, value: int | bytes) -> Any:
    if kind in ("i", "l", "t"):
        if not isinstance(value, int):
            value = int.from_bytes(value, "little", signed=True)
        if kind == "t":
            return bool(value)
        return value - (1 << 64) if value >= 1 << 63 else value
    if not isinstance(value, bytes):
        raise ProtobufError(f"wire type {wire} where text was expected")
    if kind == "b":
        return base64.b64encode(value).decode()
    try:
        return value.decode()
    except UnicodeDecodeError:
        raise ProtobufError("string field contains invalid UTF-8") from None


def _packed(kind: str, value: int | bytes) -> list[Any]:
    assert isinstance(value, bytes)
    found, at = [], 0
    while at < len(value):
        number, at = _varint(value, at)
        found.append(_scalar(kind, _VARINT, number))
    return found


_NOT_SPECIAL = object()


def _special(message: _Message, data: bytes) -> Any:
    """Messages that are written as something other than an object in JSON."""
    name = message.name
    if name.endswith(".Quantity"):
        return _object(message, data, 0).get("string", "0")
    if name.endswith(".IntOrString"):
        found = {number: value for number, _, value in _wire(data)}
        if found.get(1):
            text = found.get(3, b"")
            return text.decode() if isinstance(text, bytes) else ""
        return _scalar("i", _VARINT, found.get(2, 0))
    if name in (f"{_META}Time", f"{_META}MicroTime"):
        return _time(data, has_fraction=name.endswith("MicroTime"))
    if name in _RAW:
        raw = next((value for _, _, value in _wire(data) if isinstance(value, bytes)), b"null")
        try:
            return orjson.loads(raw or b"null")
        except orjson.JSONDecodeError:
            raise ProtobufError("embedded JSON is invalid") from None
    if name in _LISTS:
        return [v.decode() for _, _, v in _wire(data) if isinstance(v, bytes)]
    return _NOT_SPECIAL


def _time(data: bytes, *, has_fraction: bool) -> str | None:
    found = {number: value for number, _, value in _wire(data) if isinstance(value, int)}
    if not found:
        return None
    seconds = _scalar("l", _VARINT, found.get(1, 0))
    try:
        moment = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return None
    if moment.year < 2:
        return None
    stamp = moment.strftime("%Y-%m-%dT%H:%M:%S")
    return f"{stamp}.{found.get(2, 0) // 1000:06d}Z" if has_fraction else f"{stamp}Z"
