"""Makes an archive, a member at a time."""

from __future__ import annotations

import gzip
from dataclasses import dataclass, field

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import FileStatus
from cluster_engine.shell.commands.accounts import Accounts
from cluster_engine.shell.commands.command import Invocation, UsageError
from cluster_engine.shell.commands.tar.members import BLOCK, RECORD, header, padded
from cluster_engine.shell.commands.tar.options import TarOptions

_BYTES_MAX = 64 * 1024 * 1024
_PACKED_BYTES_MAX = 16 * 1024 * 1024
_DEPTH_MAX = 100


@dataclass(slots=True)
class Writer:
    """What is left to be added: (place in the file system, name in the archive)."""

    options: TarOptions
    waiting: list[tuple[str, str]] = field(default_factory=list)
    is_done: bool = False
    code: int = 0
    _size: int = 0
    _packed: bytearray = field(default_factory=bytearray)
    _links: dict[tuple[int, int], str] = field(default_factory=dict)
    _has_stripped: bool = False
    _archive: tuple[int, int] | None = None

    def begin(self, call: Invocation) -> None:
        """Look at what was named. Raises UsageError."""
        options = self.options
        names = list(options.names)
        for path in options.lists:
            content = call.stdin if path == "-" else call.system.read_file(path)
            names += [
                (options.folder, line)
                for line in content.decode("utf-8", "surrogateescape").split("\n")
                if line
            ]
        if not names:
            gnu = "Cowardly refusing to create an empty archive\nTry 'tar --help' or 'tar --usage' "
            raise UsageError(
                call.either(gnu + "for more information.", "empty archive"),
                1 if call.is_busybox else 2,
            )
        for folder, name in names:
            base = "" if name.startswith("/") or not folder else f"{folder.rstrip('/')}/"
            self.waiting.append((base + name, name))
        self.waiting.reverse()
        if options.file != "-":
            held = b""
            if options.mode in ("r", "u") and call.system.exists(options.file):
                held = call.system.read_file(options.file).rstrip(b"\0")
                held = held.ljust(padded(len(held)), b"\0")
            call.system.write_file(options.file, held)
            self._size = len(held)
            status = call.system.stat(options.file)
            self._archive = (status.device, status.inode)

    def add_next(self, call: Invocation) -> None:
        """Add one member, or the end. Raises UsageError."""
        if not self.waiting:
            self._finish(call)
            return
        place, name = self.waiting.pop()
        if self.options.is_excluded(name):
            return
        try:
            follows = self.options.has("h")
            status = call.system.stat(place) if follows else call.system.lstat(place)
            self._add(call, place, name, status)
        except Errno as error:
            self._unreadable(call, name, error)

    def _unreadable(self, call: Invocation, name: str, error: Errno) -> None:
        what = "Cannot stat" if error.name in ("ENOENT", "ENOTDIR") else "Cannot open"
        call.complain(call.either(f"{name}: {what}: {error.text}", f"{name}: {error.text}"))
        if name.startswith("/"):
            self._tell_stripped(call)
        self.code = 1 if call.is_busybox else 2

    def _tell_stripped(self, call: Invocation) -> None:
        if not self._has_stripped and not self.options.has("P"):
            self._has_stripped = True
            gnu = "Removing leading `/' from member names"
            call.complain(call.either(gnu, "removing leading '/' from member names"))

    def _add(self, call: Invocation, place: str, name: str, status: FileStatus) -> None:
        if (status.device, status.inode) == self._archive:
            call.complain(f"{name}: file is the archive; not dumped")
            self.code = self.code or 1
            return
        if status.kind == "socket":
            call.complain(f"{name}: socket ignored")
            return
        link = call.system.readlink(place) if status.kind == "symlink" else ""
        content = call.system.read_file(place) if status.kind == "file" else b""
        if name.startswith("/"):
            self._tell_stripped(call)
        member = name if self.options.has("P") else name.lstrip("/")
        shown = (name.rstrip("/") + "/") if status.kind == "directory" else name
        data = header(member.rstrip("/") or ".", status, len(content), link, Accounts(call.system))
        self._put(call, data + content.ljust(padded(len(content)), b"\0"))
        if self.options.has("v"):
            text = f"{shown}\n"
            if self.options.file == "-":
                call.err.extend(text.encode("utf-8", "surrogateescape"))
            else:
                call.say(text)
        if status.kind == "directory" and "no-recursion" not in self.options.flags:
            self._descend(call, place, name)

    def _descend(self, call: Invocation, place: str, name: str) -> None:
        if name.count("/") > _DEPTH_MAX:
            return
        names = call.system.list_directory(place)
        self.waiting += [
            (f"{place.rstrip('/')}/{child}", f"{name.rstrip('/')}/{child}")
            for child in reversed(names)
        ]

    def _put(self, call: Invocation, data: bytes) -> None:
        self._size += len(data)
        if self._size > _BYTES_MAX:
            raise UsageError("the archive would be too large", 2)
        if self.options.has("z"):
            self._packed += data
            if len(self._packed) > _PACKED_BYTES_MAX:
                raise UsageError("the archive would be too large to compress", 2)
        elif self.options.file == "-":
            call.out += data
        else:
            call.system.write_file(self.options.file, data, append=True)

    def _finish(self, call: Invocation) -> None:
        self.is_done = True
        end = self._size + 2 * BLOCK
        self._put(call, bytes(-(-end // RECORD) * RECORD - self._size))
        if self.options.has("z"):
            packed = gzip.compress(bytes(self._packed), mtime=0)
            if self.options.file == "-":
                call.out += packed
            else:
                call.system.write_file(self.options.file, packed)
        if self.code > 1 or (self.code and call.is_busybox):
            gnu = "Exiting with failure status due to previous errors"
            call.complain(call.either(gnu, "error exit delayed from previous errors"))
