"""Snapshots as bytes: the engine's own state for the same engine, plain files for any other.

Both are made in a thread from values that do not change any more. A pickle is written through a
Python object, piece by piece, so that the event loop has its turns meanwhile.
"""

from __future__ import annotations

import hashlib
import pickle
import sys
import zlib
from functools import cache
from pathlib import Path
from typing import Any

import cluster_engine

_LEVEL = 1


@cache
def fingerprint() -> str:
    """Of the engine's sources and of what its state is made with."""
    root = Path(cluster_engine.__file__).parent
    found = hashlib.sha256(f"{sys.version_info[:2]}".encode())
    for path in sorted(root.rglob("*")):
        if path.suffix in (".py", ".txt", ".json") and "__pycache__" not in path.parts:
            found.update(path.relative_to(root).as_posix().encode())
            found.update(path.read_bytes())
    return found.hexdigest()


class _Sink:
    """A file for a pickler, compressed as it is written."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._press = zlib.compressobj(_LEVEL)

    def write(self, data: bytes) -> int:
        """Take some more."""
        self._pieces.append(self._press.compress(data))
        return len(data)

    def bytes(self) -> bytes:
        """All of it."""
        return b"".join([*self._pieces, self._press.flush()])


def pack(state: Any) -> bytes:
    """Any state as bytes."""
    sink = _Sink()
    pickle.Pickler(sink, protocol=5).dump(state)
    return sink.bytes()


def unpack(data: bytes) -> bytes:
    """The pickle that `pack` made, for `Cluster.restore`."""
    return zlib.decompress(data)


def pack_files(entries: dict[str, bytes]) -> bytes:
    """Plain files as bytes."""
    return zlib.compress(pickle.dumps(entries, protocol=5), _LEVEL)


def unpack_files(data: bytes) -> dict[str, bytes]:
    """The files that `pack_files` was given."""
    found: dict[str, bytes] = pickle.loads(zlib.decompress(data))
    return found
