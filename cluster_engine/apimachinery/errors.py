"""The one error of the API: a Kubernetes `Status`, with a named constructor per reason.

Models: k8s.io/apimachinery/pkg/api/errors (v0.37.2). Field errors are collected, not raised; see
`fields.py`. Everything that refuses a request raises `ApiError`; any other exception is a bug.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cluster_engine.apimachinery.fields import FieldError
from cluster_engine.apimachinery.objects import Object


class ApiError(Exception):
    """A refused request. `status()` is the body a client receives."""

    def __init__(
        self,
        code: int,
        reason: str,
        message: str,
        details: Object | None = None,
        metadata: Object | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.message = message
        self.details = details
        self.metadata = metadata

    def status(self) -> Object:
        """The `v1.Status` object."""
        body: Object = {
            "kind": "Status",
            "apiVersion": "v1",
            "metadata": self.metadata or {},
            "status": "Failure",
            "message": self.message,
            "reason": self.reason,
        }
        if not self.reason:
            del body["reason"]
        if self.details is not None:
            body["details"] = self.details
        body["code"] = self.code
        return body


def _details(resource: str, name: str) -> Object:
    plural, _, group = resource.partition(".")
    details: Object = {}
    if name:
        details["name"] = name
    if group:
        details["group"] = group
    if plural:
        details["kind"] = plural
    return details


def not_found(resource: str, name: str) -> ApiError:
    """`resource` is "pods" or "deployments.apps"."""
    return ApiError(404, "NotFound", f'{resource} "{name}" not found', _details(resource, name))


def path_not_found() -> ApiError:
    """The path names no resource that is served."""
    return ApiError(404, "NotFound", "the server could not find the requested resource", {})


def already_exists(resource: str, name: str) -> ApiError:
    message = f'{resource} "{name}" already exists'
    return ApiError(409, "AlreadyExists", message, _details(resource, name))


def conflict(resource: str, name: str, why: str) -> ApiError:
    message = f'Operation cannot be fulfilled on {resource} "{name}": {why}'
    return ApiError(409, "Conflict", message, _details(resource, name))


#: Why an update with an outdated resourceVersion conflicts.
OBJECT_MODIFIED = (
    "the object has been modified; please apply your changes to the latest version and try again"
)


def forbidden(resource: str, name: str, why: str) -> ApiError:
    subject = f'{resource} "{name}"' if name else resource
    details = _details(resource, name)
    message = f"{subject} is forbidden: {why}" if subject else f"forbidden: {why}"
    return ApiError(403, "Forbidden", message, details)


def unauthorized() -> ApiError:
    return ApiError(401, "Unauthorized", "Unauthorized")


def bad_request(message: str) -> ApiError:
    return ApiError(400, "BadRequest", message)


def method_not_allowed(
    message: str = "the server does not allow this method on the requested resource",
) -> ApiError:
    return ApiError(405, "MethodNotAllowed", message, {})


def unsupported_media_type(message: str) -> ApiError:
    return ApiError(415, "UnsupportedMediaType", message)


def too_large(message: str) -> ApiError:
    return ApiError(413, "RequestEntityTooLarge", message)


def expired(message: str) -> ApiError:
    """410: the resourceVersion asked for has been compacted away."""
    return ApiError(410, "Expired", message)


def too_many_requests(message: str, retry_seconds: int = 0) -> ApiError:
    details = {"retryAfterSeconds": retry_seconds} if retry_seconds else None
    return ApiError(429, "TooManyRequests", message, details)


def internal(message: str) -> ApiError:
    causes = {"causes": [{"message": message}]}
    return ApiError(500, "InternalError", f"Internal error occurred: {message}", causes)


def invalid(kind: str, group: str, name: str, problems: Sequence[FieldError]) -> ApiError:
    """422 with every field error as a cause."""
    texts: list[str] = []
    causes: list[dict[str, Any]] = []
    for problem in problems:
        causes.append({"reason": problem.type, "message": problem.body(), "field": problem.field})
        if problem.text() not in texts:
            texts.append(problem.text())
    shown = texts[0] if len(texts) == 1 else "[" + ", ".join(texts) + "]"
    subject = f"{kind}.{group}" if group else kind
    details: Object = {}
    if name:
        details["name"] = name
    if group:
        details["group"] = group
    if kind:
        details["kind"] = kind
    details["causes"] = causes
    message = (
        f'{subject} "{name}" is invalid: {shown}' if texts else f'{subject} "{name}" is invalid'
    )
    return ApiError(422, "Invalid", message, details)
