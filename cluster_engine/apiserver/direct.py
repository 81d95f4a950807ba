"""The typed door: how the cluster's own components read and write (see `client.client.ApiDoor`).

No wire and no authentication, but the same chain: admission, defaults, validation, conflicts,
origins. Objects are in the stored version and stay shared: what the store holds is returned.
"""

from __future__ import annotations

from functools import lru_cache

from cluster_engine.apimachinery.errors import already_exists, conflict, forbidden, too_large
from cluster_engine.apimachinery.objects import Object, clone
from cluster_engine.apimachinery.time import rfc3339
from cluster_engine.apiserver.authorization.authorizer import MASTERS
from cluster_engine.apiserver.core import Core
from cluster_engine.apiserver.deleting import DeleteOptions, Deleter
from cluster_engine.apiserver.forms import to_stored
from cluster_engine.apiserver.managers import Note, given_or_held
from cluster_engine.apiserver.requests import User
from cluster_engine.apiserver.subresources.binding import bind_pod, uid_precondition
from cluster_engine.apiserver.write import CREATE, DELETE, UPDATE, Write
from cluster_engine.apiserver.writing import Writer, live_record
from cluster_engine.kinds.kind import Kind
from cluster_engine.schema.check import check
from cluster_engine.store.changes import Origin, Record


class DirectDoor:
    """Fulfils `client.client.ApiDoor`."""

    def __init__(self, core: Core, writer: Writer, deleter: Deleter) -> None:
        self._core = core
        self._writer = writer
        self._deleter = deleter

    def read(self, resource: str, namespace: str, name: str) -> Object:
        """The stored object. Raises ApiError 404."""
        return live_record(self._core, self._core.kind(resource), namespace, name).object

    def create(self, resource: str, obj: Object, origin: Origin, manager: str) -> Object:
        """Create; `obj` is left alone."""
        kind = self._core.kind(resource)
        private = to_stored(kind, canonical(kind, obj), kind.version)
        metadata = private.get("metadata") or {}
        write = Write(
            kind=kind,
            operation=CREATE,
            namespace=metadata.get("namespace", "") if kind.namespaced else "",
            name=metadata.get("name", ""),
            object=private,
            user=component(origin.actor),
            origin=origin,
            manager=manager,
        )
        return self._writer.create(write).object

    def record_event(self, event: Object, origin: Origin, manager: str) -> Object:
        """Store an Event that a recorder has made whole.

        Half of all writes are events, and none of them could be changed by a default or refused by
        a validator: only the namespace is checked. Raises ApiError when it does not take new
        objects, or has an event of that name.
        """
        core, given = self._core, event["metadata"]
        namespace, name = given["namespace"], given["name"]
        holder = core.store.get("namespaces", "", namespace)
        if holder is None or "deletionTimestamp" in holder.object["metadata"]:
            raise forbidden("events", name, f"namespace {namespace} takes no new objects")
        if core.store.get("events", namespace, name) is not None:
            raise already_exists("events", name)
        if core.store.count("events") >= core.limits.objects_max:
            raise too_large(f"a cluster holds at most {core.limits.objects_max} events")
        now_ms = core.clock.now_ms
        metadata = {
            "name": name,
            "namespace": namespace,
            "uid": core.randomness.uid(),
            "creationTimestamp": rfc3339(now_ms),
        }
        body = {**event, "metadata": metadata}
        kind = core.kind("events")
        note = Note(manager, "", kind.api_version, now_ms, None, body)
        managers = given_or_held(kind, None, Record(body, 0)).with_note(kind, note)
        record = core.store.put(
            "events", body, origin, time_ms=now_ms, expected=None, managers=managers
        )
        return record.object

    def update(
        self, resource: str, obj: Object, origin: Origin, manager: str, subresource: str = ""
    ) -> Object:
        """Replace the object, or with a subresource the part that it may change."""
        kind = self._core.kind(resource)
        metadata = obj["metadata"]
        record = live_record(self._core, kind, metadata.get("namespace", ""), metadata["name"])
        if subresource == "status":
            private = dict(obj)
        else:
            private = to_stored(kind, canonical(kind, obj), kind.version)
        write = Write(
            kind=kind,
            operation=UPDATE,
            namespace=metadata.get("namespace", ""),
            name=metadata["name"],
            object=private,
            user=component(origin.actor),
            origin=origin,
            manager=manager,
            subresource=subresource,
        )
        return self._writer.update(write, record).object

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
    ) -> Object:
        """Delete, or ask for it where a finalizer or grace period waits."""
        kind = self._core.kind(resource)
        record = live_record(self._core, kind, namespace, name)
        options = DeleteOptions(
            grace_seconds=grace_seconds,
            uid=uid or None,
            resource_version=resource_version or None,
            propagation=propagation,
        )
        write = _deletion(kind, namespace, name, origin)
        return self._deleter.delete(write, record, options).record.object

    def bind(self, namespace: str, name: str, uid: str, node: str, origin: Origin) -> None:
        """Bind a pod to a node. Raises ApiError when it is bound, gone, or another pod."""
        kind = self._core.kind("pods")
        record = live_record(self._core, kind, namespace, name)
        held = record.object["metadata"]["uid"]
        if uid and uid != held:
            raise conflict("pods/binding", name, uid_precondition(uid, held))
        bind_pod(self._core, record, node, origin)


def _deletion(kind: Kind, namespace: str, name: str, origin: Origin) -> Write:
    return Write(
        kind=kind,
        operation=DELETE,
        namespace=namespace,
        name=name,
        object={},
        user=component(origin.actor),
        origin=origin,
        manager="",
    )


def canonical(kind: Kind, obj: Object) -> Object:
    """A private copy in the form in which the wire would have brought it. A component that sends
    what its type cannot hold is a bug, so that is not an ApiError."""
    findings = check(obj, kind.group, kind.version, kind.kind)
    if findings.wrong or findings.unknown:
        raise ValueError(f"{kind.kind} of a component: {findings.wrong or findings.unknown}")
    return clone(obj) if findings.object is obj else findings.object


@lru_cache(maxsize=1024)
def component(actor: str) -> User:
    """The user that a component of the cluster acts as. Components are trusted: nobody asks the
    authorizer about them, so they count as masters."""
    groups: tuple[str, ...] = ("system:authenticated", MASTERS)
    if actor.startswith("system:node:"):
        groups = ("system:nodes", *groups)
    elif actor.startswith("system:serviceaccount:"):
        namespace = actor.split(":")[2]
        groups = ("system:serviceaccounts", f"system:serviceaccounts:{namespace}", *groups)
    return User(actor, groups)
