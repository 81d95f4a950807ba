"""Calls on descriptors: open, read, write, pipes."""

from __future__ import annotations

from cluster_engine.runtime.calls.base import Base
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.filesystem.namespace import Place
from cluster_engine.runtime.filesystem.nodes import (
    DescriptorLink,
    Device,
    Directory,
    Fifo,
    File,
    Node,
    Symlink,
    may,
)
from cluster_engine.runtime.handles import (
    DeviceHandle,
    FileHandle,
    Handle,
    PipeHandle,
    TerminalHandle,
)
from cluster_engine.runtime.pipe import Pipe
from cluster_engine.runtime.signals import SIGPIPE, SIGTTIN
from cluster_engine.runtime.system import (
    O_APPEND,
    O_CREAT,
    O_DIRECTORY,
    O_EXCL,
    O_NOFOLLOW,
    O_RDONLY,
    O_RDWR,
    O_TRUNC,
    O_WRONLY,
    SEEK_CUR,
    SEEK_END,
    FileStatus,
)

_ACCESS = 3


def status_of(node: Node, device: int = 0) -> FileStatus:
    """What `stat` tells about a node."""
    special = node.numbers if isinstance(node, Device) else (0, 0)
    links = node.links
    if isinstance(node, Directory):
        links = 2 + sum(isinstance(child, Directory) for child in node.entries.values())
    return FileStatus(
        node.kind,
        node.mode,
        node.uid,
        node.gid,
        node.size,
        node.mtime_ms,
        node.inode,
        links,
        device,
        special,
    )


