"""Every built-in kind, and the registry a cluster looks kinds up in.

The order is the one in which discovery lists groups. A cluster adds its custom kinds to its own
`Registry`; the built-in ones are shared by all.

Models: k8s.io/kubernetes/pkg/controlplane InstallAPIs (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from cluster_engine.kinds.admissionregistration.registry import KINDS as ADMISSIONREGISTRATION
from cluster_engine.kinds.apiextensions.registry import KINDS as APIEXTENSIONS
from cluster_engine.kinds.apiregistration.registry import KINDS as APIREGISTRATION
from cluster_engine.kinds.apps.registry import KINDS as APPS
from cluster_engine.kinds.authentication.registry import KINDS as AUTHENTICATION
from cluster_engine.kinds.authorization.registry import KINDS as AUTHORIZATION
from cluster_engine.kinds.autoscaling.registry import KINDS as AUTOSCALING
from cluster_engine.kinds.batch.registry import KINDS as BATCH
from cluster_engine.kinds.certificates.registry import KINDS as CERTIFICATES
from cluster_engine.kinds.coordination.registry import KINDS as COORDINATION
from cluster_engine.kinds.core.registry import KINDS as CORE
from cluster_engine.kinds.discovery.registry import KINDS as DISCOVERY
from cluster_engine.kinds.events.registry import KINDS as EVENTS
from cluster_engine.kinds.flowcontrol.registry import KINDS as FLOWCONTROL
from cluster_engine.kinds.kind import Kind
from cluster_engine.kinds.networking.registry import KINDS as NETWORKING
from cluster_engine.kinds.node.registry import KINDS as NODE
from cluster_engine.kinds.policy.registry import KINDS as POLICY
from cluster_engine.kinds.rbac.registry import KINDS as RBAC
from cluster_engine.kinds.resource.registry import KINDS as RESOURCE
from cluster_engine.kinds.scheduling.registry import KINDS as SCHEDULING
from cluster_engine.kinds.storage.registry import KINDS as STORAGE
from cluster_engine.kinds.storagemigration.registry import KINDS as STORAGEMIGRATION

KINDS: tuple[Kind, ...] = (
    *CORE,
    *APIREGISTRATION,
    *APPS,
    *EVENTS,
    *AUTHENTICATION,
    *AUTHORIZATION,
    *AUTOSCALING,
    *BATCH,
    *CERTIFICATES,
    *NETWORKING,
    *POLICY,
    *RBAC,
    *STORAGE,
    *ADMISSIONREGISTRATION,
    *APIEXTENSIONS,
    *SCHEDULING,
    *COORDINATION,
    *NODE,
    *DISCOVERY,
    *RESOURCE,
    *FLOWCONTROL,
    *STORAGEMIGRATION,
)


class Registry:
    """Kinds by resource ("deployments.apps"), by path and by kind."""

    def __init__(self, kinds: Iterable[Kind] = KINDS) -> None:
        self._by_resource: dict[str, Kind] = {}
        self._by_path: dict[tuple[str, str, str], Kind] = {}
        self._by_kind: dict[tuple[str, str, str], Kind] = {}
        for kind in kinds:
            self.add(kind)

    def __iter__(self) -> Iterator[Kind]:
        """In the order they were added."""
        return iter(self._by_resource.values())

    def resource(self, resource: str) -> Kind | None:
        """By the name the store uses."""
        return self._by_resource.get(resource)

    def path(self, group: str, version: str, plural: str) -> Kind | None:
        """By the parts of a request path; None when that version does not serve it."""
        return self._by_path.get((group, version, plural))

    def kind(self, group: str, version: str, kind: str) -> Kind | None:
        """By group, version and kind of an object."""
        return self._by_kind.get((group, version, kind))

    def add(self, kind: Kind, by_version: Mapping[str, Kind] | None = None) -> None:
        """Serve `kind`, in place of one with the same resource.

        `by_version`: the record to serve a version with, where versions differ.
        """
        self.remove(kind.resource)
        self._by_resource[kind.resource] = kind
        for version in kind.served_versions:
            served = (by_version or {}).get(version, kind)
            self._by_path[kind.group, version, kind.plural] = served
            self._by_kind[kind.group, version, kind.kind] = served

    def remove(self, resource: str) -> None:
        """Serve that resource no more; nothing happens when it is not served."""
        kind = self._by_resource.pop(resource, None)
        if kind is None:
            return
        for version in kind.served_versions:
            self._by_path.pop((kind.group, version, kind.plural), None)
            self._by_kind.pop((kind.group, version, kind.kind), None)

    def copy(self) -> Registry:
        """An independent registry with the same kinds."""
        twin = Registry(())
        twin._by_resource = dict(self._by_resource)
        twin._by_path = dict(self._by_path)
        twin._by_kind = dict(self._by_kind)
        return twin
