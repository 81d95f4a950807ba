"""POST …/serviceaccounts/<name>/token: a token for an account.

Models: k8s.io/kubernetes/pkg/registry/core/serviceaccount/storage/token.go (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.errors import bad_request, conflict, invalid, not_found
from cluster_engine.apimachinery.fields import FieldError, invalid_value
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.time import rfc3339
from cluster_engine.apiserver.admission.registry import Admission
from cluster_engine.apiserver.answers import value_answer
from cluster_engine.apiserver.calls import Call
from cluster_engine.apiserver.core import Core
from cluster_engine.apiserver.incoming import read_other
from cluster_engine.apiserver.options import write_options
from cluster_engine.apiserver.requests import Response
from cluster_engine.apiserver.subresources.admitting import admit_body
from cluster_engine.apiserver.tokens import ISSUER, Tokens

TOKEN_REQUEST = ("authentication.k8s.io", "v1", "TokenRequest")
_SECONDS_DEFAULT, _SECONDS_MIN, _SECONDS_MAX = 3600, 600, 1 << 32


def create_token(core: Core, call: Call, admission: Admission, tokens: Tokens) -> Response:
    """Issue a token, bound to a pod, secret or node when asked for."""
    options = write_options(call.query, "CreateOptions")
    request = read_other(call, options, TOKEN_REQUEST)
    record = core.store.get("serviceaccounts", call.namespace, call.info.name)
    if record is None:
        raise not_found("serviceaccounts", call.info.name)
    admit_body(admission, call, request, is_dry_run=options.is_dry_run)
    spec = dict(request.get("spec") or {})
    metadata = request.get("metadata") or {}
    name = metadata.get("name") or call.info.name
    if name != call.info.name:
        raise bad_request(
            f"the name of the object ({name}) does not match the name on the URL ({call.info.name})"
        )
    seconds = spec.get("expirationSeconds") or _SECONDS_DEFAULT
    _check_seconds(seconds)
    audiences = spec.get("audiences") or [ISSUER]
    bound = _bound(core, call.namespace, spec.get("boundObjectRef"))
    token = tokens.issue(record.object, audiences, seconds, bound)
    now_ms = core.clock.now_ms
    reference = spec.get("boundObjectRef")
    answer = {
        "kind": "TokenRequest",
        "apiVersion": "authentication.k8s.io/v1",
        "metadata": {
            "name": call.info.name,
            "namespace": call.namespace,
            "uid": core.randomness.uid(),
            "creationTimestamp": rfc3339(now_ms),
        },
        "spec": {
            "audiences": audiences,
            "expirationSeconds": seconds,
            "boundObjectRef": reference,
        },
        "status": {"token": token, "expirationTimestamp": rfc3339(now_ms + seconds * 1000)},
    }
    return value_answer(call, answer, 201)


def _check_seconds(seconds: int) -> None:
    problems: list[FieldError] = []
    path = "spec.expirationSeconds"
    if seconds < _SECONDS_MIN:
        text = "may not specify a duration less than 10 minutes"
        problems.append(invalid_value(path, seconds, text))
    if seconds > _SECONDS_MAX:
        text = "may not specify a duration larger than 2^32 seconds"
        problems.append(invalid_value(path, seconds, text))
    if problems:
        raise invalid("TokenRequest", "authentication.k8s.io", "", problems)


def _bound(core: Core, namespace: str, reference: Object | None) -> Object:
    """What the token's claims say of the object it is bound to. Raises ApiError."""
    if not reference:
        return {}
    group, _, version = (reference.get("apiVersion") or "").rpartition("/")
    kind, name = reference.get("kind", ""), reference.get("name", "")
    plurals = {"Pod": "pods", "Secret": "secrets", "Node": "nodes"}
    if group or version != "v1" or kind not in plurals:
        raise bad_request(f"cannot bind token to object of type {group}/{version}, Kind={kind}")
    where = "" if kind == "Node" else namespace
    record = core.store.get(plurals[kind], where, name)
    if record is None:
        raise not_found(plurals[kind], name)
    metadata = record.object["metadata"]
    uid = reference.get("uid")
    if uid and uid != metadata["uid"]:
        why = (
            f"the UID in the bound object reference ({uid}) does not match the UID in record. "
            "The object might have been deleted and then recreated"
        )
        raise conflict(plurals[kind], name, why)
    claims: Object = {kind.lower(): {"name": name, "uid": metadata["uid"]}}
    node = record.object.get("spec", {}).get("nodeName") if kind == "Pod" else None
    if node:
        claims["node"] = {"name": node}
        held = core.store.get("nodes", "", node)
        if held is not None:
            claims["node"]["uid"] = held.object["metadata"]["uid"]
    return claims
