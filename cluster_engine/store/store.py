"""The cluster's memory: every object at its revision, every change since the last compaction.

Called by the API server (the only writer) and read through informers. It knows nothing of kinds:
a resource is a string like "pods" or "deployments.apps". Maps are persistent, so a fork shares
everything and costs microseconds.

Models: etcd as the API server uses it (k8s.io/apiserver/pkg/storage/etcd3, v0.37.2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from immutables import Map

from cluster_engine.apimachinery.objects import Object, freeze, with_metadata
from cluster_engine.store.changes import ADDED, DELETED, MODIFIED, Change, Origin, Record
from cluster_engine.store.history import History

Key: TypeAlias = tuple[str, str]
Listener: TypeAlias = Callable[[Change], None]

_EMPTY: Map[Key, Record] = Map()


class StaleRevision(Exception):
    """The object is not at the expected revision (or exists, or does not)."""


class Store:
    """Objects by resource, namespace and name; one revision counter for all."""

    def __init__(self, *, history_max: int = 20_000, is_freezing: bool = False) -> None:
        self.revision = 1
        self._resources: Map[str, Map[Key, Record]] = Map()
        self._history = History(history_max)
        self._listeners: dict[str, list[Listener]] = {}
        self._is_freezing = is_freezing

    @property
    def compacted_revision(self) -> int:
        """Watches and lists at or before this revision are answered with 410."""
        return self._history.compacted_revision

    def get(self, resource: str, namespace: str, name: str) -> Record | None:
        """The record, or None. `namespace` is empty for cluster-scoped resources."""
        records = self._resources.get(resource)
        return None if records is None else records.get((namespace, name))

    def records(self, resource: str, namespace: str | None = None) -> list[Record]:
        """All records of a resource ordered by namespace and name; one namespace when given."""
        records = self._resources.get(resource, _EMPTY)
        if namespace is None:
            return [record for _, record in sorted(records.items(), key=_by_key)]
        found = [(key, record) for key, record in records.items() if key[0] == namespace]
        return [record for _, record in sorted(found, key=_by_key)]

    def count(self, resource: str) -> int:
        """How many objects of that resource there are."""
        return len(self._resources.get(resource, _EMPTY))

    def resources(self) -> list[str]:
        """Resources that have or had an object, sorted."""
        return sorted(self._resources)

    def put(
        self,
        resource: str,
        obj: Object,
        origin: Origin,
        *,
        time_ms: int,
        expected: Record | None,
        managers: object = None,
    ) -> Record:
        """Store `obj` in place of `expected` (None: it must not exist yet).

        Sets `metadata.resourceVersion`. Raises StaleRevision, and then nothing has happened.
        """
        metadata = obj["metadata"]
        key = (metadata.get("namespace", ""), metadata["name"])
        records = self._resources.get(resource, _EMPTY)
        if records.get(key) is not expected:
            raise StaleRevision(resource, *key)
        self.revision += 1
        stored = with_metadata(obj, resourceVersion=str(self.revision))
        record = Record(freeze(stored) if self._is_freezing else stored, self.revision, managers)
        self._resources = self._resources.set(resource, records.set(key, record))
        kind = ADDED if expected is None else MODIFIED
        self._commit(Change(self.revision, kind, resource, *key, record, expected, origin, time_ms))
        return record

    def delete(self, resource: str, expected: Record, origin: Origin, *, time_ms: int) -> Record:
        """Remove an object. Returns its last state at the revision of the deletion."""
        metadata = expected.object["metadata"]
        key = (metadata.get("namespace", ""), metadata["name"])
        records = self._resources.get(resource, _EMPTY)
        if records.get(key) is not expected:
            raise StaleRevision(resource, *key)
        self.revision += 1
        last = with_metadata(expected.object, resourceVersion=str(self.revision))
        record = Record(
            freeze(last) if self._is_freezing else last, self.revision, expected.managers
        )
        self._resources = self._resources.set(resource, records.delete(key))
        self._commit(
            Change(self.revision, DELETED, resource, *key, record, expected, origin, time_ms)
        )
        return record

    def subscribe(self, listener: Listener, resource: str = "*") -> Callable[[], None]:
        """Call `listener` right after each change of `resource` ("*": of any). It must not write
        and must be quick. Returns what ends the subscription."""
        listeners = self._listeners.setdefault(resource, [])
        listeners.append(listener)

        def unsubscribe() -> None:
            if listener in listeners:
                listeners.remove(listener)

        return unsubscribe

    def changes_after(self, revision: int, resource: str | None = None) -> Iterator[Change]:
        """Changes with a greater revision, oldest first. Raises history.Compacted."""
        return self._history.after(revision, resource)

    def records_at(self, resource: str, revision: int) -> list[Record]:
        """The records of a resource as they were at a past revision. Raises history.Compacted."""
        past: dict[Key, Record] = dict(self._resources.get(resource, _EMPTY).items())
        for change in reversed(list(self._history.after(revision, resource))):
            if change.previous is None:
                past.pop((change.namespace, change.name), None)
            else:
                past[change.namespace, change.name] = change.previous
        return [record for _, record in sorted(past.items(), key=_by_key)]

    def compact(self, revision: int) -> None:
        """Forget changes up to and including `revision`."""
        self._history.compact(revision)

    def fork(self) -> Store:
        """An independent store with the same content and history, without listeners."""
        twin = Store(is_freezing=self._is_freezing)
        twin.revision = self.revision
        twin._resources = self._resources
        twin._history = self._history.copy()
        return twin

    def state(self) -> tuple[int, Map[str, Map[Key, Record]], History]:
        """Everything but the listeners, for a snapshot; nothing that changes later."""
        return self.revision, self._resources, self._history.copy()

    def restore(self, state: tuple[int, Mapping[str, Mapping[Key, Record]], History]) -> None:
        """Take over what `state` gave, without telling any listener."""
        self.revision, resources, self._history = state
        self._resources = Map([(name, _map(records)) for name, records in resources.items()])

    def announce(self, origin: Origin, time_ms: int) -> None:
        """Tell listeners of every object as of one just added, in the order of their revisions:
        so components that know nothing yet take over a store that was filled before them."""
        found = [
            (record.revision, resource, key, record)
            for resource, records in self._resources.items()
            for key, record in records.items()
        ]
        for revision, resource, key, record in sorted(found, key=lambda row: row[:3]):
            change = Change(revision, ADDED, resource, *key, record, None, origin, time_ms)
            for listener in self._listening(resource):
                listener(change)

    def _listening(self, resource: str) -> tuple[Listener, ...]:
        return (*self._listeners.get(resource, ()), *self._listeners.get("*", ()))

    def _commit(self, change: Change) -> None:
        self._history.append(change)
        for listener in self._listening(change.resource):
            listener(change)


def _map(records: Mapping[Key, Record]) -> Map[Key, Record]:
    return records if isinstance(records, Map) else Map(list(records.items()))


def _by_key(item: tuple[Key, Record]) -> Key:
    return item[0]
