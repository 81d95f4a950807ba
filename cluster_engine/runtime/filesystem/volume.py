"""One file system: a tree with its limits and what it uses of them.

A container's writable layer, an emptyDir, a projected volume, a node's disk. Many containers may
mount the same one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.filesystem.nodes import Directory, File, Node

#: What a node's disk seems to hold.
DISK_BYTES = 50 * 1024**3


class Quota:
    """Bytes that all files of a cluster together really store."""

    def __init__(self, bytes_max: int) -> None:
        self.bytes_max = bytes_max
        self.bytes_used = 0


class Volume:
    """A file system. `version` grows with each change, for copies. A private one belongs to one
    container and is copied with it."""

    __slots__ = (
        "_next_inode",
        "_root",
        "bytes_max",
        "bytes_used",
        "file_bytes_max",
        "files_max",
        "files_used",
        "id",
        "is_private",
        "is_read_only",
        "is_stale",
        "loader",
        "quota",
        "source",
        "stored_bytes",
        "type",
        "version",
    )

    def __init__(
        self,
        id: str,
        root: Directory,
        quota: Quota,
        *,
        type: str = "overlay",
        source: str = "overlay",
        bytes_max: int = DISK_BYTES,
        files_max: int = 10_000,
        file_bytes_max: int = 16 * 1024 * 1024,
        is_read_only: bool = False,
        is_private: bool = False,
    ) -> None:
        self.id = id
        self._root = root
        #: Fills a stale volume when someone looks into it; set again after a copy.
        self.loader: Callable[[Volume], None] | None = None
        self.is_stale = False
        self.quota = quota
        self.type = type
        self.source = source
        self.bytes_max = bytes_max
        self.files_max = files_max
        self.file_bytes_max = file_bytes_max
        self.is_read_only = is_read_only
        self.is_private = is_private
        self.bytes_used = 0
        self.stored_bytes = 0
        self.files_used = 0
        self.version = 0
        self._next_inode = 1_000_000

    def __getstate__(self) -> tuple[None, dict[str, Any]]:
        return None, {name: getattr(self, name) for name in self.__slots__ if name != "loader"}

    def __setstate__(self, state: tuple[None, dict[str, Any]]) -> None:
        self.loader = None
        for name, value in state[1].items():
            setattr(self, name, value)

    @property
    def root(self) -> Directory:
        """The top directory."""
        if self.is_stale and self.loader is not None:
            self.is_stale = False
            self.loader(self)
        return self._root

    @root.setter
    def root(self, root: Directory) -> None:
        self._root = root

    def add(self, directory: Directory, name: str, node: Node, now_ms: int) -> None:
        """Give a new node a name and a number. ENOSPC when there are too many."""
        if self.files_used >= self.files_max:
            raise Errno("ENOSPC")
        self.files_used += 1
        self.version += 1
        node.inode = self._next_inode
        self._next_inode += 1
        directory.entries[name] = node
        directory.mtime_ms = now_ms

    def place(self, directory: Directory, name: str, node: Node) -> None:
        """Put a whole node there as it is, in place of what has the name. ENOSPC, EFBIG."""
        held = directory.entries.get(name)
        if held is not None and not held.origin:
            self.remove(directory, name, directory.mtime_ms)
        if isinstance(node, File):
            if len(node.data) > self.file_bytes_max:
                raise Errno("EFBIG")
            if self.bytes_used + node.length > self.bytes_max:
                raise Errno("ENOSPC")
            self._store(len(node.data))
            self.bytes_used += node.length
        self.add(directory, name, node, directory.mtime_ms)

    def adopt(self, node: Node) -> None:
        """Count a node that was copied from a sealed layer."""
        self.version += 1
        if isinstance(node, File):
            self._store(len(node.data))
            self.bytes_used += node.length
            self.files_used += 1

    def remove(self, directory: Directory, name: str, now_ms: int) -> None:
        """Take a name away; the node's space is free once nothing refers to it."""
        node = directory.entries.pop(name)
        directory.mtime_ms = now_ms
        self.version += 1
        if node.origin:
            return
        node.links -= 1
        if node.links == 0:
            self.files_used -= 1
            if isinstance(node, File) and not node.opens:
                self._free(node)

    def released(self, node: File) -> None:
        """The last descriptor of a file is closed."""
        if not node.links and not node.origin:
            self._free(node)

    def write(self, node: File, offset: int, data: bytes, now_ms: int) -> int:
        """Write into a private file. ENOSPC, EFBIG."""
        end = offset + len(data)
        growth = max(end - node.length, 0)
        if self.bytes_used + growth > self.bytes_max:
            raise Errno("ENOSPC")
        stored = node.data
        if not (offset >= len(stored) and data.count(0) == len(data)):
            self._write_stored(node, offset, data, end)
        self.bytes_used += growth
        node.length += growth
        node.mtime_ms = now_ms
        self.version += 1
        return len(data)

    def truncate(self, node: File, size: int, now_ms: int) -> None:
        """Cut a private file, or lengthen it with zeros. ENOSPC."""
        growth = size - node.length
        if self.bytes_used + growth > self.bytes_max:
            raise Errno("ENOSPC")
        stored = node.data
        if len(stored) > size:
            self._store(size - len(stored))
            node.data = bytearray(stored[:size])
        self.bytes_used += growth
        node.length = size
        node.mtime_ms = now_ms
        self.version += 1

    def clear(self) -> None:
        """Give back all that it stores: the volume is gone."""
        self._store(-self.stored_bytes)

    def _write_stored(self, node: File, offset: int, data: bytes, end: int) -> None:
        stored = node.data
        if end > self.file_bytes_max:
            raise Errno("EFBIG" if self.bytes_max > self.file_bytes_max else "ENOSPC")
        self._store(max(end - len(stored), 0))
        if not isinstance(stored, bytearray):
            stored = node.data = bytearray(stored)
        if offset > len(stored):
            stored += bytes(offset - len(stored))
        stored[offset:end] = data

    def _free(self, node: File) -> None:
        self._store(-len(node.data))
        self.bytes_used -= node.length
        node.data = b""
        node.length = 0

    def _store(self, growth: int) -> None:
        if growth > 0 and self.quota.bytes_used + growth > self.quota.bytes_max:
            raise Errno("ENOSPC")
        self.stored_bytes += growth
        self.quota.bytes_used += growth
