"""What every step of the request chain works with: the parts of one cluster's API server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from cluster_engine.apimachinery.errors import ApiError, path_not_found
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.nodelink import NodeLink
from cluster_engine.apiserver.requests import Request, Response, User
from cluster_engine.apiserver.service_addresses import ServiceAddresses
from cluster_engine.kinds.kind import Kind
from cluster_engine.kinds.registry import Registry
from cluster_engine.simulation.agenda import Agenda
from cluster_engine.simulation.clock import Clock
from cluster_engine.simulation.limits import Limits
from cluster_engine.simulation.randomness import Randomness
from cluster_engine.store.changes import Origin
from cluster_engine.store.store import Store

#: Answers paths that are not Kubernetes' own, by prefix.
Extension = Callable[[Request], Response]


#: What must be brought in line after an object was written.
Follower = Callable[[Object | None, Object | None, Origin], None]


@dataclass(slots=True)
class Core:
    """The parts, wired once by `server.ApiServer`."""

    store: Store
    registry: Registry
    clock: Clock
    agenda: Agenda
    randomness: Randomness
    limits: Limits
    addresses: ServiceAddresses = field(init=False)
    node_link: NodeLink | None = None
    #: The API server alone: no default service account is waited for.
    is_api_only: bool = False
    #: Who a request without credentials is; None: anonymous.
    default_user: User | None = None
    extensions: dict[str, Extension] = field(default_factory=dict)
    #: Called after a write of that resource: `(old, new, origin)`; may write.
    followers: dict[str, Follower] = field(default_factory=dict)
    #: What marks objects of a resource that wait for more than finalizers before they go.
    enders: dict[str, Callable[[Object], Object]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.addresses = ServiceAddresses(self.store, self.clock, self.randomness)
        self.followers["services"] = self.addresses.follow

    def kind(self, resource: str) -> Kind:
        """The record of "pods", "deployments.apps". Raises ApiError 404."""
        found = self.registry.resource(resource)
        if found is None:
            raise path_not_found()
        return found

    def links(self) -> NodeLink:
        """The way into the nodes. Raises ApiError when the cluster has none."""
        if self.node_link is None:
            raise ApiError(503, "ServiceUnavailable", "no node agent is reachable")
        return self.node_link
