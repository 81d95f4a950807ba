"""stat: everything about a file."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import FileStatus
from cluster_engine.shell.commands.accounts import group_name, user_name
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.moments import moment
from cluster_engine.shell.commands.options import parse
from cluster_engine.shell.commands.sizes import mode_text

_KINDS = {
    "file": "regular file",
    "directory": "directory",
    "symlink": "symbolic link",
    "character": "character special file",
    "fifo": "fifo",
    "socket": "socket",
}


def run(invocation: Invocation) -> int:
    """Describe each path; -c by a format."""
    long = {"format": "c", "dereference": "L"}
    options, operands = parse(invocation, "Lt", "c", long)
    if not operands:
        raise UsageError("missing operand\nTry 'stat --help' for more information.")
    code = 0
    for path in operands:
        system = invocation.system
        try:
            status = system.stat(path) if "L" in options else system.lstat(path)
        except Errno as error:
            invocation.complain(f"cannot statx '{path}': {error.text}")
            code = 1
            continue
        if "c" in options:
            invocation.line(_formatted(invocation, options["c"], path, status))
        else:
            _describe(invocation, path, status)
    return code


def _facts(invocation: Invocation, path: str, status: FileStatus) -> dict[str, str]:
    system = invocation.system
    when = moment(status.mtime_ms)
    stamp = when.strftime("%Y-%m-%d %H:%M:%S.%f000 +0000")
    return {
        "n": path,
        "s": str(status.size),
        "a": f"{status.mode:o}",
        "A": mode_text(status.kind, status.mode),
        "u": str(status.uid),
        "U": user_name(system, status.uid),
        "g": str(status.gid),
        "G": group_name(system, status.gid),
        "F": _KINDS[status.kind] if status.size else _empty(status),
        "i": str(status.inode),
        "h": str(status.links),
        "b": str(-(-status.size // 4096) * 8),
        "B": "512",
        "Y": str(status.mtime_ms // 1000),
        "y": stamp,
        "X": str(status.mtime_ms // 1000),
        "Z": str(status.mtime_ms // 1000),
    }


def _empty(status: FileStatus) -> str:
    return "regular empty file" if status.kind == "file" else _KINDS[status.kind]


def _formatted(invocation: Invocation, template: str, path: str, status: FileStatus) -> str:
    facts = _facts(invocation, path, status)
    result, at = "", 0
    while at < len(template):
        if template[at] == "%" and at + 1 < len(template):
            result += facts.get(template[at + 1], "?")
            at += 2
        else:
            result += template[at]
            at += 1
    return result


def _describe(invocation: Invocation, path: str, status: FileStatus) -> None:
    facts = _facts(invocation, path, status)
    shown = path
    if status.kind == "symlink":
        shown = f"{path} -> {invocation.system.readlink(path)}"
    size, blocks = status.size, facts["b"]
    invocation.line(f"  File: {shown}")
    invocation.line(f"  Size: {size:<15}\tBlocks: {blocks:<10} IO Block: 4096   {facts['F']}")
    invocation.line(f"Device: 0,{status.device}\tInode: {status.inode:<11} Links: {status.links}")
    access = f"({status.mode:04o}/{facts['A']})"
    invocation.line(
        f"Access: {access}  Uid: ({status.uid:5}/{facts['U']:>8})   "
        f"Gid: ({status.gid:5}/{facts['G']:>8})"
    )
    for word in ("Access", "Modify", "Change"):
        invocation.line(f"{word}: {facts['y']}")
    invocation.line(" Birth: -")


COMMAND = Command("stat", run)
