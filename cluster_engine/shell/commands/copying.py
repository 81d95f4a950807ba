"""Copying files and folders, for cp and for mv between file systems."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import FileStatus, System
from cluster_engine.shell.commands.command import Invocation

_DEPTH_MAX = 128


@dataclass(frozen=True, slots=True)
class Manner:
    """How to copy."""

    is_deep: bool = False
    #: Links are copied as links; else what they lead to.
    keeps_links: bool = False
    #: Mode, owner and times are kept.
    keeps_all: bool = False
    is_forced: bool = False
    is_verbose: bool = False
    #: Leave what is there, or what is there and not older.
    spares: bool = False
    spares_newer: bool = False
    #: Make links instead: "s" symbolic ones, "l" hard ones.
    links: str = ""


class Copying:
    """Copies in one manner."""

    def __init__(self, invocation: Invocation, manner: Manner) -> None:
        self._invocation = invocation
        self._system: System = invocation.system
        self._manner = manner
        #: The folder being made inside what is copied is not copied itself.
        self._made: set[tuple[int, int]] = set()

    def copy(self, source: str, place: str, depth: int = 0) -> bool:
        """Copy one path; False after a complaint."""
        manner, call = self._manner, self._invocation
        follows = not manner.keeps_links and not (manner.is_deep and depth)
        try:
            follows = follows and not (manner.is_deep and self._is_link(source))
            status = self._system.stat(source) if follows else self._system.lstat(source)
        except Errno as error:
            verb = call.either("cannot", "can't")
            call.complain(f"{verb} stat '{source}': {error.text}")
            return False
        if status.kind == "directory":
            return self._folder(source, place, status, depth)
        if self._is_spared(status, place):
            return True
        if is_folder(self._system, place):
            gnu = f"cannot overwrite directory '{place}' with non-directory"
            call.complain(call.either(gnu, f"'{place}' is a directory"))
            return False
        if manner.links != "s" and self._is_same(source, place):
            call.complain(f"'{source}' and '{place}' are the same file")
            return False
        if not self._file(source, place, status):
            return False
        self._tell(source, place)
        return True

    def _is_link(self, path: str) -> bool:
        return self._system.lstat(path).kind == "symlink"

    def _is_same(self, source: str, place: str) -> bool:
        try:
            return self._system.realpath(place) == self._system.realpath(source)
        except Errno:
            return False

    def _is_spared(self, status: FileStatus, place: str) -> bool:
        try:
            held = self._system.lstat(place)
        except Errno:
            return False
        return self._manner.spares or (
            self._manner.spares_newer and held.mtime_ms >= status.mtime_ms
        )

    def _file(self, source: str, place: str, status: FileStatus) -> bool:
        manner, system = self._manner, self._system
        try:
            if manner.links:
                if manner.is_forced and system.exists(place):
                    system.unlink(place)
                system.symlink(source, place) if manner.links == "s" else system.link(source, place)
                return True
            if status.kind == "symlink":
                self._drop(place)
                system.symlink(system.readlink(source), place)
                return True
            if status.kind == "fifo" and manner.is_deep:
                system.mkfifo(place, status.mode)
                return True
            content = self._read(source)
            if content is None:
                return False
            if place.endswith("/"):
                raise Errno("ENOTDIR")
            self._write(place, content, status.mode & 0o777)
            self._keep(place, status)
        except Errno as error:
            gnu = f"cannot create regular file '{place}': {error.text}"
            if manner.links:
                kind = "symbolic" if manner.links == "s" else "hard"
                gnu = f"cannot create {kind} link '{place}': {error.text}"
            busybox = f"can't create '{place}': {error.text}"
            self._invocation.complain(self._invocation.either(gnu, busybox))
            return False
        return True

    def _read(self, source: str) -> bytes | None:
        try:
            return self._system.read_file(source)
        except Errno as error:
            gnu = f"cannot open '{source}' for reading: {error.text}"
            text = self._invocation.either(gnu, f"can't open '{source}': {error.text}")
            self._invocation.complain(text)
            return None

    def _write(self, place: str, content: bytes, mode: int) -> None:
        try:
            self._system.write_file(place, content, mode=mode)
        except Errno as error:
            if not self._manner.is_forced or error.name not in ("EACCES", "ETXTBSY"):
                raise
            self._system.unlink(place)
            self._system.write_file(place, content, mode=mode)

    def _drop(self, place: str) -> None:
        try:
            self._system.unlink(place)
        except Errno as error:
            if error.name != "ENOENT":
                raise

    def _keep(self, place: str, status: FileStatus) -> None:
        if not self._manner.keeps_all:
            return
        with suppress(Errno):
            self._system.chown(place, status.uid, status.gid)
        self._system.chmod(place, status.mode)
        self._system.utime(place, status.mtime_ms)

    def _folder(self, source: str, place: str, status: FileStatus, depth: int) -> bool:
        call, system = self._invocation, self._system
        if not self._manner.is_deep:
            gnu = f"-r not specified; omitting directory '{source}'"
            call.complain(call.either(gnu, f"omitting directory '{source}'"))
            return False
        if (
            self._is_inside(source, place)
            or (status.device, status.inode) in self._made
            or depth > _DEPTH_MAX
        ):
            gnu = f"cannot copy a directory, '{source}', into itself, '{place}'"
            call.complain(call.either(gnu, f"recursion detected, omitting directory '{source}'"))
            return False
        is_new = not system.exists(place)
        try:
            if is_new:
                system.mkdir(place, status.mode | 0o700)
                made = system.stat(place)
                self._made.add((made.device, made.inode))
            elif not is_folder(system, place):
                gnu = f"cannot overwrite non-directory '{place}' with directory '{source}'"
                call.complain(call.either(gnu, f"target '{place}' is not a directory"))
                return False
            names = system.list_directory(source)
        except Errno as error:
            verb = call.either("cannot", "can't")
            call.complain(f"{verb} create directory '{place}': {error.text}")
            return False
        if is_new and not call.is_busybox:
            self._tell(source, place)
        base, good = source.rstrip("/"), True
        for name in names:
            good = self.copy(f"{base}/{name}", f"{place.rstrip('/')}/{name}", depth + 1) and good
        if is_new:
            if status.mode & 0o700 != 0o700:
                system.chmod(place, status.mode & ~system.umask())
            self._keep(place, status)
            if call.is_busybox:
                self._tell(source, place)
        return good

    def _is_inside(self, source: str, place: str) -> bool:
        return not self._invocation.is_busybox and f"{place}/".startswith(f"{source.rstrip('/')}/")

    def _tell(self, source: str, place: str) -> None:
        if self._manner.is_verbose:
            self._invocation.line(f"'{source}' -> '{place}'")


def is_folder(system: System, path: str) -> bool:
    """Whether a path leads to a folder."""
    try:
        return system.stat(path).kind == "directory"
    except Errno:
        return False
