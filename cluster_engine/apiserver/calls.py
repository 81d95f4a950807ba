"""A request that has been understood and allowed: what verbs and subresources answer."""

from __future__ import annotations

from dataclasses import dataclass, field

from cluster_engine.apiserver.negotiation import Media
from cluster_engine.apiserver.paths import RequestInfo
from cluster_engine.apiserver.requests import Request, User
from cluster_engine.kinds.kind import Kind
from cluster_engine.simulation.limits import Limits
from cluster_engine.store.changes import Origin


@dataclass(slots=True)
class Call:
    """One request for a resource."""

    request: Request
    info: RequestInfo
    kind: Kind
    user: User
    query: dict[str, list[str]]
    media: Media
    limits: Limits
    warnings: list[str] = field(default_factory=list)

    @property
    def namespace(self) -> str:
        """The namespace asked for; empty for cluster-scoped kinds and for all namespaces."""
        return self.info.namespace if self.kind.namespaced else ""

    @property
    def stored_resource(self) -> str:
        """Under which name the store keeps the objects."""
        return self.kind.stored_as or self.kind.resource

    @property
    def origin(self) -> Origin:
        """Why a write of this call happens."""
        return Origin(self.user.name, self.request.request_id, caller=self.request.caller)

    @property
    def api_version(self) -> str:
        """The `apiVersion` of the path."""
        info = self.info
        return f"{info.group}/{info.version}" if info.group else info.version
