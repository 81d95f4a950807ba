"""Talking to the API server: requests out, objects or refusals back.

Everything goes through `system.api`; there is no other way into the cluster.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias
from urllib.parse import quote, urlencode

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.requests import Request, Response, Stream
from cluster_engine.kubectl.errors import KubectlError, StatusError

Api: TypeAlias = Callable[[Request], Response]
Query: TypeAlias = Mapping[str, Any]

JSON = "application/json"
TABLE = (
    "application/json;as=Table;v=v1;g=meta.k8s.io,"
    "application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json"
)
MERGE_PATCH = "application/merge-patch+json"
STRATEGIC_PATCH = "application/strategic-merge-patch+json"
JSON_PATCH = "application/json-patch+json"
APPLY_PATCH = "application/apply-patch+yaml"
USER_AGENT = "kubectl/v1.37.2 (linux/amd64) kubernetes/b3d4f3c"


class Client:
    """One caller of the API. `warn` is told each warning the server sends."""

    def __init__(
        self, api: Api, warn: Callable[[str], None], headers: Mapping[str, str] | None = None
    ) -> None:
        self._api = api
        self._warn = warn
        self._headers = {"user-agent": USER_AGENT, **(headers or {})}

    def send(
        self,
        method: str,
        path: str,
        query: Query | None = None,
        body: bytes = b"",
        *,
        accept: str = JSON,
        content_type: str = JSON,
    ) -> Response:
        """The raw answer, whatever its status."""
        headers = {**self._headers, "accept": accept}
        if body:
            headers["content-type"] = content_type
        response = self._api(Request(method, path, encode_query(query), headers, body))
        for text in response.warnings:
            self._warn(text)
        return response

    def call(
        self,
        method: str,
        path: str,
        query: Query | None = None,
        body: Any = None,
        *,
        accept: str = JSON,
        content_type: str = JSON,
    ) -> Object:
        """The object answered. Raises StatusError for a refusal."""
        data = b""
        if isinstance(body, bytes):
            data = body
        elif body is not None:
            data = json.dumps(body, ensure_ascii=False).encode()
        response = self.send(method, path, query, data, accept=accept, content_type=content_type)
        return checked(response, method, path)

    def text(self, path: str, query: Query | None = None) -> bytes:
        """The body answered, as it is. Raises StatusError for a refusal."""
        response = self.send("GET", path, query, accept="*/*")
        if response.status >= 400:
            checked(response, "GET", path)
        return response.body

    def stream(
        self, method: str, path: str, query: Query | None = None, *, accept: str = JSON
    ) -> Stream:
        """The stream behind the answer. Raises StatusError for a refusal."""
        response = self.send(method, path, query, accept=accept)
        if response.stream is None:
            checked(response, method, path)
            raise KubectlError("the server answered without a stream")
        return response.stream


def checked(response: Response, method: str, path: str) -> Object:
    """The object in a response. Raises StatusError when it is a refusal."""
    try:
        body: Any = json.loads(response.body) if response.body else {}
    except ValueError:
        body = None
    if response.status < 400 and isinstance(body, dict):
        return body
    if isinstance(body, dict) and body.get("kind") == "Status":
        raise StatusError(body)
    text = response.body.decode("utf-8", "replace")
    reason, message = _REFUSALS.get(response.status, ("", ""))
    if message:
        text = f"{message}{_request_text(method, path)}"
    raise StatusError({"reason": reason, "message": text, "code": response.status})


#: What a status means when the server gives no object with it.
_REFUSALS = {
    401: ("Unauthorized", "the server has asked for the client to provide credentials"),
    403: ("Forbidden", ""),
    404: ("NotFound", "the server could not find the requested resource"),
    405: ("MethodNotAllowed", "the server does not allow this method on the requested resource"),
}


def _request_text(method: str, path: str) -> str:
    """ " (patch deployments.apps web)"; empty for paths that are no resource's."""
    parts = path.strip("/").split("/")
    skipped = {"api": 2, "apis": 3}.get(parts[0], len(parts))
    group = parts[1] if parts[0] == "apis" and len(parts) > 1 else ""
    rest = parts[skipped:]
    if len(rest) > 2 and rest[0] == "namespaces":
        rest = rest[2:]
    if not rest:
        return ""
    resource = f"{rest[0]}.{group}" if group else rest[0]
    return " (" + " ".join([method.lower(), resource, *rest[1:2]]) + ")"


def encode_query(query: Query | None) -> str:
    """The query string; None and "" are left out, lists repeat their name."""
    pairs: list[tuple[str, str]] = []
    for name, value in (query or {}).items():
        if isinstance(value, bool):
            pairs.append((name, "true" if value else "false"))
        elif isinstance(value, Sequence) and not isinstance(value, str):
            pairs.extend((name, str(item)) for item in value)
        elif value is not None and value != "":
            pairs.append((name, str(value)))
    return urlencode(pairs, quote_via=quote)
