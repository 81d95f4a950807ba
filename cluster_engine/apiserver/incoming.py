"""From a request body to an object in the stored version, checked for its type and defaulted.

Models: k8s.io/apiserver/pkg/endpoints/handlers (v0.37.2): decoding in create, update and patch.
"""

from __future__ import annotations

from cluster_engine.apimachinery.errors import bad_request
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.bodies import decode
from cluster_engine.apiserver.calls import Call
from cluster_engine.apiserver.options import IGNORE, STRICT, WriteOptions
from cluster_engine.kinds.kind import Kind
from cluster_engine.schema.check import check, strict_error


def read_object(call: Call, options: WriteOptions) -> Object:
    """The private, defaulted object of the request's body, in the stored version."""
    request, kind = call.request, call.kind
    header = request.headers.get("content-type", "")
    is_strict = options.field_validation != IGNORE
    body = decode(request.body, header, kind.kind, is_strict=is_strict)
    check_type(call, body.object)
    findings = check(body.object, kind.group, call.info.version, kind.kind)
    if findings.wrong:
        raise bad_request(_cannot(call, kind.kind, call.info.version, findings.wrong))
    minded = (*body.duplicates, *findings.unknown)
    if minded and options.field_validation == STRICT:
        raise bad_request(_cannot(call, kind.kind, call.info.version, strict_error(minded)))
    if is_strict:
        call.warnings.extend(minded)
    return to_stored(kind, findings.object, call.info.version)


def check_type(call: Call, obj: Object) -> None:
    """Raises ApiError 400 when the object says it is of another kind than the path."""
    kind = call.kind
    name = obj.get("kind") or kind.kind
    api_version = obj.get("apiVersion") or call.api_version
    group, _, version = api_version.rpartition("/")
    if name != kind.kind or group != kind.group:
        why = f"converting ({version}.{name}) to ({internal_name(kind)}): unknown conversion"
        raise bad_request(_cannot(call, name, version, why))
    if version != call.info.version:
        raise bad_request(
            f"the API version in the data ({api_version}) does not match the expected API version "
            f"({call.api_version})"
        )


def to_stored(kind: Kind, obj: Object, version: str) -> Object:
    """A served object in the stored version, with defaults filled in."""
    if kind.from_version is not None and (version != kind.version or kind.stored_as):
        obj = kind.from_version(obj, version)
    obj["apiVersion"], obj["kind"] = kind.api_version, kind.kind
    if kind.default is not None:
        kind.default(obj)
    return obj


def internal_name(kind: Kind) -> str:
    """The name of a kind's unversioned Go type: "core.ConfigMap"."""
    package = kind.group.partition(".")[0] or "core"
    return f"{package}.{kind.kind}"


def _cannot(call: Call, name: str, version: str, why: str) -> str:
    return f'{name} in version "{version}" cannot be handled as a {call.kind.kind}: {why}'


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
