"""The members of an archive: headers made, read and shown.

Models: POSIX ustar and GNU tar's long names; pax headers are read.
"""

from __future__ import annotations

import tarfile
from dataclasses import dataclass, field

from cluster_engine.runtime.system import FileStatus
from cluster_engine.shell.commands.accounts import Accounts
from cluster_engine.shell.commands.moments import moment
from cluster_engine.shell.commands.sizes import mode_text

BLOCK = 512
#: An archive ends with two empty blocks and is filled up to this.
RECORD = 20 * BLOCK
_KINDS = {
    tarfile.DIRTYPE: "directory",
    tarfile.SYMTYPE: "symlink",
    tarfile.FIFOTYPE: "fifo",
    tarfile.CHRTYPE: "character",
    tarfile.LNKTYPE: "hard link",
}


class NotAnArchive(Exception):
    """These bytes are no header."""


@dataclass(slots=True)
class Member:
    """One member as it stands in an archive."""

    name: str
    kind: str
    size: int
    mode: int
    uid: int
    gid: int
    time_s: int
    link: str = ""
    user: str = ""
    group: str = ""


def header(name: str, status: FileStatus, size: int, link: str, names: Accounts) -> bytes:
    """The blocks that come before a member's content."""
    info = tarfile.TarInfo(name + ("/" if status.kind == "directory" else ""))
    info.mode, info.uid, info.gid = status.mode, status.uid, status.gid
    info.uname, info.gname = names.user(status.uid), names.group(status.gid)
    info.mtime, info.size = status.mtime_ms // 1000, size
    types = {kind: code for code, kind in _KINDS.items()}
    info.type = types.get(status.kind, tarfile.REGTYPE)
    info.linkname = link
    return info.tobuf(tarfile.GNU_FORMAT, "utf-8", "surrogateescape")


def padded(size: int) -> int:
    """The size with the bytes that fill up its last block."""
    return -(-size // BLOCK) * BLOCK


@dataclass(slots=True)
class Headers:
    """Reads headers; those that only say something about the next one are kept till then."""

    _name: str = ""
    _link: str = ""
    _pax: dict[str, str] = field(default_factory=dict)

    def read(self, block: bytes) -> Member | None:
        """The member of a header, None for an empty block. Raises NotAnArchive."""
        if not any(block):
            return None
        try:
            info = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        except tarfile.HeaderError:
            raise NotAnArchive from None
        if info.type in (tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK):
            kind = "long name" if info.type == tarfile.GNUTYPE_LONGNAME else "long link"
            return Member("", kind, info.size, 0, 0, 0, 0)
        if info.type in (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE):
            kind = "pax" if info.type != tarfile.XGLTYPE else "global pax"
            return Member("", kind, info.size, 0, 0, 0, 0)
        kind = _KINDS.get(info.type, "file")
        member = Member(
            self._name or self._pax.get("path", "") or info.name,
            kind,
            int(self._pax.get("size", info.size)) if kind == "file" else 0,
            info.mode & 0o7777,
            info.uid,
            info.gid,
            int(float(self._pax.get("mtime", info.mtime))),
            self._link or self._pax.get("linkpath", "") or info.linkname,
            info.uname,
            info.gname,
        )
        self._name = self._link = ""
        self._pax = {}
        return member

    def learn(self, kind: str, content: bytes) -> None:
        """What a header of those says about the next member."""
        text = content.decode("utf-8", "surrogateescape")
        if kind == "long name":
            self._name = text.partition("\0")[0]
        elif kind == "long link":
            self._link = text.partition("\0")[0]
        elif kind == "pax":
            for line in text.split("\n"):
                _, _, pair = line.partition(" ")
                key, _, value = pair.partition("=")
                if key == "size" and not value.isdecimal():
                    continue
                self._pax[key] = value


def shown(member: Member, *, is_long: bool, is_busybox: bool) -> str:
    """A member as `t` lists it."""
    name = member.name.rstrip("/") + ("/" if member.kind == "directory" else "")
    if not is_long:
        return name
    kind = "file" if member.kind == "hard link" else member.kind
    mode = mode_text(kind, member.mode)
    mode = "h" + mode[1:] if member.kind == "hard link" and not is_busybox else mode
    owner = f"{member.user or member.uid}/{member.group or member.gid}"
    if member.kind == "symlink":
        name += f" -> {member.link}"
    elif member.kind == "hard link":
        name += f" link to {member.link}"
    then = moment(member.time_s * 1000)
    if is_busybox:
        return f"{mode} {owner} {member.size:9} {then:%Y-%m-%d %H:%M:%S} {name}"
    gap = max(19 - len(owner) - len(str(member.size)), 1)
    return f"{mode} {owner}{' ' * gap}{member.size} {then:%Y-%m-%d %H:%M} {name}"
