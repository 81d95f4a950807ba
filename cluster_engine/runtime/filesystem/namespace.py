"""What a container sees: file systems joined by mounts, and the walk along a path.

A mount point need not exist in the file system below: it shows as an empty directory, as the
container runtime would have made it, without costing the container a copy of its parents.
"""

from __future__ import annotations

from dataclasses import dataclass

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.filesystem.nodes import (
    ORIGIN_SEPARATOR,
    DescriptorLink,
    Directory,
    Node,
    Symlink,
    Viewer,
    may,
)
from cluster_engine.runtime.filesystem.volume import Volume

PATH_BYTES_MAX = 4096
NAME_BYTES_MAX = 255
LINKS_MAX = 40


@dataclass(slots=True)
class Mount:
    """A volume, or what lies below `names` in it, at an absolute path ("" for the root)."""

    path: str
    volume: Volume
    is_read_only: bool = False
    names: tuple[str, ...] = ()
    #: A node that stays mounted even when the volume no longer has it.
    pinned: Node | None = None

    def root(self) -> Node:
        """The node that shows at the mount's path."""
        if self.pinned is not None:
            return self.pinned
        node: Node = self.volume.root
        for name in self.names:
            if not isinstance(node, Directory) or name not in node.entries:
                raise Errno("ENOENT")
            node = node.entries[name]
        return node

    def own_root(self) -> Node:
        """The same, made private."""
        if self.pinned is not None:
            return self.pinned
        volume = self.volume
        if volume.root.origin:
            volume.root = volume.root.copy()
        node: Node = volume.root
        for name in self.names:
            if not isinstance(node, Directory):
                raise Errno("ENOTDIR")
            child = node.entries[name]
            if child.origin:
                child = node.entries[name] = child.copy()
                volume.adopt(child)
            node = child
        return node


class Place:
    """Where a walk has come to: a node with its way back. Short-lived: it is not kept.

    `node` is None for a name that does not exist in an existing directory.
    """

    __slots__ = ("is_root", "mount", "name", "node", "parent", "path")

    def __init__(
        self,
        parent: Place | None,
        name: str,
        node: Node | None,
        mount: Mount,
        path: str,
        is_root: bool = False,
    ) -> None:
        self.parent = parent
        self.name = name
        self.node = node
        self.mount = mount
        self.path = path
        self.is_root = is_root

    def found(self) -> Node:
        """The node; ENOENT when there is none."""
        if self.node is None:
            raise Errno("ENOENT")
        return self.node

    def own(self) -> Node:
        """The node, private to its volume: copied first when it belongs to a sealed layer."""
        node = self.found()
        if not node.origin:
            return node
        if self.is_root or self.parent is None:
            node = self.mount.own_root()
        else:
            node = node.copy()
            self.mount.volume.adopt(node)
            self.parent.own_directory().entries[self.name] = node
        self.node = node
        return node

    def own_directory(self) -> Directory:
        """The same for a directory."""
        node = self.own()
        if not isinstance(node, Directory):
            raise Errno("ENOTDIR")
        return node

    def check_writable(self) -> None:
        """EROFS when the file system cannot be changed here."""
        if self.mount.is_read_only or self.mount.volume.is_read_only:
            raise Errno("EROFS")


