"""OpenAPI documents over HTTP: the published types, and those of custom resources.

Documents of the built-in kinds are made once per process and shared by all clusters.

Models: k8s.io/kube-openapi/pkg/handler and handler3 (v0.37.2).
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha512
from typing import Any

import orjson

from cluster_engine.apimachinery.errors import path_not_found
from cluster_engine.apiserver.core import Core
from cluster_engine.apiserver.requests import Request, Response
from cluster_engine.kinds.custom.documents import REFERENCES, definitions
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
    body = _whole(_published(core.registry))
    custom: dict[str, Any] = {}
    for kind in _custom(core.registry):
        for version in kind.served_versions:
            custom |= _definitions(kind, version, is_v2=True)
    if custom:
        # The definitions are the last thing in the document.
        body = body[:-2] + b"," + orjson.dumps(custom)[1:-1] + b"}}"
    return Response(200, body, dict(_JSON))


def openapi_v3(core: Core, request: Request, path: str) -> Response:
    """GET /openapi/v3 and below it a document per group and version (`api/v1`, `apis/apps/v1`)."""
    del request
    published = _published(core.registry)
    custom = [
        (kind, version) for kind in _custom(core.registry) for version in kind.served_versions
    ]
    if not path:
        urls = {kind.base[1:]: _url(kind.base[1:], published) for kind in published}
        for place in sorted({_place(kind, version) for kind, version in custom}):
            urls[place] = f"/openapi/v3/{place}?hash={_digest(_custom_part(place, custom))}"
        index = {place: {"serverRelativeURL": urls[place]} for place in sorted(urls)}
        return Response(200, orjson.dumps({"paths": index}), dict(_JSON))
    if any(kind.base[1:] == path for kind in published):
        return Response(200, _part(path, published), dict(_JSON))
    if any(_place(kind, version) == path for kind, version in custom):
        return Response(200, _custom_part(path, custom), dict(_JSON))
    raise path_not_found()


def _published(registry: Registry) -> tuple[ServedKind, ...]:
    return tuple(
        _served(kind, version)
        for kind in registry
        if kind.types is None
        for version in kind.served_versions
    )


def _custom(registry: Registry) -> list[Kind]:
    return [kind for kind in registry if kind.types is not None]


def _served(kind: Kind, version: str) -> ServedKind:
    return ServedKind(
        kind.group,
        version,
        kind.kind,
        kind.plural,
        kind.namespaced,
        kind.verbs,
        tuple((item.name, item.verbs) for item in kind.subresources),
        tuple(item.kind for item in kind.subresources if item.kind is not None),
    )


def _place(kind: Kind, version: str) -> str:
    return _served(kind, version).base[1:]


def _definitions(kind: Kind, version: str, *, is_v2: bool) -> dict[str, Any]:
    assert kind.types is not None
    return definitions(kind.types, kind.plural, version, load(), is_v2=is_v2)


def _custom_part(place: str, custom: list[tuple[Kind, str]]) -> bytes:
    """The document of a group version that users defined."""
    own = [(kind, version) for kind, version in custom if _place(kind, version) == place]
    kinds = [_served(kind, version) for kind, version in own]
    document = orjson.loads(document_v3(load(), kinds, VERSION, REFERENCES))
    for kind, version in own:
        document["components"]["schemas"] |= _definitions(kind, version, is_v2=False)
    return orjson.dumps(document)


@lru_cache(maxsize=8)
def _whole(published: tuple[ServedKind, ...]) -> bytes:
    return document_v2(load(), published, VERSION)


@lru_cache(maxsize=128)
def _part(place: str, published: tuple[ServedKind, ...]) -> bytes:
    kinds = [kind for kind in published if kind.base[1:] == place]
    return document_v3(load(), kinds, VERSION)


@lru_cache(maxsize=512)
def _url(place: str, published: tuple[ServedKind, ...]) -> str:
    """With a hash of what the document is made from, so that clients may keep it."""
    kinds = [kind for kind in published if kind.base[1:] == place]
    return f"/openapi/v3/{place}?hash={_digest(repr((VERSION, kinds)).encode())}"


def _digest(body: bytes) -> str:
    return sha512(body).hexdigest().upper()
