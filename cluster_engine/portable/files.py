"""Files of containers, volumes and disks: what differs from the images, and how it is put back.

One line of the index is one node of a tree: `{"in", "path", "kind", "mode", "uid", "gid", "time"}`,
a file with the `entry` that holds its bytes and its `length` (zeros fill it up), a link with its
`target`. `in` is the id of a volume, or `container:<id>`. A kind `removed` is a name that the image
has and the container has no more.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import orjson

from cluster_engine.apimachinery.objects import Object
from cluster_engine.portable.layout import CONTENTS, FILES, PortableError
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.filesystem.nodes import Directory, File, Node, Symlink
from cluster_engine.runtime.filesystem.volume import Volume

_ENTRIES_MAX = 50_000
_NAME_BYTES_MAX, _DEPTH_MAX, _TARGET_MAX = 255, 64, 4096
_UNSAFE = re.compile(r"[^A-Za-z0-9._+@=-]+")
_EMPTY = Directory()


def tree(volume: Volume, base: Directory | None) -> Iterator[tuple[Object, bytes]]:
    """What a volume has of its own: index lines (without `in`), each with a file's bytes."""
    root = volume.root
    if not root.origin:
        yield from _walk(root, base or _EMPTY, "", 0)


def contents_name(title: str, path: str, number: int) -> str:
    """The entry for a file, readable and safe to unpack anywhere."""
    parts = [_UNSAFE.sub("_", part).lstrip(".") or "_" for part in f"{title}{path}".split("/")]
    return f"{CONTENTS}{number:05d}/{'/'.join(part[:80] for part in parts[-8:])}"


def lines(data: bytes) -> Iterator[tuple[str, Object]]:
    """The lines of an index, each with its place for messages. Raises PortableError."""
    for place, line in enumerate(data.split(b"\n"), 1):
        where = f"{FILES}, line {place}"
        if place > _ENTRIES_MAX:
            raise PortableError(FILES, f"more than {_ENTRIES_MAX} lines")
        if not line:
            continue
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise PortableError(where, f"is not JSON: {error}") from None
        yield where, _checked(row, where)


def put(volume: Volume, row: Object, entries: Mapping[str, bytes], where: str) -> None:
    """Make one checked line true in a volume. Raises PortableError."""
    names = [name for name in row["path"].split("/") if name]
    try:
        parent = _own_directory(volume, names[:-1], row["time"])
        if not names:
            _set_facts(parent, row)
        elif row["kind"] == "removed":
            parent.entries.pop(names[-1], None)
        elif row["kind"] == "directory":
            _set_facts(_own_directory(volume, names, row["time"]), row)
        else:
            volume.place(parent, names[-1], _node(row, entries, where))
    except Errno as error:
        raise PortableError(where, f"{row['path']}: {error.text}") from None


def _walk(
    node: Directory, base: Directory, path: str, depth: int
) -> Iterator[tuple[Object, bytes]]:
    if depth > _DEPTH_MAX:
        return
    yield _facts("directory", path or "/", node), b""
    for name in sorted(node.entries):
        child, below = node.entries[name], base.entries.get(name)
        if child.origin and child is below:
            continue
        yield from _child(child, below, f"{path}/{name}", depth)
    for name in sorted(base.entries.keys() - node.entries.keys()):
        yield _facts("removed", f"{path}/{name}", node), b""


def _child(
    child: Node, below: Node | None, path: str, depth: int
) -> Iterator[tuple[Object, bytes]]:
    if isinstance(child, Directory):
        inner = below if isinstance(below, Directory) else _EMPTY
        yield from _walk(child, inner, path, depth + 1)
    elif isinstance(child, File):
        yield {**_facts("file", path, child), "length": child.length}, bytes(child.data)
    elif isinstance(child, Symlink):
        yield {**_facts("link", path, child), "target": child.target}, b""


def _facts(kind: str, path: str, node: Node) -> Object:
    return {
        "path": path,
        "kind": kind,
        "mode": node.mode,
        "uid": node.uid,
        "gid": node.gid,
        "time": node.mtime_ms,
    }


def _checked(row: object, where: str) -> Object:
    if not isinstance(row, dict):
        raise PortableError(where, "is no JSON object")
    for field, kind in (("in", str), ("path", str), ("kind", str)):
        if not isinstance(row.get(field), kind):
            raise PortableError(where, f"{field} is missing")
    for field in ("mode", "uid", "gid", "time", *(["length"] if row["kind"] == "file" else [])):
        value = row.get(field)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 1 << 53:
            raise PortableError(where, f"{field} {value!r}: give a whole number")
    if row["kind"] not in ("file", "directory", "link", "removed"):
        raise PortableError(where, f"kind {row['kind']!r}: give file, directory, link or removed")
    names = row["path"].split("/")
    if not row["path"].startswith("/") or len(names) > _DEPTH_MAX:
        raise PortableError(where, f"path {row['path']!r}: give an absolute path")
    for name in names:
        if name in (".", "..") or "\0" in name or len(name.encode()) > _NAME_BYTES_MAX:
            raise PortableError(where, f"path {row['path']!r}: {name!r} is no file name")
    row["mode"] &= 0o7777
    return row


def _node(row: Object, entries: Mapping[str, bytes], where: str) -> Node:
    if row["kind"] == "link":
        target = row.get("target")
        if not isinstance(target, str) or not 0 < len(target) <= _TARGET_MAX:
            raise PortableError(where, "target: give the path that the link leads to")
        return Symlink(target, row["uid"], row["gid"], row["time"])
    entry = row.get("entry") or ""
    if not isinstance(entry, str) or (entry and entry not in entries):
        raise PortableError(where, f"entry {entry!r} is missing")
    data = entries[entry] if entry else b""
    length = max(row["length"], len(data))
    return File(data, row["mode"], row["uid"], row["gid"], row["time"], length=length)


def _own_directory(volume: Volume, names: list[str], time_ms: int) -> Directory:
    """The volume's own directory at `names`: made, or copied from the image. Raises Errno."""
    if volume.root.origin:
        volume.root = volume.root.copy()
    place = volume.root
    for name in names:
        child = place.entries.get(name)
        if child is None:
            child = Directory(0o755, mtime_ms=time_ms)
            volume.place(place, name, child)
        elif child.origin:
            child = place.entries[name] = child.copy()
        if not isinstance(child, Directory):
            raise Errno("ENOTDIR")
        place = child
    return place


def _set_facts(directory: Directory, row: Object) -> None:
    directory.mode, directory.uid, directory.gid = row["mode"], row["uid"], row["gid"]
    directory.mtime_ms = row["time"]
