"""From a request body to an object in the stored version, checked for its type and defaulted.

Models: k8s.io/apiserver/pkg/endpoints/handlers (v0.37.2): decoding in create, update and patch.
"""

from __future__ import annotations

from cluster_engine.apimachinery.errors import bad_request
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.bodies import decode
from cluster_engine.apiserver.calls import Call
from cluster_engine.apiserver.options import WriteOptions
from cluster_engine.kinds.kind import Kind


def read_object(call: Call, options: WriteOptions) -> Object:
    """The private, defaulted object of the request's body, in the stored version."""
    request = call.request
    obj = decode(request.body, request.headers.get("content-type", ""), call.kind.kind)
    check_type(call, obj)
    return to_stored(call.kind, obj, call.info.version)


def check_type(call: Call, obj: Object) -> None:
    """Raises ApiError 400 when the object says it is of another kind than the path."""
    kind = call.kind
    name = obj.get("kind") or kind.kind
    api_version = obj.get("apiVersion") or call.api_version
    group, _, version = api_version.rpartition("/")
    if name != kind.kind or group != kind.group:
        raise bad_request(
            f'{name} in version "{version}" cannot be handled as a {kind.kind}: converting '
            f"({_go_name(group, version, name)}) to ({_internal_name(kind)}): unknown conversion"
        )
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


def _go_name(group: str, version: str, name: str) -> str:
    return f"{version}.{name}"


def _internal_name(kind: Kind) -> str:
    package = kind.group.partition(".")[0] or "core"
    return f"{package}.{kind.kind}"


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
