"""stat: everything about a file."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import FileStatus
from cluster_engine.shell.commands.accounts import entries
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.escapes import expand
from cluster_engine.shell.commands.moments import moment
from cluster_engine.shell.commands.options import Options, parse
from cluster_engine.shell.commands.sizes import mode_text

_KINDS = {
    "file": "regular file",
    "directory": "directory",
    "symlink": "symbolic link",
    "character": "character special file",
    "fifo": "fifo",
    "socket": "socket",
}
_TYPE_BITS = {
    "file": 0o100000,
    "directory": 0o040000,
    "symlink": 0o120000,
    "character": 0o020000,
    "fifo": 0o010000,
    "socket": 0o140000,
}
_LONG = {
    "format": "c",
    "printf": "printf=",
    "dereference": "L",
    "file-system": "f",
    "terse": "t",
}
_TERSE = "%n %s %b %f %u %g %D %i %h %t %T %X %Y %Z %W %o"
_BLOCK = 4096


def run(invocation: Invocation) -> int:
    """Describe each path; -c by a format, -f its file system."""
    options, operands = parse(invocation, "Lft", "c", _LONG)
    if not operands:
        raise UsageError("missing operand", has_hint=True)
    results = [_one(invocation, path, options) for path in operands]
    return 0 if all(results) else 1


def _one(invocation: Invocation, path: str, options: Options) -> bool:
    system = invocation.system
    try:
        if "f" in options:
            _file_system(invocation, path, options)
            return True
        status = system.stat(path) if "L" in options else system.lstat(path)
    except Errno as error:
        what = "read file system information for" if "f" in options else "statx"
        gnu = f"cannot {what} '{path}': {error.text}"
        invocation.complain(invocation.either(gnu, f"can't stat '{path}': {error.text}"))
        return False
    if "printf" in options:
        template = expand(options["printf"])[0]
        invocation.say(_formatted(invocation, template, path, status))
    elif "c" in options:
        invocation.line(_formatted(invocation, options["c"], path, status))
    elif "t" in options:
        template = _TERSE.replace(" %W", "") if invocation.is_busybox else _TERSE
        invocation.line(_formatted(invocation, template, path, status))
    else:
        _describe(invocation, path, status)
    return True


def _name(invocation: Invocation, file: str, number: int) -> str:
    found = entries(invocation.system, file)
    return next((entry[0] for entry in found if entry[2] == str(number)), "UNKNOWN")


def _facts(invocation: Invocation, path: str, status: FileStatus) -> dict[str, str]:
    stamp = moment(status.mtime_ms).strftime("%Y-%m-%d %H:%M:%S.%f000 +0000")
    major, minor = status.special
    blocks = -(-status.size // _BLOCK) * 8 if status.kind in ("file", "directory") else 0
    return {
        "n": path,
        "N": _quoted(invocation, path, status),
        "s": str(status.size),
        "a": f"{status.mode:o}",
        "A": mode_text(status.kind, status.mode),
        "f": f"{_TYPE_BITS[status.kind] | status.mode:x}",
        "u": str(status.uid),
        "U": _name(invocation, "passwd", status.uid),
        "g": str(status.gid),
        "G": _name(invocation, "group", status.gid),
        "F": _KINDS[status.kind] if status.size or status.kind != "file" else "regular empty file",
        "i": str(status.inode),
        "h": str(status.links),
        "b": str(blocks),
        "B": "512",
        "o": str(_BLOCK),
        "d": str(status.device),
        "D": f"{status.device:x}",
        "t": f"{major:x}",
        "T": f"{minor:x}",
        "m": "/",
        "w": "-",
        "W": "0",
        **dict.fromkeys("XYZ", str(status.mtime_ms // 1000)),
        **dict.fromkeys("xyz", stamp),
    }


def _quoted(invocation: Invocation, path: str, status: FileStatus) -> str:
    if status.kind != "symlink":
        return f"'{path}'" if not invocation.is_busybox else path
    return f"'{path}' -> '{invocation.system.readlink(path)}'"


def _formatted(invocation: Invocation, template: str, path: str, status: FileStatus) -> str:
    facts = _facts(invocation, path, status)
    result, at = "", 0
    while at < len(template):
        if template[at] != "%" or at + 1 == len(template):
            result += template[at]
            at += 1
            continue
        end = at + 1
        while end < len(template) - 1 and template[end] in "-0123456789.+# ":
            end += 1
        width = template[at + 1 : end]
        text = "%" if template[end] == "%" else facts.get(template[end], "?")
        digits = width.lstrip("-0+# ").partition(".")[0]
        size = min(int(digits or 0), 1000)
        result += text.ljust(size) if width.startswith("-") else text.rjust(size)
        at = end + 1
    return result


def _describe(invocation: Invocation, path: str, status: FileStatus) -> None:
    facts = _facts(invocation, path, status)
    shown = path
    if status.kind == "symlink":
        target = invocation.system.readlink(path)
        shown = invocation.either(f"{path} -> {target}", f"'{path}' -> '{target}'")
    say = invocation.line
    say(f"  File: {shown}")
    blocks = facts["b"]
    say(f"  Size: {status.size:<10}\tBlocks: {blocks:<10} IO Block: {_BLOCK:<6} {facts['F']}")
    device = invocation.either(f"0,{status.device}", f"{status.device:x}h/{status.device}d")
    line = f"Device: {device}\tInode: {status.inode:<10}  Links: {status.links}"
    if status.kind == "character":
        line += f"     Device type: {facts['t']},{facts['T']}"
    say(line)
    say(
        f"Access: ({status.mode:04o}/{facts['A']})  Uid: ({status.uid:5}/{facts['U']:>8})   "
        f"Gid: ({status.gid:5}/{facts['G']:>8})"
    )
    for word in ("Access", "Modify", "Change"):
        say(f"{word}: {facts['y']}")
    if not invocation.is_busybox:
        say(f" Birth: {facts['y']}")


def _file_system(invocation: Invocation, path: str, options: Options) -> None:
    found = invocation.system.statvfs(path)
    total = -(-found.bytes_total // _BLOCK)
    free = max(found.bytes_total - found.bytes_used, 0) // _BLOCK
    files_free = max(found.files_total - found.files_used, 0)
    facts = {
        "n": path,
        "a": str(free),
        "b": str(total),
        "c": str(found.files_total),
        "d": str(files_free),
        "f": str(free),
        "i": "0",
        "l": "255",
        "s": str(_BLOCK),
        "S": str(_BLOCK),
        "t": "0",
        "T": found.type,
    }
    if "c" in options:
        text = options["c"]
        for letter, value in facts.items():
            text = text.replace(f"%{letter}", value)
        invocation.line(text)
        return
    invocation.line(f'  File: "{path}"')
    invocation.line(f"    ID: 0        Namelen: 255     Type: {found.type}")
    fundamental = invocation.either(f"       Fundamental block size: {_BLOCK}", "      ")
    invocation.line(f"Block size: {_BLOCK}{fundamental}")
    invocation.line(f"Blocks: Total: {total:<10} Free: {free:<10} Available: {free}")
    invocation.line(f"Inodes: Total: {found.files_total:<10} Free: {files_free}")


COMMAND = Command("stat", run)
