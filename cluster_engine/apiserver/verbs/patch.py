"""PATCH of one object: JSON patch, merge patch, strategic merge patch, apply.

Models: k8s.io/apiserver/pkg/endpoints/handlers/patch.go (v0.37.2).
"""

from __future__ import annotations

import re
from typing import Any

import orjson

from cluster_engine.apimachinery.errors import (
    ApiError,
    bad_request,
    invalid,
    not_found,
    too_large,
    unsupported_media_type,
)
from cluster_engine.apimachinery.fields import invalid_value
from cluster_engine.apimachinery.gojson import go_kind, go_value, json_problem
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.patches.json_patch import (
    OPERATIONS_MAX,
    JsonPatchError,
    apply_json_patch,
)
from cluster_engine.apimachinery.patches.merge import merge_patch
from cluster_engine.apimachinery.patches.shapes import Shape
from cluster_engine.apimachinery.patches.strategic import StrategicPatchError, strategic_merge
from cluster_engine.apiserver.answers import record_answer
from cluster_engine.apiserver.bodies import media_type
from cluster_engine.apiserver.calls import Call
from cluster_engine.apiserver.core import Core
from cluster_engine.apiserver.encoding import full_object
from cluster_engine.apiserver.forms import check_object, to_stored
from cluster_engine.apiserver.incoming import check_names, internal_name
from cluster_engine.apiserver.options import (
    IGNORE,
    STRICT,
    WriteOptions,
    manager_of,
    write_options,
)
from cluster_engine.apiserver.requests import Response
from cluster_engine.apiserver.shapes import shape_of
from cluster_engine.apiserver.write import UPDATE, Write
from cluster_engine.apiserver.writing import Writer, namespace_mismatch
from cluster_engine.schema.check import duplicate_fields, strict_error
from cluster_engine.store.changes import Record

_WRONG_TYPE = re.compile(r"json: cannot unmarshal (.+) into Go struct field \S+ of type (\S+)")
_GO_KINDS = {"object": "map", "array": "slice", "number": "int64"}
#: Maps, not structs: always written with sorted keys.
_PLAIN_MAPS = ("labels", "annotations", "data", "matchLabels", "nodeSelector", "limits", "requests")
_SCALARS = ("string", "bool", "int32", "int64", "float64")

JSON_PATCH = "application/json-patch+json"
MERGE_PATCH = "application/merge-patch+json"
STRATEGIC_PATCH = "application/strategic-merge-patch+json"
APPLY_PATCH = "application/apply-patch+yaml"

PATCH_TYPES = (JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH, APPLY_PATCH)
_NO_LISTS_OF_LISTS = "lists of lists are not supported"
_BAD_RETAIN_KEYS = "patch content doesn't match $retainKeys list"
_BAD_FORMATS = (
    "invalid JSON document",
    "invalid patch format of primitive list",
    "invalid patch format of retainKeys",
    "invalid patch format of setElementOrder list",
    "strategic merge patch format is not supported",
)
_CUSTOM_PATCH_TYPES = (JSON_PATCH, MERGE_PATCH, APPLY_PATCH)


def patch(core: Core, call: Call, writer: Writer) -> Response:
    """Change the object as the patch in the body says."""
    type_ = patch_type(call)
    options = write_options(call.query, "PatchOptions")
    record = core.store.get(call.stored_resource, call.namespace, call.info.name)
    if record is None:
        raise not_found(call.kind.resource, call.info.name)
    current = full_object(call.kind, record, call.info.version)
    shape = shape_of(call.kind, call.info.version)
    patched = patched_object(call, current, type_, options, shape)
    obj = decode_patched(call, patched, current, options, type_)
    write = Write(
        kind=call.kind,
        operation=UPDATE,
        namespace=call.namespace,
        name=call.info.name,
        object=obj,
        user=call.user,
        origin=call.origin,
        manager=manager_of(options, call.request.headers.get("user-agent", "")),
        subresource=call.info.subresource,
        api_version=call.api_version,
        is_dry_run=options.is_dry_run,
        is_patch=True,
        warnings=call.warnings,
    )
    stored: Record = writer.update(write, record)
    return record_answer(call, stored, core.clock.now_ms)


def patch_type(call: Call) -> str:
    """The media type of the patch. Raises ApiError 415 with the texts of the layer that refuses."""
    type_ = media_type(call.request.headers.get("content-type", ""))
    is_custom = call.kind.types is not None
    if type_ not in PATCH_TYPES:
        error = unsupported_media_type("415: Unsupported Media Type")
        error.details = {}
        raise error
    if is_custom and type_ not in _CUSTOM_PATCH_TYPES:
        raise unsupported_media_type(
            "the body of the request was in an unknown format - accepted media types include: "
            + ", ".join(_CUSTOM_PATCH_TYPES)
        )
    return type_


