"""Calls on paths."""

from __future__ import annotations

from cluster_engine.runtime.calls.descriptors import DescriptorCalls, status_of
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.filesystem.namespace import Mount, Place
from cluster_engine.runtime.filesystem.nodes import (
    Directory,
    Fifo,
    Node,
    Symlink,
    may,
)
from cluster_engine.runtime.system import (
    O_APPEND,
    O_CREAT,
    O_TRUNC,
    O_WRONLY,
    FileStatus,
    FileSystemStatus,
)

_READ_BYTES_MAX = 64 * 1024 * 1024


class FileCalls(DescriptorCalls):
    """See System."""

    __slots__ = ()

    # Looking

    def stat(self, path: str) -> FileStatus:
        place = self._find(path)
        return status_of(place.found(), self._device_of(place))

    def lstat(self, path: str) -> FileStatus:
        place = self._find(path, follow=False)
        return status_of(place.found(), self._device_of(place))

    def exists(self, path: str) -> bool:
        try:
            return self._look(path).node is not None
        except Errno:
            return False

    def unchanged_layer(self, *paths: str) -> str:
        return self._files.unchanged_layer(paths)

    def access(self, path: str, mode: int) -> bool:
        try:
            place = self._find(path)
            if mode & 2:
                place.check_writable()
            return may(place.found(), self, mode)
        except Errno:
            return False

    def list_directory(self, path: str) -> list[str]:
        place = self._find(path)
        self._check(place.found(), 4)
        self.worked += 2
        return self._files.names(place, self)

    def readlink(self, path: str) -> str:
        node = self._find(path, follow=False).found()
        if not isinstance(node, Symlink):
            raise Errno("EINVAL")
        return node.target

    def realpath(self, path: str) -> str:
        return self._find(path).path or "/"

    def read_file(self, path: str) -> bytes:
        fd = self.open(path)
        try:
            pieces = []
            size = 0
            while (data := self.read(fd)) and size < _READ_BYTES_MAX:
                pieces.append(data)
                size += len(data)
            return b"".join(pieces)
        finally:
            self.close(fd)

    # Changing

    def write_file(
        self, path: str, data: bytes, *, append: bool = False, mode: int = 0o666
    ) -> None:
        fd = self.open(path, O_WRONLY | O_CREAT | (O_APPEND if append else O_TRUNC), mode)
        try:
            self.write(fd, data)
        finally:
            self.close(fd)

    def mkdir(self, path: str, mode: int = 0o777) -> None:
        place = self._absent(path)
        mode &= ~self._process.umask
        self._add(place, Directory(mode, self.uid, self.gid, self.now_ms))

    def mkfifo(self, path: str, mode: int = 0o666) -> None:
        place = self._absent(path)
        mode &= ~self._process.umask
        self._add(place, Fifo(mode, self.uid, self.gid, self.now_ms))

    def symlink(self, target: str, path: str) -> None:
        if not target:
            raise Errno("ENOENT")
        place = self._absent(path)
        self._add(place, Symlink(target, self.uid, self.gid, self.now_ms))

    def link(self, source: str, path: str) -> None:
        origin = self._find(source, follow=False)
        if isinstance(origin.found(), Directory):
            raise Errno("EPERM")
        if origin.mount is not self._absent(path).mount:
            raise Errno("EXDEV")
        origin.check_writable()
        node = origin.own()
        place = self._absent(path)
        inode = node.inode
        self._add(place, node)
        place.mount.volume.files_used -= 1
        node.inode = inode
        node.links += 1

    def rmdir(self, path: str) -> None:
        if path.rstrip("/").endswith("/.") or path.rstrip("/") == ".":
            raise Errno("EINVAL")
        place = self._find(path, follow=False)
        node = place.found()
        if not isinstance(node, Directory):
            raise Errno("ENOTDIR")
        if self._files.names(place, self):
            raise Errno("ENOTEMPTY")
        self._remove(place)

    def unlink(self, path: str) -> None:
        place = self._find(path, follow=False)
        if isinstance(place.found(), Directory):
            raise Errno("EISDIR")
        self._remove(place)

    def rename(self, source: str, target: str) -> None:
        origin = self._find(source, follow=False)
        place = self._look(target.rstrip("/") or "/", follow=False)
        self._check_removable(origin)
        if place.node is origin.node:
            return
        if origin.mount is not place.mount:
            raise Errno("EXDEV")
        node = origin.found()
        if isinstance(node, Directory) and f"{place.path}/".startswith(f"{origin.path}/"):
            raise Errno("EINVAL")
        self._check_replaceable(place, node)
        node = origin.own()
        place = self._look(target.rstrip("/") or "/", follow=False)
        assert origin.parent is not None and place.parent is not None
        self._check(place.parent.found(), 2)
        volume = place.mount.volume
        if place.node is not None:
            self._remove(place)
        target_directory = place.parent.own_directory()
        source_directory = self._directory_of(origin)
        del source_directory.entries[origin.name]
        target_directory.entries[place.name] = node
        source_directory.mtime_ms = target_directory.mtime_ms = self.now_ms
        volume.version += 1

    def chmod(self, path: str, mode: int) -> None:
        place = self._find(path)
        self._check_owner(place)
        place.own().mode = mode & 0o7777
        place.mount.volume.version += 1

    def chown(self, path: str, uid: int, gid: int, *, follow: bool = True) -> None:
        place = self._find(path, follow=follow)
        place.check_writable()
        node = place.found()
        is_mine = self.uid == node.uid and uid in (-1, node.uid)
        if self.uid and not (is_mine and gid in (-1, node.gid, self.gid, *self.groups)):
            raise Errno("EPERM")
        node = place.own()
        node.uid = node.uid if uid == -1 else uid
        node.gid = node.gid if gid == -1 else gid
        place.mount.volume.version += 1

    def utime(self, path: str, mtime_ms: int | None = None) -> None:
        place = self._find(path)
        place.check_writable()
        if self.uid not in (0, place.found().uid):
            self._check(place.found(), 2)
        place.own().mtime_ms = self.now_ms if mtime_ms is None else mtime_ms
        place.mount.volume.version += 1

    def truncate(self, path: str, size: int) -> None:
        fd = self.open(path, O_WRONLY)
        try:
            self.ftruncate(fd, size)
        finally:
            self.close(fd)

    def chdir(self, path: str) -> None:
        place = self._find(path)
        node = place.found()
        if not isinstance(node, Directory):
            raise Errno("ENOTDIR")
        self._check(node, 1)
        self._process.cwd = place.path or "/"

    # File systems

    def statvfs(self, path: str) -> FileSystemStatus:
        return self._mount_status(self._find(path).mount)

    def mounts(self) -> list[FileSystemStatus]:
        return [self._mount_status(mount) for mount in self._files.mounts.values()]

    def directory_of(self, pid: int) -> str:
        """The working directory of a process that can be seen."""
        process = self._pids.processes.get(pid)
        return process.cwd if process is not None else ""

    def _mount_status(self, mount: Mount) -> FileSystemStatus:
        volume = mount.volume
        is_read_only = mount.is_read_only or volume.is_read_only
        used = volume.bytes_used
        if volume.type in ("overlay", "ext4"):
            used += 12 * 1024**3
        return FileSystemStatus(
            volume.source,
            mount.path or "/",
            volume.type,
            "ro,relatime" if is_read_only else "rw,relatime",
            0 if volume.type == "proc" else volume.bytes_max,
            used,
            volume.files_max,
            volume.files_used,
        )

    def _device_of(self, place: Place) -> int:
        return 64 + list(self._files.mounts).index(place.mount.path)

    # What the changing calls check

    def _absent(self, path: str) -> Place:
        place = self._look(path.rstrip("/") or "/", follow=False)
        if place.node is not None:
            raise Errno("EEXIST")
        return place

    def _check_removable(self, place: Place) -> None:
        """That the name may be taken away: EBUSY, EROFS, EACCES, EPERM (sticky directories)."""
        if place.parent is None or self._files.is_point(place.path):
            raise Errno("EBUSY")
        place.check_writable()
        above = place.parent.found()
        if above.origin == "proc":
            raise Errno("EPERM")
        self._check(above, 2)
        if above.mode & 0o1000 and self.uid not in (0, above.uid, place.found().uid):
            raise Errno("EPERM")

    def _check_replaceable(self, place: Place, node: Node) -> None:
        """That `rename` may put `node` where `place` is."""
        if place.parent is None:
            raise Errno("EBUSY")
        place.check_writable()
        there = place.node
        if there is None:
            return
        if isinstance(there, Directory):
            if not isinstance(node, Directory):
                raise Errno("EISDIR")
            if there.entries:
                raise Errno("ENOTEMPTY")
        elif isinstance(node, Directory):
            raise Errno("ENOTDIR")
        self._check_removable(place)

    def _check_owner(self, place: Place) -> None:
        place.check_writable()
        if self.uid not in (0, place.found().uid):
            raise Errno("EPERM")

    def _directory_of(self, place: Place) -> Directory:
        """The directory that holds a place, found again: it may have been copied meanwhile."""
        assert place.parent is not None
        return self._files.find(place.parent.path or "/", "/", self).own_directory()

    def _remove(self, place: Place) -> None:
        self._check_removable(place)
        assert place.parent is not None
        directory = place.parent.own_directory()
        place.mount.volume.remove(directory, place.name, self.now_ms)
