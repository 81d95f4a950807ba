"""tar: archives in and out; what `kubectl cp` uses."""

from __future__ import annotations

import gzip
import io
import tarfile
import zlib

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import System
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.walk import walk

_BYTES_MAX = 64 * 1024 * 1024
_MEMBERS_MAX = 20_000
_VALUED = "fC"
_LONG = {
    "create": "c",
    "extract": "x",
    "list": "t",
    "file": "f",
    "verbose": "v",
    "gzip": "z",
    "directory": "C",
    "touch": "m",
    "no-same-owner": "o",
    "strip-components": "strip-components",
}


def run(invocation: Invocation) -> int:
    """Create (-c), extract (-x) or list (-t)."""
    options, operands = _parse(invocation.arguments[1:])
    modes = [letter for letter in "cxt" if letter in options]
    if len(modes) != 1:
        text = "You must specify one of the '-Acdtrux', '--delete' or '--test-label' options"
        raise UsageError(f"{text}\nTry 'tar --help' or 'tar --usage' for more information.", 2)
    if modes[0] == "c":
        return _create(invocation, options, operands)
    return _read(invocation, options, operands, is_listing=modes[0] == "t")


def _parse(words: list[str]) -> tuple[dict[str, str], list[str]]:
    options: dict[str, str] = {}
    operands: list[str] = []
    waiting = list(words)
    if waiting and not waiting[0].startswith("-"):
        waiting[0] = "-" + waiting[0]
    while waiting:
        word = waiting.pop(0)
        if word == "--":
            operands += waiting
            break
        if word.startswith("--"):
            name, equals, value = word[2:].partition("=")
            letter = _LONG.get(name, "")
            if not equals and letter in ("f", "C") and waiting:
                value = waiting.pop(0)
            options[letter] = value
        elif word.startswith("-") and len(word) > 1:
            letters = word[1:]
            for position, letter in enumerate(letters):
                if letter in _VALUED:
                    rest = letters[position + 1 :]
                    is_bundle_end = not rest or letter == "f"
                    options[letter] = (
                        rest if rest and letter == "C" else (waiting.pop(0) if waiting else "")
                    )
                    if not is_bundle_end:
                        break
                else:
                    options[letter] = ""
        else:
            operands.append(word)
    return options, operands


def _create(invocation: Invocation, options: dict[str, str], operands: list[str]) -> int:
    system = invocation.system
    if not operands:
        raise UsageError("Cowardly refusing to create an empty archive", 2)
    code, buffer = 0, io.BytesIO()
    base = options.get("C", "")
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.GNU_FORMAT) as archive:
        for operand in operands:
            start = operand if operand.startswith("/") or not base else f"{base}/{operand}"
            if not _exists(system, start):
                invocation.complain(f"{operand}: Cannot stat: No such file or directory")
                code = 2
                continue
            if operand.startswith("/"):
                invocation.complain("Removing leading `/' from member names")
            for place in walk(system, start):
                name = operand + place[len(start) :]
                if _add(invocation, archive, place, name.lstrip("/") or "."):
                    if "v" in options:
                        invocation.err += f"{name}\n".encode()
                else:
                    code = 1
                if buffer.tell() > _BYTES_MAX:
                    raise UsageError("the archive would be too large", 2)
    if code == 2:
        invocation.complain("Exiting with failure status due to previous errors")
    data = buffer.getvalue()
    if "z" in options:
        data = gzip.compress(data, mtime=0)
    if options.get("f", "-") == "-":
        invocation.say(data)
    else:
        system.write_file(options["f"], data)
    return code


def _exists(system: System, path: str) -> bool:
    try:
        system.lstat(path)
    except Errno:
        return False
    return True


def _add(invocation: Invocation, archive: tarfile.TarFile, place: str, name: str) -> bool:
    system = invocation.system
    try:
        status = system.lstat(place)
        member = tarfile.TarInfo(name)
        member.mode, member.uid, member.gid = status.mode, status.uid, status.gid
        member.mtime = status.mtime_ms // 1000
        if status.kind == "directory":
            member.type = tarfile.DIRTYPE
            archive.addfile(member)
        elif status.kind == "symlink":
            member.type, member.linkname = tarfile.SYMTYPE, system.readlink(place)
            archive.addfile(member)
        elif status.kind == "file":
            content = system.read_file(place)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    except Errno as error:
        invocation.complain(f"{name}: Cannot open: {error.text}")
        return False
    return True


def _read(
    invocation: Invocation, options: dict[str, str], wanted: list[str], *, is_listing: bool
) -> int:
    system = invocation.system
    name = options.get("f", "-")
    data = invocation.stdin if name == "-" else invocation.read(name)
    if data is None:
        invocation.complain("Error is not recoverable: exiting now")
        return 2
    try:
        if data[:2] == b"\x1f\x8b":
            data = _decompressed(data)
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
            for count, member in enumerate(archive):
                if count >= _MEMBERS_MAX:
                    raise UsageError("the archive has too many members", 2)
                if wanted and not any(
                    member.name == w.rstrip("/") or member.name.startswith(w.rstrip("/") + "/")
                    for w in wanted
                ):
                    continue
                if is_listing:
                    shown = member.name + ("/" if member.isdir() else "")
                    invocation.line(shown)
                    continue
                if "v" in options:
                    invocation.line(member.name)
                _extract(system, archive, member, options.get("C", ""), "m" in options)
    except (tarfile.TarError, OSError, EOFError, zlib.error):
        if not data:
            return 0
        invocation.complain("This does not look like a tar archive")
        invocation.complain("Exiting with failure status due to previous errors")
        return 2
    return 0


def _decompressed(data: bytes) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    result = unpacker.decompress(data, _BYTES_MAX)
    if unpacker.unconsumed_tail:
        raise UsageError("the archive is too large", 2)
    return result


def _extract(
    system: System, archive: tarfile.TarFile, member: tarfile.TarInfo, base: str, is_touched: bool
) -> None:
    parts = [part for part in member.name.split("/") if part not in ("", ".", "..")]
    folder = base.rstrip("/") if base else "."
    target = "/".join([folder, *parts]) if parts else folder
    for end in range(1, len(parts)):
        parent = "/".join([folder, *parts[:end]])
        if not system.exists(parent):
            system.mkdir(parent)
    if member.isdir():
        if not system.exists(target):
            system.mkdir(target, member.mode & 0o7777)
        return
    if _exists(system, target):
        system.unlink(target)
    if member.issym():
        system.symlink(member.linkname, target)
    elif member.isfile():
        content = archive.extractfile(member)
        system.write_file(target, content.read() if content is not None else b"")
        system.chmod(target, member.mode & 0o7777)
        if not is_touched:
            system.utime(target, int(member.mtime) * 1000)


COMMAND = Command("tar", run)