def patched_object(
    call: Call, current: Object, type_: str, options: WriteOptions, shape: Shape
) -> Any:
    """The served object after a JSON, merge or strategic patch. Raises ApiError 400 or 422."""
    body = call.request.body
    is_strict = options.field_validation != IGNORE
    value = _load(body, type_)
    if type_ == JSON_PATCH:
        if not isinstance(value, list):
            raise _undecodable(value, "[]handlers.jsonPatchOp")
        if len(value) > OPERATIONS_MAX:
            raise too_large(
                f"The allowed maximum operations in a JSON patch is {OPERATIONS_MAX}, got "
                f"{len(value)}"
            )
        try:
            return apply_json_patch(current, value)
        except JsonPatchError:
            raise _rejected() from None
    if not isinstance(value, dict):
        raise _undecodable(value, "map[string]interface {}", is_bare=type_ == STRATEGIC_PATCH)
    if is_strict:
        _mind(call, duplicate_fields(body), options)
    if type_ == MERGE_PATCH:
        return merge_patch(current, value)
    try:
        return strategic_merge(current, value, shape)
    except StrategicPatchError as error:
        raise _strategic_error(str(error)) from None


def decode_patched(
    call: Call, patched: Any, current: Object, options: WriteOptions, type_: str
) -> Object:
    """The patched object as if a client had sent it: checked, stored version, defaults."""
    kind, version = call.kind, call.info.version
    expected = (kind.group, version, kind.kind)
    read = read_patched(call, patched, current, options, expected, type_)
    obj = to_stored(kind, read, version)
    namespace = (obj.get("metadata") or {}).get("namespace") or ""
    if namespace and namespace != call.namespace:
        raise namespace_mismatch()
    check_names(call, obj)
    return obj


def read_patched(
    call: Call,
    patched: Any,
    current: Object,
    options: WriteOptions,
    expected: tuple[str, str, str],
    type_: str = MERGE_PATCH,
) -> Object:
    """The canonical form of a patched object. Raises ApiError 422 when it is none."""
    group, version, name = expected
    if not isinstance(patched, dict):
        raise _unreadable(patched, current, "json: cannot unmarshal array into Go value")
    wanted = f"{group}/{version}" if group else version
    found, api_version = patched.get("kind", name), patched.get("apiVersion", wanted)
    if found != name or api_version != wanted:
        go_name = f"({str(api_version).rpartition('/')[2]}.{found})"
        why = f"converting {go_name} to ({internal_name(group, name)}): unknown conversion"
        raise _unreadable(patched, current, why)
    findings = check_object(call.kind, patched, expected)
    if findings.wrong:
        if type_ == STRATEGIC_PATCH:
            raise _unconvertible(call, _converter_text(findings.wrong))
        raise _unreadable(patched, current, findings.wrong)
    if findings.unknown and options.field_validation == STRICT:
        text = strict_error(findings.unknown)
        if type_ == STRATEGIC_PATCH:
            raise _unconvertible(call, text)
        raise _unreadable(patched, current, text)
    if options.field_validation != IGNORE:
        call.warnings.extend(findings.unknown)
    return findings.object


def _load(body: bytes, type_: str) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        if type_ != JSON_PATCH:
            raise bad_request("invalid JSON patch") from None
        raise bad_request(f"error decoding patch: {json_problem(body)}") from None


def _undecodable(value: Any, go_type: str, *, is_bare: bool = False) -> ApiError:
    found = go_kind(value)
    if is_bare:
        return bad_request(f"json: cannot unmarshal {found} into Go value of type {go_type}")
    return bad_request(
        f"error decoding patch: json: cannot unmarshal {found} into Go value of type {go_type}"
    )


def _mind(call: Call, texts: tuple[str, ...], options: WriteOptions) -> None:
    if not texts:
        return
    if options.field_validation == STRICT:
        problem = invalid_value("patch", "", strict_error(texts))
        raise invalid("", "", "", [problem])
    call.warnings.extend(texts)


def _rejected() -> ApiError:
    text = "the server rejected our request due to an error in our request"
    return ApiError(422, "Invalid", text, {})


def _strategic_error(text: str) -> ApiError:
    """A strategic patch that cannot be applied, with the code upstream gives it."""
    if text in (_NO_LISTS_OF_LISTS, _BAD_RETAIN_KEYS):
        return _rejected()
    if text in _BAD_FORMATS:
        return bad_request(text)
    return ApiError(500, "", text)


def _unreadable(patched: Any, current: Object, why: str) -> ApiError:
    text = orjson.dumps(_touched_sorted(patched, current)).decode()
    return invalid("", "", "", [invalid_value("patch", text, why)])


def _touched_sorted(value: Any, original: Any) -> Any:
    """Upstream writes the maps that a patch went through with sorted keys, others as they were."""
    if not isinstance(value, dict):
        return value
    if value is original:
        return {
            key: dict(sorted(item.items())) if key in _PLAIN_MAPS and item else item
            for key, item in value.items()
        }
    held = original if isinstance(original, dict) else {}
    return {key: _touched_sorted(value[key], held.get(key)) for key in sorted(value)}


def _unconvertible(call: Call, why: str) -> ApiError:
    """422 as for a strategic patch: upstream shows the patch, not the object."""
    shown = go_value(orjson.loads(call.request.body))
    return invalid("", "", "", [invalid_value("patch", shown, why)])


def _converter_text(wrong: str) -> str:
    """A JSON decoding error in the words of the converter that strategic patches go through."""
    found = _WRONG_TYPE.fullmatch(wrong)
    if found is None:
        return wrong
    kind, type_ = _GO_KINDS.get(found[1].split()[0], found[1]), found[2]
    if type_.startswith("[]"):
        return f"cannot restore slice from {kind}"
    if type_.startswith("map["):
        return f"cannot restore map from {kind}"
    if type_ in _SCALARS:
        return f"cannot convert {kind} to {type_}"
    return f"cannot restore struct from: {kind}"
