"""Sealed layers: the read-only trees that images are made of, shared by all containers.

    base = layer("debian", {"/bin/ls": program("ls"), "/etc/passwd": "root:x:0:0:…"})
    redis = layer("redis:7", {"/usr/local/bin/redis-server": program("redis-server")}, base)

A layer on a base shares every directory of it that it does not change. Copies of a cluster refer to
a sealed node by the layer's name and the node's path, so names must be unique and trees stable.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

from cluster_engine.runtime.filesystem.nodes import (
    BINARY,
    ORIGIN_SEPARATOR,
    Device,
    Directory,
    File,
    Node,
    Symlink,
)


class Layer:
    """A sealed tree."""

    __slots__ = ("name", "root")

    def __init__(self, name: str, root: Directory) -> None:
        self.name = name
        self.root = root

    def node(self, path: str) -> Node:
        """The node at `path`, links not followed. KeyError when there is none."""
        node: Node = self.root
        for name in path.split("/"):
            if name:
                if not isinstance(node, Directory):
                    raise KeyError(path)
                node = node.entries[name]
        return node


def text(content: str | bytes, *, mode: int = 0o644, uid: int = 0, gid: int = 0) -> File:
    """A file with that content."""
    data = content.encode() if isinstance(content, str) else content
    return File(data, mode, uid, gid)


def program(name: str, *, size_bytes: int = 44_000, mode: int = 0o755) -> File:
    """An executable that runs the program of that name."""
    return File(BINARY + name.encode() + b"\0", mode, length=size_bytes)


def link(target: str) -> Symlink:
    """A symbolic link."""
    return Symlink(target)


def directory(*, mode: int = 0o755, uid: int = 0, gid: int = 0) -> Directory:
    """An empty directory."""
    return Directory(mode, uid, gid)


def layer(
    name: str, entries: Mapping[str, Node | str | bytes | None], base: Layer | None = None
) -> Layer:
    """A sealed layer of those absolute paths on top of `base`.

    Strings and bytes become files of mode 0644; missing parents become directories of mode 0755;
    None removes what the base has there.
    """
    root = base.root.copy() if base is not None else Directory()
    for path, entry in entries.items():
        names = [part for part in path.split("/") if part]
        parent = root
        for part in names[:-1]:
            parent = _own(parent, part)
        if entry is None:
            parent.entries.pop(names[-1], None)
        elif isinstance(entry, Directory):
            _set_directory(_own(parent, names[-1]), entry)
        else:
            parent.entries[names[-1]] = entry if isinstance(entry, Node) else text(entry)
    _seal(name, root, "", count(1 if base is None else 500_000))
    return Layer(name, root)


def _own(parent: Directory, name: str) -> Directory:
    """The private directory of that name below `parent`, made or copied."""
    found = parent.entries.get(name)
    if not isinstance(found, Directory):
        found = Directory()
    elif found.origin:
        found = found.copy()
    parent.entries[name] = found
    return found


def _set_directory(target: Directory, facts: Directory) -> None:
    target.mode, target.uid, target.gid = facts.mode, facts.uid, facts.gid
    target.entries.update(facts.entries)


def _seal(layer_name: str, node: Node, path: str, numbers: count[int]) -> None:
    """Mark what is new in this layer as shared, depth first."""
    node.origin = f"{layer_name}{ORIGIN_SEPARATOR}{path}"
    node.inode = node.inode or next(numbers)
    if isinstance(node, Directory):
        for name in sorted(node.entries):
            child = node.entries[name]
            if not child.origin:
                _seal(layer_name, child, f"{path}/{name}", numbers)


#: What containerd puts into a container's /dev.
DEVICES = layer(
    "dev",
    {
        "/null": Device("null", (1, 3)),
        "/zero": Device("zero", (1, 5)),
        "/full": Device("full", (1, 7)),
        "/random": Device("random", (1, 8)),
        "/urandom": Device("random", (1, 9)),
        "/tty": Device("tty", (5, 0)),
        "/core": Symlink("/proc/kcore"),
        "/fd": Symlink("/proc/self/fd"),
        "/stdin": Symlink("/proc/self/fd/0"),
        "/stdout": Symlink("/proc/self/fd/1"),
        "/stderr": Symlink("/proc/self/fd/2"),
        "/ptmx": Symlink("pts/ptmx"),
        "/pts": Directory(),
        "/shm": Directory(0o1777),
        "/mqueue": Directory(0o1777),
    },
)
