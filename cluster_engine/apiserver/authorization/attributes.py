"""What somebody asks to do: the question an authorizer answers.

Models: k8s.io/apiserver/pkg/authorization/authorizer (v0.37.2).
"""

from __future__ import annotations

from dataclasses import dataclass

from cluster_engine.apimachinery.errors import ApiError, forbidden
from cluster_engine.apiserver.paths import RequestInfo
from cluster_engine.apiserver.requests import User


@dataclass(frozen=True, slots=True)
class Attributes:
    """One act on a resource, or on a path that is none."""

    user: User
    verb: str
    is_resource: bool = True
    namespace: str = ""
    group: str = ""
    resource: str = ""
    subresource: str = ""
    name: str = ""
    path: str = ""

    @property
    def resource_path(self) -> str:
        """The resource as rules name it: "pods", "pods/log"."""
        return f"{self.resource}/{self.subresource}" if self.subresource else self.resource


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether it may be done, and why."""

    is_allowed: bool
    reason: str = ""


def of_request(user: User, info: RequestInfo) -> Attributes:
    """What a request asks to do."""
    if not info.is_resource:
        return Attributes(user, info.verb, False, path=info.path)
    return Attributes(
        user=user,
        verb=info.verb,
        namespace=info.namespace,
        group=info.group,
        resource=info.plural,
        subresource=info.subresource,
        name=info.name,
        path=info.path,
    )


def denial(asked: Attributes, reason: str = "") -> ApiError:
    """403 in upstream's words."""
    who = f'User "{asked.user.name}" cannot {asked.verb}'
    if not asked.is_resource:
        why = f'{who} path "{asked.path}"'
        return forbidden("", "", f"{why}: {reason}" if reason else why)
    where = f'in the namespace "{asked.namespace}"' if asked.namespace else "at the cluster scope"
    why = f'{who} resource "{asked.resource_path}" in API group "{asked.group}" {where}'
    subject = f"{asked.resource}.{asked.group}" if asked.group else asked.resource
    return forbidden(subject, asked.name, f"{why}: {reason}" if reason else why)
