"""OpenAPI documents over HTTP: the published types, and those of custom resources.

Documents of the built-in kinds are made once per process and shared by all clusters.

Models: k8s.io/kube-openapi/pkg/handler and handler3 (v0.37.2).
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha512

import orjson

from cluster_engine.apimachinery.errors import path_not_found
from cluster_engine.apiserver.core import Core
from cluster_engine.apiserver.requests import Request, Response
from cluster_engine.kinds.kind import Kind
from cluster_engine.kinds.registry import Registry
from cluster_engine.schema.catalogue import load
from cluster_engine.schema.openapi import ServedKind, document_v2, document_v3

_JSON = {"content-type": "application/json"}
_V2_PROTOBUF = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"
VERSION = "v1.37.2"


def openapi_v2(core: Core, request: Request) -> Response:
    """GET /openapi/v2. For a client that wants protobuf only, an empty document of that type."""
    accept = request.headers.get("accept", "")
    if "proto-openapi" in accept and "json" not in accept:
        return Response(200, b"", {"content-type": _V2_PROTOBUF})
    return Response(200, _whole(_served(core.registry)), dict(_JSON))


def openapi_v3(core: Core, request: Request, path: str) -> Response:
    """GET /openapi/v3 and below it a document per group and version (`api/v1`, `apis/apps/v1`)."""
    del request
    served = _served(core.registry)
    places = sorted({kind.base[1:] for kind in served})
    if not path:
        index = {place: {"serverRelativeURL": _url(place, served)} for place in places}
        return Response(200, orjson.dumps({"paths": index}), dict(_JSON))
    if path not in places:
        raise path_not_found()
    return Response(200, _part(path, served), dict(_JSON))


def _served(registry: Registry) -> tuple[ServedKind, ...]:
    return tuple(
        ServedKind(
            kind.group,
            version,
            kind.kind,
            kind.plural,
            kind.namespaced,
            kind.verbs,
            tuple((item.name, item.verbs) for item in kind.subresources),
            tuple(item.kind for item in kind.subresources if item.kind is not None),
        )
        for kind in registry
        for version in _versions(kind)
    )


def _versions(kind: Kind) -> tuple[str, ...]:
    return kind.served_versions


@lru_cache(maxsize=8)
def _whole(served: tuple[ServedKind, ...]) -> bytes:
    return document_v2(load(), served, VERSION)


@lru_cache(maxsize=128)
def _part(place: str, served: tuple[ServedKind, ...]) -> bytes:
    kinds = [kind for kind in served if kind.base[1:] == place]
    return document_v3(load(), kinds, VERSION)


@lru_cache(maxsize=512)
def _url(place: str, served: tuple[ServedKind, ...]) -> str:
    """With a hash of what the document is made from, so that clients may keep it."""
    kinds = [kind for kind in served if kind.base[1:] == place]
    digest = sha512(repr((VERSION, kinds)).encode()).hexdigest().upper()
    return f"/openapi/v3/{place}?hash={digest}"
