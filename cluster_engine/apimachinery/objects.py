"""Kubernetes objects as the engine holds them: JSON-shaped dicts, read-only once stored.

To change one, build a new dict that shares the rest. `clone` gives a private deep copy where a
caller (the decode, default and admit steps of the request chain) works in place before storing.
"""

from __future__ import annotations

from typing import Any, NoReturn, TypeAlias

import orjson

Object: TypeAlias = dict[str, Any]


def clone(value: Any) -> Any:
    """A private deep copy of a JSON-shaped value (a round trip through orjson: the fastest way)."""
    return orjson.loads(orjson.dumps(value))


def name_of(obj: Object) -> str:
    """`metadata.name`, empty when absent."""
    name: str = obj["metadata"].get("name", "")
    return name


def namespace_of(obj: Object) -> str:
    """`metadata.namespace`, empty for cluster-scoped objects."""
    namespace: str = obj["metadata"].get("namespace", "")
    return namespace


def key_of(obj: Object) -> str:
    """`namespace/name`, or `name` alone for cluster-scoped objects; what work queues hold."""
    namespace = namespace_of(obj)
    return f"{namespace}/{name_of(obj)}" if namespace else name_of(obj)


def split_key(key: str) -> tuple[str, str]:
    """The namespace (empty for cluster-scoped) and name of a key made by `key_of`."""
    namespace, slash, name = key.partition("/")
    return (namespace, name) if slash else ("", key)


def controller_of(obj: Object) -> Object | None:
    """The owner reference with `controller: true`, if any."""
    for reference in obj["metadata"].get("ownerReferences") or ():
        if reference.get("controller"):
            owner: Object = reference
            return owner
    return None


def with_status(obj: Object, status: Object) -> Object:
    """The same object with another status, sharing everything else."""
    return {**obj, "status": status}


def with_metadata(obj: Object, **fields: Any) -> Object:
    """The same object with those metadata fields set; a field given as None is removed."""
    metadata = {**obj["metadata"], **fields}
    for field, value in fields.items():
        if value is None:
            del metadata[field]
    return {**obj, "metadata": metadata}


def _refuse(*_args: Any, **_kwargs: Any) -> NoReturn:
    raise TypeError("a stored object is read-only: build a new one that shares the rest")


class FrozenDict(dict[str, Any]):
    """A dict that refuses mutation; stored objects are made of these when freezing is on."""

    __setitem__ = __delitem__ = clear = pop = popitem = setdefault = update = _refuse
    __ior__ = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return (_thaw_dict, (dict(self),))


class FrozenList(list[Any]):
    """A list that refuses mutation."""

    __setitem__ = __delitem__ = append = clear = extend = insert = pop = remove = _refuse
    reverse = sort = __iadd__ = __imul__ = _refuse

    def __reduce__(self) -> tuple[Any, ...]:
        return (_thaw_list, (list(self),))


def _thaw_dict(items: dict[str, Any]) -> FrozenDict:
    return FrozenDict(items)


def _thaw_list(items: list[Any]) -> FrozenList:
    return FrozenList(items)


def freeze(value: Any) -> Any:
    """A deeply read-only twin of a JSON-shaped value; what is frozen already is shared."""
    if isinstance(value, (FrozenDict, FrozenList)):
        return value
    if isinstance(value, dict):
        return FrozenDict({key: freeze(item) for key, item in value.items()})
    if isinstance(value, list):
        return FrozenList([freeze(item) for item in value])
    return value
