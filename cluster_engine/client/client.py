"""Writing: how a component changes the cluster, with the same semantics as any other client.

A component's call skips the wire (no JSON, no authentication) but not the request chain: admission,
defaults, validation, conflicts and the audit trail apply. Errors are `ApiError`.
"""

from __future__ import annotations

from typing import Protocol

from cluster_engine.apimachinery.errors import ApiError
from cluster_engine.apimachinery.objects import Object
from cluster_engine.store.changes import Origin


class ApiDoor(Protocol):
    """The typed door of the API server, fulfilled by `apiserver.server.ApiServer`.

    Resources are named as in the store ("pods", "deployments.apps"), objects are in the stored
    version. Returned objects are the stored ones: read-only.
    """

    def read(self, resource: str, namespace: str, name: str) -> Object: ...

    def create(self, resource: str, obj: Object, origin: Origin, manager: str) -> Object: ...

    def record_event(self, event: Object, origin: Origin, manager: str) -> Object: ...

    def update(
        self, resource: str, obj: Object, origin: Origin, manager: str, subresource: str = ""
    ) -> Object: ...

    def delete(
        self,
        resource: str,
        namespace: str,
        name: str,
        origin: Origin,
        *,
        uid: str = "",
        resource_version: str = "",
        grace_seconds: int | None = None,
        propagation: str = "Background",
    ) -> Object: ...

    def bind(self, namespace: str, name: str, uid: str, node: str, origin: Origin) -> None: ...


class Client:
    """The hand of one component. `because` makes later writes say which revision caused them."""

    def __init__(self, door: ApiDoor, actor: str, manager: str) -> None:
        self.actor = actor
        self._door = door
        self._manager = manager
        self._cause = 0

    def because(self, revision: int) -> None:
        """Writes from now on are caused by the change with that revision."""
        self._cause = revision

    def get(self, resource: str, namespace: str, name: str) -> Object | None:
        """The live object, or None."""
        try:
            return self._door.read(resource, namespace, name)
        except ApiError as error:
            if error.code == 404:
                return None
            raise

    def create(self, resource: str, obj: Object) -> Object:
        """Create; `obj` is not kept, its parts may be shared with stored objects."""
        return self._door.create(resource, obj, self._origin(), self._manager)

    def record_event(self, event: Object) -> Object:
        """Create an Event that is whole and valid as it is; see `recorder.py`."""
        return self._door.record_event(event, self._origin(), self._manager)

    def update(self, resource: str, obj: Object, subresource: str = "") -> Object:
        """Replace; conflicts when `obj` carries an outdated resourceVersion."""
        return self._door.update(resource, obj, self._origin(), self._manager, subresource)

    def update_status(self, resource: str, obj: Object) -> Object:
        """Replace the status only."""
        return self._door.update(resource, obj, self._origin(), self._manager, "status")

    def delete(
        self,
        resource: str,
        namespace: str,
        name: str,
        *,
        uid: str = "",
        resource_version: str = "",
        grace_seconds: int | None = None,
        propagation: str = "Background",
    ) -> Object:
        """Delete, or ask for it where a finalizer or grace period waits."""
        return self._door.delete(
            resource,
            namespace,
            name,
            self._origin(),
            uid=uid,
            resource_version=resource_version,
            grace_seconds=grace_seconds,
            propagation=propagation,
        )

    def bind(self, namespace: str, name: str, uid: str, node: str) -> None:
        """Bind a pod to a node (the `binding` subresource)."""
        self._door.bind(namespace, name, uid, node, self._origin())

    def _origin(self) -> Origin:
        return Origin(self.actor, "", self._cause)
