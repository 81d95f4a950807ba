"""Reading: what a component knows of one resource, always current.

In one process a watch cache would only repeat the store, so an informer answers from it through
the narrow `ReadableStore` protocol and keeps nothing but its indexes. Handlers are called right
after each committed change and may only take note (enqueue a key).

Models: k8s.io/client-go/tools/cache (v0.37.2).
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterable
from typing import Protocol, TypeAlias

from cluster_engine.apimachinery.objects import Object
from cluster_engine.store.changes import DELETED, Change, Record

Handler: TypeAlias = Callable[[Change], None]
#: The index values of an object: for example the name of its node.
IndexFunction: TypeAlias = Callable[[Object], Iterable[str]]


class ReadableStore(Protocol):
    """The part of the store that reading needs."""

    def get(self, resource: str, namespace: str, name: str) -> Record | None: ...

    def records(self, resource: str, namespace: str | None = None) -> list[Record]: ...

    def resources(self) -> list[str]: ...

    def subscribe(self, listener: Handler, resource: str = "*") -> Callable[[], None]: ...


class Informer:
    """One resource, read-only."""

    def __init__(self, store: ReadableStore, resource: str) -> None:
        self.resource = resource
        self._store = store
        self._indexes: dict[str, _Index] = {}
        self._handlers: builtins.list[Handler] = []
        store.subscribe(self._receive, resource)

    def get(self, namespace: str, name: str) -> Object | None:
        """The object, or None."""
        record = self._store.get(self.resource, namespace, name)
        return None if record is None else record.object

    def list(self, namespace: str | None = None) -> builtins.list[Object]:
        """All objects by namespace and name; one namespace when given."""
        return [record.object for record in self._store.records(self.resource, namespace)]

    def add_handler(self, handler: Handler) -> None:
        """Call `handler` after each change. Objects that exist already are not reported."""
        self._handlers.append(handler)

    def add_index(self, name: str, function: IndexFunction) -> None:
        """Keep objects findable by what `function` says of them. Adding one twice is no error."""
        if name not in self._indexes:
            self._indexes[name] = _Index(function, self.list())

    def by_index(self, name: str, value: str) -> builtins.list[Object]:
        """Objects with that index value, by namespace and name."""
        return self._indexes[name].objects(value)

    def _receive(self, change: Change) -> None:
        for index in self._indexes.values():
            index.update(change)
        for handler in self._handlers:
            handler(change)


class Informers:
    """One shared informer per resource."""

    def __init__(self, store: ReadableStore) -> None:
        self._store = store
        self._informers: dict[str, Informer] = {}

    def of(self, resource: str) -> Informer:
        """The informer of "pods", "deployments.apps" and so on."""
        informer = self._informers.get(resource)
        if informer is None:
            informer = self._informers[resource] = Informer(self._store, resource)
        return informer

    def resources(self) -> list[str]:
        """Resources that have or had an object, sorted."""
        return self._store.resources()

    def peek(self, resource: str, namespace: str | None = None) -> list[Object]:
        """All objects of a resource, without keeping an informer for it."""
        return [record.object for record in self._store.records(resource, namespace)]

    def watch_all(self, handler: Handler) -> None:
        """Call `handler` after each change of any resource."""
        self._store.subscribe(handler)


class _Index:
    def __init__(self, function: IndexFunction, objects: list[Object]) -> None:
        self._function = function
        self._values: dict[str, dict[tuple[str, str], Object]] = {}
        for obj in objects:
            self._add(obj)

    def objects(self, value: str) -> list[Object]:
        return [obj for _, obj in sorted(self._values.get(value, {}).items(), key=_by_key)]

    def update(self, change: Change) -> None:
        if change.previous is not None:
            self._remove(change.previous.object)
        if change.type != DELETED:
            self._add(change.object)

    def _add(self, obj: Object) -> None:
        for value in self._function(obj):
            self._values.setdefault(value, {})[_key(obj)] = obj

    def _remove(self, obj: Object) -> None:
        for value in self._function(obj):
            held = self._values.get(value)
            if held is not None:
                held.pop(_key(obj), None)
                if not held:
                    del self._values[value]


def _key(obj: Object) -> tuple[str, str]:
    metadata = obj["metadata"]
    return metadata.get("namespace", ""), metadata["name"]


def _by_key(item: tuple[tuple[str, str], Object]) -> tuple[str, str]:
    return item[0]
