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


class _Writer(pickle.Pickler):
    def __init__(self, buffer: io.BytesIO, root: object) -> None:
        super().__init__(buffer, protocol=5)
        self._root = root

    def persistent_id(self, value: Any) -> tuple[str, str] | None:
        if isinstance(value, Node):
            return ("node", value.origin) if ORIGIN_SEPARATOR in value.origin else None
        if isinstance(value, Volume):
            if value is self._root or value.id.startswith(("layer:", "managed:")):
                return None
            return ("volume", value.id)
        if isinstance(value, Layer):
            return ("layer", value.name)
        if isinstance(value, Quota):
            return ("quota", "")
        return None


class _Reader(pickle.Unpickler):
    def __init__(self, data: bytes, find: Finder) -> None:
        super().__init__(io.BytesIO(data))
        self._find = find

    def persistent_load(self, key: tuple[str, str]) -> Any:
        return self._find(*key)


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
