"""Copying a pod as bytes: its own state by value, what it shares with the rest by name.

Sealed nodes go by layer and path, volumes and layers by name, so a copy of a cluster shares all
image trees with the original.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from typing import Any

from cluster_engine.runtime.filesystem.layer import Layer
from cluster_engine.runtime.filesystem.nodes import ORIGIN_SEPARATOR, Node
from cluster_engine.runtime.filesystem.volume import Quota, Volume


def found(sort: str, name: str) -> Any:
    """Stands in a copy for what is found by name; `_Reader` puts its finder in this place."""
    raise LookupError(f"{sort} {name}")


class _Writer(pickle.Pickler):
    def __init__(self, buffer: io.BytesIO, root: object) -> None:
        super().__init__(buffer, protocol=5)
        self._root = root

    def reducer_override(self, value: Any) -> Any:
        if isinstance(value, Node):
            if ORIGIN_SEPARATOR in value.origin:
                return found, ("node", value.origin)
        elif isinstance(value, Volume):
            if value is not self._root and not value.is_private:
                return found, ("volume", value.id)
        elif isinstance(value, Layer):
            return found, ("layer", value.name)
        elif isinstance(value, Quota):
            return found, ("quota", "")
        return NotImplemented


class _Reader(pickle.Unpickler):
    def __init__(self, data: bytes, find: Finder) -> None:
        super().__init__(io.BytesIO(data))
        self._find = find

    def find_class(self, module: str, name: str) -> Any:
        if name == found.__name__ and module == __name__:
            return self._find
        return super().find_class(module, name)


class Finder:
    """Finds what copies refer to by name."""

    def __init__(
        self,
        find_layer: Callable[[str], Layer],
        find_volume: Callable[[str], Volume],
        quota: Quota,
    ) -> None:
        self._find_layer = find_layer
        self._find_volume = find_volume
        self._quota = quota

    def __call__(self, sort: str, name: str) -> Any:
        if sort == "node":
            layer, _, path = name.partition(ORIGIN_SEPARATOR)
            return self._find_layer(layer).node(path)
        if sort == "volume":
            return self._find_volume(name)
        return self._quota if sort == "quota" else self._find_layer(name)


def to_bytes(value: object) -> bytes:
    """A sandbox, or a volume itself, as bytes."""
    buffer = io.BytesIO()
    _Writer(buffer, value).dump(value)
    return buffer.getvalue()


def from_bytes(data: bytes, find: Finder) -> Any:
    """What `to_bytes` was given, independent of it."""
    return _Reader(data, find).load()
