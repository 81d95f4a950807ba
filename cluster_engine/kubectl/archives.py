"""Tar archives of files on this machine, packed and unpacked in memory: what `cp` sends and gets.

Models: k8s.io/kubectl/pkg/cmd/cp/cp.go makeTar, untarAll (v0.37.2).
"""

from __future__ import annotations

import io
import posixpath
import tarfile

from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import FileStatus, System

_BYTES_MAX = 64 * 1024 * 1024
_ENTRIES_MAX = 10_000


def packed(system: System, source: str, name: str) -> bytes:
    """The file or folder as an archive in which it is called `name`. Raises KubectlError."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        _Packer(system, archive).add(source, name)
    return out.getvalue()


class _Packer:
    def __init__(self, system: System, archive: tarfile.TarFile) -> None:
        self._system = system
        self._archive = archive
        self._bytes = 0
        self._entries = 0

    def add(self, path: str, name: str) -> None:
        status = self._system.lstat(path)
        self._entries += 1
        entry = _entry(name, status)
        if status.kind == "directory":
            children = self._system.list_directory(path)
            if not children:
                self._archive.addfile(entry)
            for child in children:
                self.add(posixpath.join(path, child), posixpath.join(name, child))
        elif status.kind == "symlink":
            entry.type, entry.linkname = tarfile.SYMTYPE, self._system.readlink(path)
            self._archive.addfile(entry)
        elif status.kind == "file":
            data = self._system.read_file(path)
            self._bytes += len(data)
            if self._bytes > _BYTES_MAX or self._entries > _ENTRIES_MAX:
                raise KubectlError(f"{path}: more than this console copies at once")
            entry.size = len(data)
            self._archive.addfile(entry, io.BytesIO(data))


def _entry(name: str, status: FileStatus) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.mode, entry.uid, entry.gid = status.mode, status.uid, status.gid
    entry.mtime = status.mtime_ms // 1000
    if status.kind == "directory":
        entry.type = tarfile.DIRTYPE
    return entry


def unpack(system: System, data: bytes, prefix: str, target: str) -> list[str]:
    """Write what is in the archive below `prefix` to `target`; the warnings on the way.

    Raises KubectlError when a file cannot be written, tarfile.ReadError for a broken archive.
    """
    warnings: list[str] = []
    if not data:
        return warnings
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        for entry in archive:
            name = entry.name.lstrip("/")
            if not name.startswith(prefix):
                raise KubectlError("tar contents corrupted")
            where = posixpath.normpath(posixpath.join(target, name[len(prefix) :].lstrip("/")))
            if not _is_inside(target, where):
                warnings.append(f'warning: file "{where}" is outside target destination, skipping')
            elif entry.issym():
                warnings.append(f'warning: skipping symlink: "{where}" -> "{entry.linkname}"')
            else:
                _write(system, archive, entry, where)
    return warnings


def _is_inside(target: str, where: str) -> bool:
    root = posixpath.normpath(target)
    if root == ".":
        return not where.startswith(("/", ".."))
    return where == root or where.startswith(f"{root.rstrip('/')}/")


def _write(system: System, archive: tarfile.TarFile, entry: tarfile.TarInfo, where: str) -> None:
    make_folders(system, where if entry.isdir() else posixpath.dirname(where))
    source = archive.extractfile(entry) if entry.isfile() else None
    if source is None:
        return
    try:
        system.write_file(where, source.read(), mode=entry.mode)
    except Errno as error:
        raise KubectlError(f"open {where}: {error.text.lower()}") from None


def make_folders(system: System, path: str) -> None:
    """The folder and those above it, unless they are there."""
    if not path or system.exists(path):
        return
    make_folders(system, posixpath.dirname(path))
    system.mkdir(path, 0o755)
