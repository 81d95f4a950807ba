"""The `authorizer` of expressions: what the one who writes may do.

Models: k8s.io/apiserver/pkg/cel/library/authz.go (v0.37.2).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cluster_engine.apimachinery.cel.values import EvaluationError, no_overload
from cluster_engine.apimachinery.names import is_dns1123_label, is_dns1123_subdomain
from cluster_engine.apiserver.authorization.attributes import Attributes, Decision
from cluster_engine.apiserver.authorization.authorizer import Authorizer
from cluster_engine.apiserver.requests import User
from cluster_engine.apiserver.write import Write

_PREFIX = "kubernetes.authorization."
Method = Callable[..., Any]


class _Callable:
    """A value whose methods expressions call."""

    TYPE = ""

    def methods(self) -> Mapping[str, Method]:
        """Its methods by name."""
        raise NotImplementedError

    def call(self, name: str, arguments: Sequence[Any]) -> Any:
        """Call one of them. Raises EvaluationError."""
        method = self.methods().get(name)
        if method is None or not all(isinstance(argument, str) for argument in arguments):
            raise no_overload()
        try:
            return method(*arguments)
        except TypeError:
            raise no_overload() from None


@dataclass(frozen=True, slots=True)
class Access(_Callable):
    """What one user may do."""

    authorizer: Authorizer
    user: User
    #: What is asked to do right now; None for another account than that of the write.
    asked: Attributes | None = None
    TYPE = f"{_PREFIX}Authorizer"

    def methods(self) -> Mapping[str, Method]:
        return {"path": self._path, "group": self._group, "serviceAccount": self._account}

    def read_field(self, name: str) -> Any:
        """`authorizer.requestResource`."""
        if name != "requestResource" or self.asked is None:
            raise EvaluationError(f"no such key: {name}")
        return ResourceCheck(self.authorizer, self.asked)

    def _path(self, path: str) -> PathCheck:
        if not path.strip():
            raise EvaluationError("path must not be empty")
        return PathCheck(self.authorizer, Attributes(self.user, "", False, path=path))

    def _group(self, group: str) -> Group:
        return Group(self.authorizer, Attributes(self.user, "", group=group))

    def _account(self, namespace: str, name: str) -> Access:
        if is_dns1123_subdomain(name):
            raise EvaluationError("Invalid service account name")
        if is_dns1123_label(namespace):
            raise EvaluationError("Invalid service account namespace")
        groups = (
            "system:serviceaccounts",
            f"system:serviceaccounts:{namespace}",
            "system:authenticated",
        )
        user = User(f"system:serviceaccount:{namespace}:{name}", groups)
        return Access(self.authorizer, user)


@dataclass(frozen=True, slots=True)
class Group(_Callable):
    """An API group."""

    authorizer: Authorizer
    asked: Attributes
    TYPE = f"{_PREFIX}GroupCheck"

    def methods(self) -> Mapping[str, Method]:
        return {"resource": self._resource}

    def _resource(self, resource: str) -> ResourceCheck:
        if not resource.strip():
            raise EvaluationError("resource must not be empty")
        return ResourceCheck(self.authorizer, replace(self.asked, resource=resource))


@dataclass(frozen=True, slots=True)
class PathCheck(_Callable):
    """A path that is no resource."""

    authorizer: Authorizer
    asked: Attributes
    TYPE = f"{_PREFIX}PathCheck"

    def methods(self) -> Mapping[str, Method]:
        return {"check": self._check}

    def _check(self, verb: str) -> Answer:
        return Answer(self.authorizer.authorize(replace(self.asked, verb=verb)))


@dataclass(frozen=True, slots=True)
class ResourceCheck(_Callable):
    """A resource, or one object."""

    authorizer: Authorizer
    asked: Attributes
    TYPE = f"{_PREFIX}ResourceCheck"

    def methods(self) -> Mapping[str, Method]:
        return {
            "subresource": lambda text: self._about(replace(self.asked, subresource=text)),
            "namespace": lambda text: self._about(replace(self.asked, namespace=text)),
            "name": lambda text: self._about(replace(self.asked, name=text)),
            # Roles know no selectors: whoever may ask for all may ask for some.
            "fieldSelector": lambda _: self,
            "labelSelector": lambda _: self,
            "check": self._check,
        }

    def _about(self, asked: Attributes) -> ResourceCheck:
        return ResourceCheck(self.authorizer, asked)

    def _check(self, verb: str) -> Answer:
        return Answer(self.authorizer.authorize(replace(self.asked, verb=verb)))


@dataclass(frozen=True, slots=True)
class Answer(_Callable):
    """A decision."""

    decision: Decision
    TYPE = f"{_PREFIX}Decision"

    def methods(self) -> Mapping[str, Method]:
        return {
            "allowed": lambda: self.decision.is_allowed,
            "reason": lambda: self.decision.reason,
            "errored": lambda: False,
            "error": lambda: "",
        }


def access_of(authorizer: Authorizer, write: Write) -> Access:
    """The `authorizer` of a write."""
    asked = Attributes(
        user=write.user,
        verb="",
        namespace=write.namespace,
        group=write.kind.group,
        resource=write.kind.plural,
        subresource=write.subresource,
        name=write.name,
    )
    return Access(authorizer, write.user, asked)
