"""Requests for paths that name no resource: discovery, health, version, OpenAPI, metrics, keys."""

from __future__ import annotations

from cluster_engine.apimachinery.errors import path_not_found
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver import discovery, health
from cluster_engine.apiserver.answers import render
from cluster_engine.apiserver.core import Core
from cluster_engine.apiserver.negotiation import JSON, PLAIN, negotiate
from cluster_engine.apiserver.openapi import openapi_v2, openapi_v3
from cluster_engine.apiserver.requests import Request, Response
from cluster_engine.apiserver.tokens import ISSUER, Tokens

_TEXT = "text/plain; charset=utf-8"
_METRICS_TEXT = "text/plain; version=0.0.4; charset=utf-8"


def answer(core: Core, request: Request, tokens: Tokens) -> Response:
    """Answer such a request. Raises ApiError 404 or 406."""
    path = request.path
    parts = path.strip("/").split("/")
    head = parts[0]
    if head in ("api", "apis") and len(parts) <= 3:
        return _discovery(core, request, parts)
    if head in ("healthz", "livez", "readyz"):
        return _health(request)
    if head == "openapi":
        return _openapi(core, request, parts)
    if path == "/":
        return _json(health.paths(discovery.groups_of(core)))
    if path in ("/version", "/version/"):
        return _rendered(request, health.VERSION)
    if path == "/metrics":
        return Response(200, metrics(core).encode(), {"content-type": _METRICS_TEXT})
    if path == "/openid/v1/jwks":
        return _json(tokens.key_set())
    if path == "/.well-known/openid-configuration":
        return _json(_identity_provider())
    raise path_not_found()


def page_not_found() -> Response:
    """What upstream's web server says of a path that nobody has registered."""
    return Response(404, b"404 page not found\n", {"content-type": _TEXT})


def metrics(core: Core) -> str:
    """A few of the numbers that a real API server counts."""
    lines = [
        "# HELP apiserver_storage_objects [STABLE] Number of stored objects at the time of last "
        "check split by kind.",
        "# TYPE apiserver_storage_objects gauge",
    ]
    for resource in core.store.resources():
        count = core.store.count(resource)
        lines.append(f'apiserver_storage_objects{{resource="{resource}"}} {count}')
    lines.append("# HELP etcd_revision Revision of the newest change.")
    lines.append("# TYPE etcd_revision gauge")
    lines.append(f"etcd_revision {core.store.revision}")
    return "\n".join(lines) + "\n"


def _discovery(core: Core, request: Request, parts: list[str]) -> Response:
    media, is_aggregated = discovery.negotiate_discovery(
        request.headers.get("accept", ""), is_aggregatable=len(parts) == 1
    )
    is_core = parts[0] == "api"
    found: Object | None
    if is_aggregated:
        found = discovery.aggregated(core, is_core=is_core)
        body, _ = render(found, media)
        type_ = f"{media.type};g=apidiscovery.k8s.io;v=v2;as={discovery.AGGREGATED}"
        return Response(200, body, {"content-type": type_, "vary": "Accept"})
    if len(parts) == 1:
        address = request.headers.get("host", "127.0.0.1")
        found = discovery.core_versions(address) if is_core else discovery.group_list(core)
    elif is_core:
        found = discovery.resource_list(core, "", parts[1]) if len(parts) == 2 else None
        if found is None:
            raise path_not_found()
    elif len(parts) == 2:
        found = discovery.group(core, parts[1])
    else:
        found = discovery.resource_list(core, parts[1], parts[2])
    if found is None:
        return _unknown_group(core, parts)
    body, type_ = render(found, media)
    return Response(200, body, {"content-type": type_})


def _unknown_group(core: Core, parts: list[str]) -> Response:
    groups = discovery.groups_of(core)
    is_custom = any(kind.group == parts[1] for kind in core.registry if kind.types is not None)
    if parts[1] in groups and not is_custom:
        raise path_not_found()
    return page_not_found()


def _health(request: Request) -> Response:
    query = request.parameters()
    found = health.health(
        request.path, is_verbose="verbose" in query, excluded=query.get("exclude", [])
    )
    if found is None:
        raise path_not_found()
    return Response(200, found.encode(), {"content-type": _TEXT, "cache-control": "no-store"})


def _openapi(core: Core, request: Request, parts: list[str]) -> Response:
    if parts[1:] == ["v2"]:
        return openapi_v2(core, request)
    if len(parts) >= 2 and parts[1] == "v3":
        return openapi_v3(core, request, "/".join(parts[2:]))
    raise path_not_found()


def _identity_provider() -> Object:
    return {
        "issuer": ISSUER,
        "jwks_uri": f"{ISSUER}/openid/v1/jwks",
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA"],
    }


def _rendered(request: Request, value: Object) -> Response:
    media = negotiate(request.headers.get("accept", ""), has_transforms=False)
    body, type_ = render(value, media)
    return Response(200, body, {"content-type": type_})


def _json(value: Object) -> Response:
    body, _ = render(value, PLAIN)
    return Response(200, body, {"content-type": JSON})
