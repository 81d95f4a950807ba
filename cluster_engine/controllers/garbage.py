"""The garbage collector: what is owned goes with its owners.

An index of owner uids over the whole store replaces upstream's graph. Foreground deletion waits
for dependents that block; orphaning cuts their reference. Models:
k8s.io/kubernetes/pkg/controller/garbagecollector (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.errors import ApiError
from cluster_engine.apimachinery.objects import Object, with_metadata
from cluster_engine.client.reconciler import ComponentContext, Reconciler
from cluster_engine.store.changes import DELETED, Change

FOREGROUND = "foregroundDeletion"
ORPHAN = "orphan"


class GarbageCollector(Reconciler):
    """Keys are `owner <uid>` (look at what it owns) and `item <resource> <namespace> <name>`."""

    name = "generic-garbage-collector"

    def __init__(self, context: ComponentContext) -> None:
        super().__init__(context)
        #: Dependents by owner uid: `(resource, namespace, name)`. Looked at in that order: the one
        #: in which they came would be another in a copy of the cluster.
        self._dependents: dict[str, dict[tuple[str, str, str], None]] = {}
        #: Every live object's uid, so that an absent owner is known at once.
        self._owners: dict[str, tuple[str, str, str]] = {}
        for resource in context.informers.resources():
            for obj in context.informers.peek(resource):
                self._add(_identity(resource, obj), obj)
        context.informers.watch_all(self._note)

    def reconcile(self, key: str) -> None:
        """Delete, wait for, or let go of one object or the dependents of one owner."""
        kind, _, rest = key.partition(" ")
        if kind == "owner":
            for identity in sorted(self._dependents.get(rest, ())):
                self._collect(identity)
            return
        resource, namespace, name = rest.split(" ")
        identity = (resource, namespace, name)
        obj = self.informers.of(resource).get(namespace, name)
        if obj is None:
            return
        finalizers = obj["metadata"].get("finalizers") or []
        if "deletionTimestamp" in obj["metadata"] and ORPHAN in finalizers:
            self._orphan_dependents(identity, obj)
        elif "deletionTimestamp" in obj["metadata"] and FOREGROUND in finalizers:
            self._finish_foreground(identity, obj)
        else:
            self._collect(identity)

    def _note(self, change: Change) -> None:
        identity = (change.resource, change.namespace, change.name)
        if change.previous is not None:
            self._remove(identity, change.previous.object)
        metadata = change.object["metadata"]
        owners = metadata.get("ownerReferences") or ()
        if change.type == DELETED:
            uid = metadata.get("uid", "")
            if uid in self._dependents:
                self.enqueue(f"owner {uid}", change.revision)
            for owner in owners:
                self._revisit_leaving_owner(owner["uid"], change.revision)
            return
        self._add(identity, change.object)
        if owners and any(owner["uid"] not in self._owners for owner in owners):
            self.enqueue("item " + " ".join(identity), change.revision)
        if "deletionTimestamp" in metadata:
            marks = metadata.get("finalizers") or ()
            if FOREGROUND in marks or ORPHAN in marks:
                self.enqueue("item " + " ".join(identity), change.revision)
        for owner in owners:
            self._revisit_leaving_owner(owner["uid"], change.revision)

    def _revisit_leaving_owner(self, uid: str, revision: int) -> None:
        identity = self._owners.get(uid)
        if identity is None:
            return
        owner = self.informers.of(identity[0]).get(identity[1], identity[2])
        if owner is None or "deletionTimestamp" not in owner["metadata"]:
            return
        if FOREGROUND in (owner["metadata"].get("finalizers") or ()):
            self.enqueue("item " + " ".join(identity), revision)

    def _collect(self, identity: tuple[str, str, str]) -> None:
        """Delete an object none of whose owners is left (or that all its owners wait for)."""
        resource, namespace, name = identity
        obj = self.informers.of(resource).get(namespace, name)
        if obj is None or "deletionTimestamp" in obj["metadata"]:
            return
        owners = obj["metadata"].get("ownerReferences") or []
        if not owners:
            return
        solid = [owner for owner in owners if self._is_there(owner, namespace, is_waiting=False)]
        waiting = [owner for owner in owners if self._is_there(owner, namespace, is_waiting=True)]
        if solid:
            if len(solid) < len(owners):
                kept = [owner for owner in owners if owner in solid]
                self.client.update(resource, with_metadata(obj, ownerReferences=kept))
            return
        propagation = _propagation(obj, is_foreground=bool(waiting) and self._owns_any(obj))
        uid = obj["metadata"]["uid"]
        self._delete(identity, uid, propagation)

    def _is_there(self, owner: Object, namespace: str, *, is_waiting: bool) -> bool:
        """Whether an owner lives on (or, with `is_waiting`, waits for its dependents to go)."""
        identity = self._owners.get(owner["uid"])
        if identity is None or identity[1] not in ("", namespace):
            return False
        found = self.informers.of(identity[0]).get(identity[1], identity[2])
        if found is None:
            return False
        metadata = found["metadata"]
        waits = "deletionTimestamp" in metadata and FOREGROUND in (metadata.get("finalizers") or ())
        return waits if is_waiting else not waits

    def _owns_any(self, obj: Object) -> bool:
        return bool(self._dependents.get(obj["metadata"]["uid"]))

    def _finish_foreground(self, identity: tuple[str, str, str], obj: Object) -> None:
        """Delete dependents; let the owner go when none that blocks is left."""
        uid = obj["metadata"]["uid"]
        is_blocked = False
        for dependent in sorted(self._dependents.get(uid, ())):
            found = self.informers.of(dependent[0]).get(dependent[1], dependent[2])
            if found is None:
                continue
            references = found["metadata"].get("ownerReferences") or ()
            if any(r["uid"] == uid and r.get("blockOwnerDeletion") for r in references):
                is_blocked = True
            self._collect(dependent)
        still = any(
            self.informers.of(item[0]).get(item[1], item[2]) is not None
            for item in self._dependents.get(uid, ())
        )
        if not (is_blocked and still):
            self._drop_finalizer(identity, FOREGROUND)

    def _orphan_dependents(self, identity: tuple[str, str, str], obj: Object) -> None:
        uid = obj["metadata"]["uid"]
        for resource, namespace, name in sorted(self._dependents.get(uid, ())):
            found = self.informers.of(resource).get(namespace, name)
            if found is not None:
                rest = [r for r in found["metadata"]["ownerReferences"] if r["uid"] != uid]
                self.client.update(resource, with_metadata(found, ownerReferences=rest or None))
        self._drop_finalizer(identity, ORPHAN)

    def _drop_finalizer(self, identity: tuple[str, str, str], finalizer: str) -> None:
        resource, namespace, name = identity
        obj = self.informers.of(resource).get(namespace, name)
        if obj is not None:
            rest = [item for item in obj["metadata"].get("finalizers") or () if item != finalizer]
            self.client.update(resource, with_metadata(obj, finalizers=rest or None))

    def _delete(self, identity: tuple[str, str, str], uid: str, propagation: str) -> None:
        try:
            self.client.delete(*identity, uid=uid, propagation=propagation)
        except ApiError as error:
            if error.code not in (404, 409):
                raise

    def _add(self, identity: tuple[str, str, str], obj: Object) -> None:
        metadata = obj["metadata"]
        self._owners[metadata.get("uid", "")] = identity
        for owner in metadata.get("ownerReferences") or ():
            self._dependents.setdefault(owner["uid"], {})[identity] = None

    def _remove(self, identity: tuple[str, str, str], obj: Object) -> None:
        metadata = obj["metadata"]
        self._owners.pop(metadata.get("uid", ""), None)
        for owner in metadata.get("ownerReferences") or ():
            held = self._dependents.get(owner["uid"])
            if held is not None:
                held.pop(identity, None)
                if not held:
                    del self._dependents[owner["uid"]]


def _identity(resource: str, obj: Object) -> tuple[str, str, str]:
    metadata = obj["metadata"]
    return resource, metadata.get("namespace", ""), metadata["name"]


def _propagation(obj: Object, *, is_foreground: bool) -> str:
    finalizers = obj["metadata"].get("finalizers") or ()
    if ORPHAN in finalizers:
        return "Orphan"
    return "Foreground" if is_foreground or FOREGROUND in finalizers else "Background"
