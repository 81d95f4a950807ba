"""Projected volumes: secrets, config maps and their like, with `..data` links.

An update makes a new timestamped directory and moves the link, so readers see all of the old or all
of the new.

Models: pkg/volume/util/atomic_writer.go (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from cluster_engine.runtime.filesystem.nodes import Directory, File, Symlink
from cluster_engine.runtime.filesystem.volume import Volume


@dataclass(frozen=True, slots=True)
class FileContent:
    """A file of a projected volume, or one that the kubelet manages in a container."""

    data: bytes
    mode: int = 0o644
    uid: int = 0
    gid: int = 0


def project(volume: Volume, files: Mapping[str, FileContent], now_ms: int, suffix: int) -> None:
    """Show `files` (relative path to content) in the volume, replacing what it showed."""
    root = Directory(0o1777 if not files else 0o755, mtime_ms=now_ms)
    moment = datetime.fromtimestamp(now_ms / 1000, UTC)
    name = f"..{moment:%Y_%m_%d_%H_%M_%S}.{suffix}"
    held = Directory(0o755, mtime_ms=now_ms)
    for path, content in sorted(files.items()):
        _put(held, path, content, now_ms)
    root.entries[name] = held
    root.entries["..data"] = Symlink(name, mtime_ms=now_ms)
    for path in sorted(files):
        top = path.split("/")[0]
        root.entries[top] = Symlink(f"..data/{top}", mtime_ms=now_ms)
    volume.root = root
    volume.version += 1


def _put(directory: Directory, path: str, content: FileContent, now_ms: int) -> None:
    *above, name = path.split("/")
    for part in above:
        child = directory.entries.setdefault(part, Directory(0o755, mtime_ms=now_ms))
        assert isinstance(child, Directory)
        directory = child
    file = File(content.data, content.mode, content.uid, content.gid, now_ms)
    directory.entries[name] = file
