"""From a request body to an object in the stored version, checked for its type and defaulted.

Models: k8s.io/apiserver/pkg/endpoints/handlers (v0.37.2): decoding in create, update and patch.
"""

from __future__ import annotations

from cluster_engine.apimachinery.errors import bad_request, invalid
from cluster_engine.apimachinery.fields import invalid_value
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.bodies import decode, missing_kind
from cluster_engine.apiserver.calls import Call
from cluster_engine.apiserver.forms import check_object, to_stored
from cluster_engine.apiserver.options import IGNORE, STRICT, WriteOptions
from cluster_engine.schema.check import strict_error, strict_texts


def read_object(call: Call, options: WriteOptions) -> Object:
    """The private, defaulted object of the request's body, in the stored version."""
    kind = call.kind
    obj = _read(call, options, (kind.group, call.info.version, kind.kind))
    return to_stored(kind, obj, call.info.version)


def read_other(call: Call, options: WriteOptions, expected: tuple[str, str, str]) -> Object:
    """The object of the body where a subresource takes another kind; no defaults."""
    return _read(call, options, expected)


def _read(call: Call, options: WriteOptions, expected: tuple[str, str, str]) -> Object:
    _, version, name = expected
    header = call.request.headers.get("content-type", "")
    is_strict = options.field_validation != IGNORE
    body = decode(call.request.body, header, name, call.limits, is_strict=is_strict)
    is_custom = call.kind.types is not None and expected[0] == call.kind.group
    if not is_custom:
        check_type(body.object, expected)
    elif not body.object.get("kind"):
        raise missing_kind(call.request.body, name)
    findings = check_object(call.kind, body.object, expected)
    if findings.wrong:
        raise bad_request(_cannot(name, version, name, findings.wrong))
    minded = (*body.duplicates, *findings.unknown)
    if body.duplicates and findings.unknown and not is_custom and not body.strict_text:
        minded = strict_texts(call.request.body, findings.unknown)
    if minded and options.field_validation == STRICT:
        if body.strict_text:
            minded = (body.strict_text, *findings.unknown)
        raise bad_request(_cannot(name, version, name, strict_error(minded)))
    if is_strict:
        call.warnings.extend(minded)
    if is_custom:
        _check_custom_type(findings.object, expected)
    return findings.object


def _check_custom_type(obj: Object, expected: tuple[str, str, str]) -> None:
    """Raises ApiError: kinds that users defined are told apart only after reading."""
    group, version, name = expected
    wanted, found = f"{group}/{version}", obj.get("apiVersion") or ""
    if found != wanted:
        raise bad_request(
            f"the API version in the data ({found}) does not match the expected API version "
            f"({wanted})"
        )
    if obj["kind"] != name:
        problem = invalid_value("kind", obj["kind"], f"must be {name}")
        own_name = (obj.get("metadata") or {}).get("name", "")
        raise invalid(obj["kind"], group, own_name, [problem])


def check_type(obj: Object, expected: tuple[str, str, str]) -> None:
    """Raises ApiError 400 when the object says it is of another kind than is expected."""
    group, version, name = expected
    wanted = f"{group}/{version}" if group else version
    found = obj.get("kind") or name
    api_version = obj.get("apiVersion") or wanted
    found_group, _, found_version = api_version.rpartition("/")
    if found != name or found_group != group:
        type_ = f"({found_version}.{found})"
        why = f"converting {type_} to ({internal_name(group, name)}): unknown conversion"
        raise bad_request(_cannot(found, found_version, name, why))
    if found_version != version:
        raise bad_request(
            f"the API version in the data ({api_version}) does not match the expected API version "
            f"({wanted})"
        )


def internal_name(group: str, name: str) -> str:
    """The name of a kind's unversioned Go type: "core.ConfigMap"."""
    return f"{group.partition('.')[0] or 'core'}.{name}"


def _cannot(found: str, version: str, expected: str, why: str) -> str:
    return f'{found} in version "{version}" cannot be handled as a {expected}: {why}'


def check_names(call: Call, obj: Object) -> None:
    """Raises ApiError 400 when an update's body names another object than its path."""
    metadata = obj.get("metadata") or {}
    name, asked = metadata.get("name", ""), call.info.name
    if not name:
        raise bad_request(
            f"the name of the object ({asked} based on URL) was undeterminable: name must be "
            "provided"
        )
    if name != asked:
        raise bad_request(
            f"the name of the object ({name}) does not match the name on the URL ({asked})"
        )
    namespace = metadata.get("namespace", "")
    if namespace and namespace != call.namespace:
        raise bad_request(
            f"the namespace of the object ({namespace}) does not match the namespace on the URL "
            f"({call.namespace})"
        )