class Namespace:
    """The mounts of one container."""

    __slots__ = ("_made", "mounts")

    def __init__(self, mounts: list[Mount]) -> None:
        self.mounts: dict[str, Mount] = {mount.path: mount for mount in mounts}
        self._made: dict[str, list[str]] | None = None

    @property
    def _points(self) -> dict[str, list[str]]:
        """Directory path to names that exist there because something is mounted below."""
        if self._made is None:
            self._made = {}
            for path in self.mounts:
                while path:
                    above, _, name = path.rpartition("/")
                    names = self._made.setdefault(above, [])
                    if name in names:
                        break
                    names.append(name)
                    path = above
        return self._made

    def __getstate__(self) -> list[Mount]:
        return list(self.mounts.values())

    def __setstate__(self, mounts: list[Mount]) -> None:
        self.__init__(mounts)  # type: ignore[misc]

    def names(self, place: Place, viewer: Viewer) -> list[str]:
        """What a directory holds, mount points too, sorted."""
        node = place.found()
        if not isinstance(node, Directory):
            raise Errno("ENOTDIR")
        points = self._points.get(place.path)
        found = node.names(viewer)
        return sorted({*found, *points}) if points else found

    def is_point(self, path: str) -> bool:
        """Whether something is mounted at that path or below it."""
        return path in self.mounts or path in self._points

    def mount_of(self, path: str) -> Mount:
        """The mount that an absolute path without links lies in."""
        while path not in self.mounts:
            path = path.rpartition("/")[0]
        return self.mounts[path]

    def unchanged_layer(self, paths: tuple[str, ...]) -> str:
        """The name of the sealed layer that shows at and below those paths as it was made; "" when
        the container has changed any file, may not change them, or has something mounted there."""
        root = self.mounts[""]
        layer, is_sealed, _ = root.volume.root.origin.partition(ORIGIN_SEPARATOR)
        if not is_sealed or root.is_read_only:
            return ""
        for point in self.mounts:
            for path in paths:
                if point and (point.startswith(path) or path.startswith(f"{point}/")):
                    return ""
        return layer

    def find(self, path: str, cwd: str, viewer: Viewer, *, follow: bool = True) -> Place:
        """The place of an existing path. ENOENT, ENOTDIR, EACCES, ELOOP, ENAMETOOLONG."""
        place = self.look(path, cwd, viewer, follow=follow)
        place.found()
        return place

    def look(self, path: str, cwd: str, viewer: Viewer, *, follow: bool = True) -> Place:
        """As `find`, but only the directory must exist: `node` may be None."""
        if not path:
            raise Errno("ENOENT")
        if len(path) > PATH_BYTES_MAX:
            raise Errno("ENAMETOOLONG")
        whole = path if path[0] == "/" else f"{cwd}/{path}"
        needs_directory = path[-1] == "/" or path.endswith("/.")
        place = self._walk(whole, viewer, follow or needs_directory)
        if needs_directory and place.node is not None and place.node.kind != "directory":
            raise Errno("ENOTDIR")
        return place

    def _root(self) -> Place:
        mount = self.mounts[""]
        return Place(None, "", mount.root(), mount, "", True)

    def _walk(self, path: str, viewer: Viewer, follow: bool) -> Place:
        place = self._root()
        pending = path.split("/")
        pending.reverse()
        links = 0
        while pending:
            name = pending.pop()
            if not name or name == ".":
                continue
            place = self._step(place, name, viewer)
            node = place.node
            if node is None:
                if any(part not in ("", ".") for part in pending):
                    raise Errno("ENOENT")
                return place
            if isinstance(node, Symlink) and (follow or any(pending)):
                if isinstance(node, DescriptorLink):
                    return place
                links += 1
                if links > LINKS_MAX:
                    raise Errno("ELOOP")
                place = self._root() if node.target.startswith("/") else place.parent or place
                pending.extend(reversed(node.target.split("/")))
        return place

    def _step(self, place: Place, name: str, viewer: Viewer) -> Place:
        """One name further; its node is None when there is none."""
        node = place.node
        if not isinstance(node, Directory):
            raise Errno("ENOTDIR")
        if name == "..":
            return place.parent or place
        if not may(node, viewer, 1):
            raise Errno("EACCES")
        if len(name) > NAME_BYTES_MAX:
            raise Errno("ENAMETOOLONG")
        path = f"{place.path}/{name}"
        mount = self.mounts.get(path)
        if mount is not None:
            return Place(place, name, mount.root(), mount, path, True)
        child = node.get(name, viewer)
        if child is None and path in self._points:
            child = Directory()
            child.origin = "mount point"
        return Place(place, name, child, place.mount, path)
