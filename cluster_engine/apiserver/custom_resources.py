"""Definitions come into force: names are accepted, kinds served, instances ended with them.

Upstream this is the work of controllers inside of the API server; here each step follows the write
that makes it possible, at the same moment.

Models: k8s.io/apiextensions-apiserver/pkg/controller/{status,establish,finalizer} and
pkg/registry/customresourcedefinition/etcd.go (v0.37.2).
"""

from __future__ import annotations

from dataclasses import replace

from cluster_engine.apimachinery.objects import Object, with_metadata
from cluster_engine.apimachinery.time import rfc3339
from cluster_engine.apiserver.core import Core
from cluster_engine.apiserver.deleting import DeleteOptions, Deleter
from cluster_engine.apiserver.direct import component
from cluster_engine.apiserver.watching import WatchHub
from cluster_engine.apiserver.write import DELETE, UPDATE, Write
from cluster_engine.apiserver.writing import Writer
from cluster_engine.kinds.custom.record import kind_of
from cluster_engine.kinds.kind import Kind
from cluster_engine.store.changes import Origin, Record

DEFINITIONS = "customresourcedefinitions.apiextensions.k8s.io"
FINALIZER = "customresourcecleanup.apiextensions.k8s.io"
_ACTOR = "system:apiserver"
_MANAGER = "kube-apiserver"
_ACCEPTED, _ESTABLISHED, _TERMINATING = "NamesAccepted", "Established", "Terminating"