class DescriptorCalls(Base):
    """See System."""

    __slots__ = ()

    def read(self, fd: int, count: int = 65536) -> bytes | None:
        handle = self._process.handle(fd)
        if isinstance(handle, TerminalHandle):
            terminal = handle.terminal
            is_mine = terminal is self._process.terminal
            if is_mine and terminal.foreground not in (0, self._process.group):
                self._kernel.lives.send(self._process, SIGTTIN, self._pids)
                return None
        self.worked += 1
        return handle.read(self._kernel, count)

    def write(self, fd: int, data: bytes) -> int:
        self.worked += 1 + (len(data) >> 12)
        try:
            return self._process.handle(fd).write(self._kernel, data)
        except Errno as error:
            if error.name == "EPIPE":
                self._kernel.lives.send(self._process, SIGPIPE, self._pids)
            raise

    def open(self, path: str, flags: int = O_RDONLY, mode: int = 0o666) -> int:
        fd = self._process.free_descriptor()
        place = self._look(path, follow=not flags & (O_NOFOLLOW | O_EXCL))
        node = place.node
        if node is None:
            node = self._create(place, flags, mode)
        elif flags & O_CREAT and flags & O_EXCL:
            raise Errno("EEXIST")
        elif isinstance(node, Symlink) and not isinstance(node, DescriptorLink):
            raise Errno("ELOOP")
        self._install(fd, self._opened(place, node, flags))
        return fd

    def close(self, fd: int) -> None:
        self._process.handle(fd)
        self._kernel.lives.close(self._process, fd)

    def dup(self, fd: int, minimum: int = 0) -> int:
        handle = self._process.handle(fd)
        new = self._process.free_descriptor(minimum)
        self._install(new, handle)
        return new

    def dup2(self, fd: int, new: int) -> None:
        handle = self._process.handle(fd)
        if new == fd:
            return
        handle.references += 1
        if new in self._process.fds:
            self._kernel.lives.close(self._process, new)
        self._process.fds[new] = handle

    def pipe(self) -> tuple[int, int]:
        pipe = Pipe()
        pipe.number = self._sandbox.next_pipe
        self._sandbox.next_pipe += 1
        reader = self._process.free_descriptor()
        self._install(reader, PipeHandle(pipe, O_RDONLY))
        writer = self._process.free_descriptor()
        self._install(writer, PipeHandle(pipe, O_WRONLY))
        return reader, writer

    def seek(self, fd: int, offset: int, whence: int = 0) -> int:
        handle = self._process.handle(fd)
        if not isinstance(handle, FileHandle):
            raise Errno("ESPIPE")
        if whence == SEEK_CUR:
            offset += handle.offset
        elif whence == SEEK_END:
            offset += handle.node.size
        if offset < 0:
            raise Errno("EINVAL")
        handle.offset = offset
        return offset

    def descriptors(self) -> list[int]:
        return sorted(self._process.fds)

    def descriptors_of(self, pid: int) -> list[int]:
        """The open descriptors of a process that can be seen."""
        process = self._pids.processes.get(pid)
        return sorted(process.fds) if process is not None else []

    def descriptor_name(self, fd: int, pid: int = 0) -> str:
        process = self._pids.processes.get(pid or self._process.pid)
        if process is None:
            raise Errno("ESRCH")
        return process.handle(fd).name

    def fstat(self, fd: int) -> FileStatus:
        handle = self._process.handle(fd)
        if isinstance(handle, FileHandle):
            return status_of(handle.node)
        return FileStatus(
            handle.kind, 0o620, self.uid, self.gid, 0, self.now_ms, fd + 3, 1, 0, (136, 0)
        )

    def ftruncate(self, fd: int, size: int) -> None:
        handle = self._process.handle(fd)
        if not isinstance(handle, FileHandle) or not isinstance(handle.node, File):
            raise Errno("EINVAL")
        if handle.flags & _ACCESS == O_RDONLY:
            raise Errno("EBADF")
        handle.volume.truncate(handle.node, size, self.now_ms)

    def _install(self, fd: int, handle: Handle) -> None:
        handle.references += 1
        self._process.fds[fd] = handle

    def _create(self, place: Place, flags: int, mode: int) -> Node:
        """The new, empty file that `open` makes."""
        if not flags & O_CREAT:
            raise Errno("ENOENT")
        node = File(bytearray(), mode & ~self._process.umask, self.uid, self.gid, self.now_ms)
        self._add(place, node)
        return node

    def _add(self, place: Place, node: Node) -> None:
        """Put a new node where `place` found none."""
        parent = place.parent
        assert parent is not None
        place.check_writable()
        above = parent.found()
        if not may(above, self, 2):
            raise Errno("EACCES")
        if isinstance(above, Directory) and above.origin == "proc":
            raise Errno("ENOENT")
        directory = parent.own_directory()
        if directory.mode & 0o2000:
            node.gid = directory.gid
            if isinstance(node, Directory):
                node.mode |= 0o2000
        place.mount.volume.add(directory, place.name, node, self.now_ms)
        place.node = node

    def _opened(self, place: Place, node: Node, flags: int) -> Handle:
        access = flags & _ACCESS
        path = place.path or "/"
        if isinstance(node, DescriptorLink):
            return self._reopened(node)
        if isinstance(node, Directory):
            if access != O_RDONLY:
                raise Errno("EISDIR")
            self._check(node, 4)
            return FileHandle(path, flags, node, place.mount.volume)
        if flags & O_DIRECTORY:
            raise Errno("ENOTDIR")
        self._check(node, {O_RDONLY: 4, O_WRONLY: 2}.get(access, 6))
        if isinstance(node, Device):
            return self._opened_device(node, path, flags)
        if isinstance(node, Fifo):
            return PipeHandle(node.pipe, flags, path)
        if access in (O_WRONLY, O_RDWR) or flags & O_TRUNC:
            node = self._writable(place, node, flags)
        return FileHandle(path, flags & (_ACCESS | O_APPEND), node, place.mount.volume)

    def _writable(self, place: Place, node: Node, flags: int) -> Node:
        """The private file behind `node`, empty when it is to be truncated."""
        if node.origin == "proc":
            raise Errno("EACCES" if self.uid else "EROFS")
        place.check_writable()
        node = place.own()
        if flags & O_TRUNC and isinstance(node, File):
            place.mount.volume.truncate(node, 0, self.now_ms)
        return node

    def _reopened(self, link: DescriptorLink) -> Handle:
        process = self._pids.processes.get(link.pid)
        if process is None:
            raise Errno("ENOENT")
        return process.handle(link.fd)

    def _opened_device(self, node: Device, path: str, flags: int) -> Handle:
        if node.name != "tty":
            return DeviceHandle(path, flags, node.name)
        if self._process.terminal is None:
            raise Errno("EIO")
        return TerminalHandle(self._process.terminal, flags)

    def _check(self, node: Node, wanted: int) -> None:
        if not may(node, self, wanted):
            raise Errno("EACCES")
