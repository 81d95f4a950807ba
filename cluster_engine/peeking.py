"""Looking into a cluster without touching it: files of containers, answers of servers.

To read a file loads what is projected into it, and a server that answers writes its log, so the
question is put to a throw-away copy: the cluster itself does not change, and nothing is an input.

`GET /podyard/v1/peek/file?namespace=&pod=&container=&path=` -> `{"exists", "kind", "text",
"entries", "reason"}`; `GET /podyard/v1/peek/http?host=&port=&path=&namespace=&pod=` -> `{"status",
"headers", "body"}` or `{"error"}`, asked from inside that pod, without one from the control plane.
"""

from __future__ import annotations

from typing import Protocol

import orjson

from cluster_engine.apimachinery.errors import (
    ApiError,
    bad_request,
    forbidden,
    method_not_allowed,
    not_found,
    path_not_found,
)
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.requests import Request, Response
from cluster_engine.network.connection import NetworkError
from cluster_engine.runtime.errors import Errno

PREFIX = "/podyard/v1/peek/"
#: Of a file or an answer, in characters; what is longer is cut.
TEXT_MAX = 64 * 1024
_PORT_MAX = 65_535


class Nodes(Protocol):
    """The kubelets; see kubelet.links.Links."""

    def look_at(self, pod: Object, container: str, path: str) -> bytes | list[str]: ...

    def fetch(
        self, pod: Object | None, host: str, port: int, path: str
    ) -> tuple[int, dict[str, str], bytes]: ...


class Pods(Protocol):
    """Pods by namespace and name; see client.informer."""

    def get(self, namespace: str, name: str) -> Object | None: ...


def peek(request: Request, pods: Pods, nodes: Nodes) -> Response:
    """Answer a request below PREFIX on a copy that is thrown away afterwards."""
    try:
        return _json(200, _peek(request, pods, nodes))
    except ApiError as error:
        return _json(error.code, error.status())


def _peek(request: Request, pods: Pods, nodes: Nodes) -> Object:
    if request.method != "GET":
        raise method_not_allowed()
    if request.user is not None and "system:masters" not in request.user.groups:
        raise forbidden("", "", "looking into containers takes the rights of an administrator")
    given = {name: values[0] for name, values in request.parameters().items()}
    pod = None
    if given.get("pod"):
        pod = pods.get(given.get("namespace", "default"), given["pod"])
        if pod is None:
            raise not_found("pods", given["pod"])
    match request.path[len(PREFIX) :]:
        case "file":
            return _file(given, pod, nodes)
        case "http":
            return _http(given, pod, nodes)
    raise path_not_found()


def _file(given: dict[str, str], pod: Object | None, nodes: Nodes) -> Object:
    if pod is None or not given.get("path"):
        raise bad_request("give pod and path")
    try:
        found = nodes.look_at(pod, given.get("container", ""), given["path"])
    except Errno as error:
        reason = "the container is not running" if error.name == "ESRCH" else error.text
        return {"exists": False, "kind": "", "text": "", "entries": [], "reason": reason}
    if isinstance(found, bytes):
        return {"exists": True, "kind": "file", "text": _text(found), "entries": [], "reason": ""}
    return {"exists": True, "kind": "directory", "text": "", "entries": found, "reason": ""}


def _http(given: dict[str, str], pod: Object | None, nodes: Nodes) -> Object:
    port = given.get("port", "80")
    if not given.get("host") or not port.isdecimal() or not 0 < int(port[:6]) <= _PORT_MAX:
        raise bad_request(f"give host, and a port from 1 to {_PORT_MAX}")
    try:
        found = nodes.fetch(pod, given["host"], int(port), given.get("path", "/"))
    except NetworkError as error:
        return {"error": error.kind}
    status, headers, body = found
    lowered = {name.lower(): value for name, value in headers.items()}
    return {"status": status, "headers": lowered, "body": _text(body)}


def _text(data: bytes) -> str:
    return data[: 4 * TEXT_MAX].decode("utf-8", "replace")[:TEXT_MAX]


def _json(status: int, body: Object) -> Response:
    return Response(status, orjson.dumps(body), {"content-type": "application/json"})