class CustomResources:
    """Follows the definitions of one cluster."""

    def __init__(self, core: Core, writer: Writer, deleter: Deleter, hub: WatchHub) -> None:
        self._core = core
        self._writer = writer
        self._deleter = deleter
        self._hub = hub
        core.followers[DEFINITIONS] = self._follow
        core.enders[DEFINITIONS] = self._mark
        for record in core.store.records(DEFINITIONS):
            self._serve(record.object)

    def _follow(self, old: Object | None, new: Object | None, origin: Origin) -> None:
        origin = replace(origin, actor=_ACTOR)
        if new is None:
            assert old is not None
            self._end_serving(resource_of(old))
            self._reconsider(old, origin)
            return
        if _differs(old, new):
            self._serve(new)
        if "deletionTimestamp" in new["metadata"]:
            self._finish(new["metadata"]["name"], origin)
        else:
            self._establish(new, origin)

    # --- names

    def _establish(self, definition: Object, origin: Origin) -> None:
        """Do the next step towards being established; the write of it leads to the one after."""
        status = definition.get("status") or {}
        if definition["spec"]["names"] == status.get("acceptedNames"):
            is_accepted = _is_true(definition, _ACCEPTED)
            if is_accepted and not _is_true(definition, _ESTABLISHED):
                condition = (
                    _ESTABLISHED,
                    "True",
                    "InitialNamesAccepted",
                    "the initial names have been accepted",
                )
                self._write(self._with(definition, condition), origin)
            return
        names, problem = self._accepted(definition)
        conditions = [(_ACCEPTED, "True", "NoConflicts", "no conflicts found")]
        if problem:
            conditions = [(_ACCEPTED, "False", *problem)]
        if not _is_true(definition, _ESTABLISHED):
            reason = ("NotAccepted", "not all names are accepted")
            if not problem:
                reason = ("Installing", "the initial names have been accepted")
            conditions.append((_ESTABLISHED, "False", *reason))
        changed = self._with(definition, *conditions)
        changed = {**changed, "status": {**changed["status"], "acceptedNames": names}}
        if changed != definition:
            self._write(changed, origin)
            self._reconsider(definition, origin)

    def _accepted(self, definition: Object) -> tuple[Object, tuple[str, str] | None]:
        """The names that the definition may have, and why it may not have others."""
        asked = definition["spec"]["names"]
        held = (definition.get("status") or {}).get("acceptedNames") or {}
        resources, kinds = self._taken(definition)
        names: Object = {"plural": "", "kind": "", **held}
        problem: tuple[str, str] | None = None
        for field, taken, reason in (
            ("plural", resources, "PluralConflict"),
            ("singular", resources, "SingularConflict"),
            ("kind", kinds, "KindConflict"),
            ("listKind", kinds, "ListKindConflict"),
        ):
            name = asked.get(field, "")
            if name != held.get(field, "") and name in taken:
                problem = reason, f'"{name}" is already in use'
            elif name:
                names[field] = name
        short = asked.get("shortNames") or []
        own = held.get("shortNames") or []
        clashes = [f'"{name}" is already in use' for name in short if name in resources - set(own)]
        if clashes:
            text = clashes[0] if len(clashes) == 1 else f"[{', '.join(clashes)}]"
            problem = "ShortNamesConflict", text
        else:
            names["shortNames"] = short
        names["categories"] = asked.get("categories") or []
        return {
            field: value for field, value in names.items() if value or field in _ALWAYS
        }, problem

    def _taken(self, definition: Object) -> tuple[set[str], set[str]]:
        """Resource names and kinds that definitions of the same group have."""
        resources: set[str] = set()
        kinds: set[str] = set()
        for record in self._core.store.records(DEFINITIONS):
            if record.object["spec"]["group"] == definition["spec"]["group"]:
                held = (record.object.get("status") or {}).get("acceptedNames") or {}
                resources.update((held.get("plural", ""), held.get("singular", "")))
                resources.update(held.get("shortNames") or ())
                kinds.update((held.get("kind", ""), held.get("listKind", "")))
        return resources - {""}, kinds - {""}

    def _reconsider(self, definition: Object, origin: Origin) -> None:
        """Names may have become free for others of the group."""
        for record in self._core.store.records(DEFINITIONS):
            other = record.object
            if (
                other["spec"]["group"] == definition["spec"]["group"]
                and other["metadata"]["uid"] != definition["metadata"]["uid"]
                and "deletionTimestamp" not in other["metadata"]
            ):
                self._establish(other, origin)

    # --- serving

    def _serve(self, definition: Object) -> None:
        """Serve the kind as the definition has it now; watches of the former one end."""
        is_going = "deletionTimestamp" in definition["metadata"]
        if not _is_true(definition, _ESTABLISHED):
            return
        kind, by_version = kind_of(definition, is_going=is_going)
        resource = kind.resource
        if self._core.registry.resource(resource) is not None:
            self._hub.end_all(resource)
            for record in self._core.store.records(resource):
                record.encoded = None
        self._core.registry.add(kind, by_version)

    def _end_serving(self, resource: str) -> None:
        self._core.followers.pop(resource, None)
        kind = self._core.registry.resource(resource)
        if kind is not None and kind.types is not None:
            self._core.registry.remove(resource)
            self._hub.end_all(resource)

    # --- ending

    def _mark(self, definition: Object) -> Object:
        """The definition as the first request to delete it leaves it."""
        metadata = definition["metadata"]
        finalizers = metadata.get("finalizers") or []
        if FINALIZER not in finalizers:
            finalizers = [*finalizers, FINALIZER]
        marked = with_metadata(
            definition,
            deletionTimestamp=rfc3339(self._core.clock.now_ms),
            finalizers=finalizers,
        )
        why = (
            "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon"
        )
        return self._with(marked, (_TERMINATING, "True", "InstanceDeletionPending", why))

    def _finish(self, name: str, origin: Origin) -> None:
        """Delete the instances, then let the definition go; else wait for what is left."""
        record = self._core.store.get(DEFINITIONS, "", name)
        if record is None or FINALIZER not in (record.object["metadata"].get("finalizers") or ()):
            return
        resource = resource_of(record.object)
        kind = self._core.registry.resource(resource)
        if kind is not None and kind.types is not None and self._core.store.count(resource):
            if resource in self._core.followers:
                return  # They have been asked to go.
            self._core.followers[resource] = lambda old, new, by: self._instance_gone(name, by)
            why = "CustomResource deletion is in progress"
            going = (_TERMINATING, "True", "InstanceDeletionInProgress", why)
            self._put(self._with(record.object, going), record, origin)
            self._delete_instances(kind, origin)
            return
        self._release(record, origin)

    def _instance_gone(self, name: str, origin: Origin) -> None:
        record = self._core.store.get(DEFINITIONS, "", name)
        if record is not None and not self._core.store.count(resource_of(record.object)):
            self._release(record, replace(origin, actor=_ACTOR))

    def _delete_instances(self, kind: Kind, origin: Origin) -> None:
        store = self._core.store
        for record in store.records(kind.resource):
            metadata = record.object["metadata"]
            namespace = metadata.get("namespace", "")
            if store.get(kind.resource, namespace, metadata["name"]) is record:
                write = Write(
                    kind=kind,
                    operation=DELETE,
                    namespace=namespace,
                    name=metadata["name"],
                    object={},
                    user=component(_ACTOR),
                    origin=origin,
                    manager=_MANAGER,
                )
                self._deleter.delete(write, record, DeleteOptions())

    def _release(self, record: Record, origin: Origin) -> None:
        """Take the finalizer away; without others the definition is gone."""
        definition = record.object
        resource = resource_of(definition)
        self._core.followers.pop(resource, None)
        others = [one for one in definition["metadata"].get("finalizers") or () if one != FINALIZER]
        self._end_serving(resource)
        if others:
            ended = ("InstanceDeletionCompleted", "removed all instances")
            changed = self._with(definition, (_TERMINATING, "False", *ended))
            self._put(with_metadata(changed, finalizers=others), record, origin)
            return
        now_ms = self._core.clock.now_ms
        self._core.store.delete(DEFINITIONS, record, origin, time_ms=now_ms)
        self._follow(definition, None, origin)

    # --- writing

    def _with(self, definition: Object, *conditions: tuple[str, str, str, str]) -> Object:
        """The definition with conditions set; a time changes only with the status."""
        status = definition.get("status") or {}
        held = list(status.get("conditions") or ())
        now = rfc3339(self._core.clock.now_ms)
        for type_, value, reason, message in conditions:
            place = next((i for i, one in enumerate(held) if one["type"] == type_), len(held))
            old = held[place] if place < len(held) else {}
            since = old["lastTransitionTime"] if old.get("status") == value else now
            held[place : place + 1] = [
                {
                    "type": type_,
                    "status": value,
                    "lastTransitionTime": since,
                    "reason": reason,
                    "message": message,
                }
            ]
        return {**definition, "status": {**status, "conditions": held}}

    def _write(self, definition: Object, origin: Origin) -> None:
        """Write a status through the chain."""
        metadata = definition["metadata"]
        record = self._core.store.get(DEFINITIONS, "", metadata["name"])
        if record is None or record.object["metadata"]["uid"] != metadata["uid"]:
            return
        write = Write(
            kind=self._core.kind(DEFINITIONS),
            operation=UPDATE,
            namespace="",
            name=metadata["name"],
            object=dict(definition),
            user=component(_ACTOR),
            origin=origin,
            manager=_MANAGER,
            subresource="status",
        )
        self._writer.update(write, record)

    def _put(self, definition: Object, record: Record, origin: Origin) -> None:
        self._core.store.put(
            DEFINITIONS,
            definition,
            origin,
            time_ms=self._core.clock.now_ms,
            expected=record,
            managers=record.managers,
        )


_ALWAYS = ("plural", "kind")


def resource_of(definition: Object) -> str:
    """The resource that a definition defines."""
    return f"{definition['spec']['names']['plural']}.{definition['spec']['group']}"


def _is_true(definition: Object, type_: str) -> bool:
    conditions = (definition.get("status") or {}).get("conditions") or ()
    return any(one["type"] == type_ and one["status"] == "True" for one in conditions)


def _differs(old: Object | None, new: Object) -> bool:
    """Whether the kind must be served anew."""
    if old is None:
        return True
    parts = [
        (
            definition["spec"],
            (definition.get("status") or {}).get("acceptedNames"),
            _is_true(definition, _ESTABLISHED),
            "deletionTimestamp" in definition["metadata"],
        )
        for definition in (old, new)
    ]
    return parts[0] != parts[1]
