"""Reads an archive as it comes, and extracts or lists its members."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Invocation, UsageError
from cluster_engine.shell.commands.tar.members import (
    BLOCK,
    Headers,
    Member,
    NotAnArchive,
    padded,
    shown,
)
from cluster_engine.shell.commands.tar.options import TarOptions

_GZIP = b"\x1f\x8b"
_PACKED_BYTES_MAX = 16 * 1024 * 1024
_UNPACKED_BYTES_MAX = 64 * 1024 * 1024
_MEMBERS_MAX = 50_000
_PIECE = 256 * 1024


@dataclass(slots=True)
class Reader:
    """What has come and is not yet dealt with, and the member being extracted."""

    options: TarOptions
    code: int = 0
    is_done: bool = False
    _buffer: bytearray = field(default_factory=bytearray)
    _headers: Headers = field(default_factory=Headers)
    _member: Member | None = None
    #: Of the present member: bytes that are still to come, and those that fill its last block.
    _left: int = 0
    _filling: int = 0
    _target: str | None = None
    _said: bytearray = field(default_factory=bytearray)
    _empty_blocks: int = 0
    _count: int = 0
    _has_stripped: bool = False
    _found: set[str] = field(default_factory=set)
    _times: list[tuple[str, Member]] = field(default_factory=list)

    @property
    def is_packed(self) -> bool:
        """Whether the archive is compressed: all of it has to come first."""
        return bytes(self._buffer[:2]) == _GZIP and not self._count

    def take(self, data: bytes) -> None:
        """More of the archive. Raises UsageError."""
        self._buffer += data
        if self.is_packed and len(self._buffer) > _PACKED_BYTES_MAX:
            raise UsageError("the archive is too large", 2)

    def unpack(self) -> None:
        """Decompress what has come. Raises UsageError."""
        unpacker = zlib.decompressobj(wbits=31)
        try:
            data = unpacker.decompress(bytes(self._buffer), _UNPACKED_BYTES_MAX)
        except zlib.error:
            raise UsageError("gzip: stdin: invalid compressed data", 2) from None
        if unpacker.unconsumed_tail:
            raise UsageError("the archive is too large", 2)
        self._buffer = bytearray(data)

    def work(self, call: Invocation) -> bool:
        """Deal with one header or a piece of content; False when more has to come.

        Raises UsageError.
        """
        if self.is_done:
            return False
        if self._member is not None:
            return self._content(call, self._member)
        if self._filling:
            dropped = min(self._filling, len(self._buffer))
            del self._buffer[:dropped]
            self._filling -= dropped
            return not self._filling
        if len(self._buffer) < BLOCK:
            return False
        block = bytes(self._buffer[:BLOCK])
        del self._buffer[:BLOCK]
        self._block(call, block)
        return True

    def finish(self, call: Invocation) -> None:
        """No more will come. Raises UsageError."""
        is_cut = self._member is not None or bool(self._buffer and not self.is_done)
        if is_cut or (not self._count and not self._empty_blocks):
            if call.is_busybox:
                raise UsageError("short read")
            if is_cut and self._count:
                call.complain("Unexpected EOF in archive")
                raise UsageError("Error is not recoverable: exiting now", 2)
            self._no_archive(call)
            return
        for target, member in reversed(self._times):
            self._give_time(call, target, member)
        for _, name in self.options.names:
            if name not in self._found:
                text = call.either("Not found in archive", "not found in archive")
                call.complain(f"{name}: {text}")
                self.code = 1 if call.is_busybox else 2
        if self.code and not call.is_busybox:
            call.complain("Exiting with failure status due to previous errors")

    def _no_archive(self, call: Invocation) -> None:
        if call.is_busybox:
            raise UsageError("invalid tar magic")
        call.complain("This does not look like a tar archive")
        call.complain("Exiting with failure status due to previous errors")
        self.code, self.is_done = 2, True

    def _block(self, call: Invocation, block: bytes) -> None:
        try:
            member = self._headers.read(block)
        except NotAnArchive:
            self._no_archive(call)
            return
        if member is None:
            self._empty_blocks += 1
            return
        self._count += 1
        if self._count > _MEMBERS_MAX:
            raise UsageError("the archive has too many members", 2)
        self._member, self._left = member, member.size
        self._filling = padded(member.size) - member.size
        self._said.clear()
        if member.name:
            self._target = self._begin_member(call, member)

    def _content(self, call: Invocation, member: Member) -> bool:
        """Take a piece of the present member's content."""
        if self._left:
            piece = bytes(self._buffer[: min(self._left, _PIECE)])
            if not piece:
                return False
            del self._buffer[: len(piece)]
            self._left -= len(piece)
            if not member.name:
                self._said += piece
            elif self._target is not None:
                self._write(call, self._target, piece)
            return True
        if not member.name:
            self._headers.learn(member.kind, bytes(self._said))
        elif self._target is not None and member.kind == "file" and not self.options.has("O"):
            self._give_mode(call, self._target, member)
            self._give_time(call, self._target, member)
        self._member, self._target = None, None
        return True

    # Members

    def _begin_member(self, call: Invocation, member: Member) -> str | None:
        """Make the member (a file empty); where its content goes, None when nowhere."""
        options = self.options
        if not self._is_wanted(member.name) or options.is_excluded(member.name):
            return None
        if options.mode == "t":
            call.line(shown(member, is_long=options.has("v"), is_busybox=call.is_busybox))
            return None
        name = self._stripped(call, member.name)
        if name is None:
            return None
        if options.has("v"):
            text = shown(member, is_long=False, is_busybox=call.is_busybox) + "\n"
            if options.has("O"):
                call.err.extend(text.encode("utf-8", "surrogateescape"))
            else:
                call.say(text)
        if options.has("O"):
            return "-" if member.kind == "file" else None
        base = f"{options.folder.rstrip('/')}/" if options.folder else ""
        target = name if name.startswith("/") else base + name
        try:
            return self._make(call, target, member)
        except Errno as error:
            gnu = f"{member.name}: Cannot open: {error.text}"
            call.complain(call.either(gnu, f"can't open '{member.name}': {error.text}"))
            self.code = 1 if call.is_busybox else 2
            return None

    def _is_wanted(self, name: str) -> bool:
        if not self.options.names:
            return True
        bare = name.rstrip("/")
        for _, wish in self.options.names:
            wanted = wish.rstrip("/")
            if bare == wanted or bare.startswith(f"{wanted}/"):
                self._found.add(wish)
                return True
        return False

    def _stripped(self, call: Invocation, name: str) -> str | None:
        parts = name.rstrip("/").split("/")
        if ".." in parts:
            call.complain(f"{name}: Member name contains '..'")
            self.code = 2
            return None
        if name.startswith("/") and not self.options.has("P"):
            if not self._has_stripped:
                self._has_stripped = True
                gnu = "Removing leading `/' from member names"
                call.complain(call.either(gnu, "removing leading '/' from member names"))
            parts = [part for part in parts if part]
        kept = parts[self.options.strip :]
        return "/".join(kept) or None

    def _make(self, call: Invocation, target: str, member: Member) -> str | None:
        system = call.system
        self._make_parents(call, target)
        is_there = _kind(call, target)
        if member.kind == "directory":
            if is_there != "directory":
                system.mkdir(target, 0o755)
            self._give_mode(call, target, member)
            self._times.append((target, member))
            return None
        if is_there:
            if self.options.has("k"):
                raise Errno("EEXIST")
            if is_there == "directory":
                raise Errno("EISDIR")
            system.unlink(target)
        if member.kind == "symlink":
            system.symlink(member.link, target)
        elif member.kind == "hard link":
            base = f"{self.options.folder.rstrip('/')}/" if self.options.folder else ""
            system.link(base + member.link.lstrip("/"), target)
        elif member.kind == "fifo":
            system.mkfifo(target, member.mode)
        elif member.kind == "file":
            system.write_file(target, b"", mode=0o600)
            return target
        else:
            raise Errno("EPERM")
        return None

    def _make_parents(self, call: Invocation, target: str) -> None:
        parts = target.split("/")[:-1]
        for end in range(1, len(parts) + 1):
            folder = "/".join(parts[:end])
            if folder and not call.system.exists(folder):
                call.system.mkdir(folder)

    def _write(self, call: Invocation, target: str, piece: bytes) -> None:
        if target == "-":
            call.out += piece
            return
        try:
            call.system.write_file(target, piece, append=True)
        except Errno as error:
            call.complain(f"{target}: Cannot write: {error.text}")
            self.code, self._target = 2, None

    def _give_mode(self, call: Invocation, target: str, member: Member) -> None:
        system = call.system
        mode = member.mode
        if not (self.options.has("p") or system.uid == 0):
            mode &= ~system.umask()
        try:
            if system.uid == 0 and not self.options.has("o"):
                system.chown(target, member.uid, member.gid)
            system.chmod(target, mode)
        except Errno as error:
            call.complain(f"{member.name}: Cannot change mode: {error.text}")
            self.code = 2

    def _give_time(self, call: Invocation, target: str, member: Member) -> None:
        if self.options.has("m"):
            return
        try:
            call.system.utime(target, member.time_s * 1000)
        except Errno:
            return


def _kind(call: Invocation, path: str) -> str:
    try:
        return call.system.lstat(path).kind
    except Errno:
        return ""
