"""What a request path asks for: verb, resource, namespace, name, subresource.

Models: k8s.io/apiserver/pkg/endpoints/request RequestInfoFactory (v0.37.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

_VERBS = {
    "GET": "get",
    "HEAD": "get",
    "POST": "create",
    "PUT": "update",
    "PATCH": "patch",
    "DELETE": "delete",
}
_NAMESPACE_SUBRESOURCES = ("status", "finalize")


@dataclass(frozen=True, slots=True)
class RequestInfo:
    """A path taken apart. Only `path` and `verb` count when `is_resource` is false."""

    path: str
    #: get, list, watch, create, update, patch, delete, deletecollection; the lower-case method
    #: when the path names no resource.
    verb: str
    is_resource: bool = False
    group: str = ""
    version: str = ""
    namespace: str = ""
    plural: str = ""
    name: str = ""
    subresource: str = ""
    #: What follows the subresource, with its first slash: the path a proxy passes on.
    rest: str = ""
    #: Whether the path has more parts than any resource has.
    is_too_long: bool = False

    @property
    def resource(self) -> str:
        """The resource as errors name it: "pods", "deployments.apps"."""
        return f"{self.plural}.{self.group}" if self.group else self.plural


@lru_cache(maxsize=4096)
def parse_path(method: str, path: str, is_watch: bool) -> RequestInfo:
    """Take a path apart. `is_watch`: the query asks for a watch of what would be a list."""
    verb = _VERBS.get(method, method.lower())
    parts = path.strip("/").split("/")
    if parts[0] == "api" and len(parts) >= 3:
        group, version, rest = "", parts[1], parts[2:]
    elif parts[0] == "apis" and len(parts) >= 4:
        group, version, rest = parts[1], parts[2], parts[3:]
    else:
        return RequestInfo(path, method.lower() if method != "HEAD" else "get")
    if rest[0] == "watch" and len(rest) > 1:
        is_watch, rest = True, rest[1:]
    namespace, rest = _namespace(rest)
    plural, name, subresource = (*rest, "", "", "")[:3]
    if not name and verb == "get":
        verb = "watch" if is_watch else "list"
    elif not name and verb == "delete":
        verb = "deletecollection"
    elif name and verb == "get" and is_watch and not subresource:
        verb = "watch"
    return RequestInfo(
        path=path,
        verb=verb,
        is_resource=True,
        group=group,
        version=version,
        namespace=namespace,
        plural=plural,
        name=name,
        subresource=subresource,
        rest=_tail(path, rest[3:]),
        is_too_long=len(rest) > 3,
    )


def _namespace(parts: list[str]) -> tuple[str, list[str]]:
    """The namespace of the path and the parts after it."""
    if parts[0] != "namespaces" or len(parts) == 1:
        return "", parts
    if len(parts) == 2 or parts[2] in _NAMESPACE_SUBRESOURCES:
        return parts[1], parts
    return parts[1], parts[2:]


def _tail(path: str, parts: list[str]) -> str:
    if not parts:
        return "/" if path.endswith("/") else ""
    return "/" + "/".join(parts) + ("/" if path.endswith("/") else "")
