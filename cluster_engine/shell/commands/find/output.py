"""How find shows a file: -ls and -printf."""

from __future__ import annotations

from cluster_engine.runtime.system import FileStatus, System
from cluster_engine.shell.commands.accounts import Accounts
from cluster_engine.shell.commands.escapes import expand
from cluster_engine.shell.commands.moments import formatted, listing_time, moment
from cluster_engine.shell.commands.sizes import mode_text

_LETTERS = {"file": "f", "directory": "d", "symlink": "l", "character": "c", "fifo": "p"}


def listed(system: System, path: str, status: FileStatus) -> str:
    """A line of -ls."""
    names = Accounts(system)
    blocks = -(-status.size // 4096) * 4 if status.kind in ("file", "directory") else 0
    shown = path
    if status.kind == "symlink":
        shown = f"{path} -> {system.readlink(path)}"
    return (
        f"{status.inode:9} {blocks:6} {mode_text(status.kind, status.mode)} {status.links:3} "
        f"{names.user(status.uid):<8} {names.group(status.gid):<8} {status.size:8} "
        f"{listing_time(status.mtime_ms, system.now_ms)} {shown}\n"
    )


def printed(
    system: System, template: str, path: str, root: str, depth: int, status: FileStatus
) -> str:
    """The text of -printf."""
    names = Accounts(system)
    template, is_cut = expand(template)
    del is_cut
    head, _, base = path.rstrip("/").rpartition("/")
    facts = {
        "p": path,
        "f": base or path,
        "h": head if "/" in path else ".",
        "P": path[len(root) :].lstrip("/"),
        "H": root,
        "s": str(status.size),
        "k": str(-(-status.size // 1024)),
        "b": str(-(-status.size // 4096) * 8),
        "m": f"{status.mode:o}",
        "M": mode_text(status.kind, status.mode),
        "u": names.user(status.uid),
        "g": names.group(status.gid),
        "U": str(status.uid),
        "G": str(status.gid),
        "y": _LETTERS.get(status.kind, "U"),
        "Y": _LETTERS.get(status.kind, "U"),
        "d": str(depth),
        "i": str(status.inode),
        "n": str(status.links),
        "l": system.readlink(path) if status.kind == "symlink" else "",
        "t": f"{moment(status.mtime_ms):%a %b %e %H:%M:%S.%f0000 %Y}",
        "%": "%",
    }
    pieces, at = [], 0
    while at < len(template):
        if template[at] != "%" or at + 1 == len(template):
            pieces.append(template[at])
            at += 1
            continue
        end = at + 1
        while end < len(template) - 1 and template[end] in "-0123456789.":
            end += 1
        width, letter = template[at + 1 : end], template[end]
        at = end + 1
        if letter in "TAC" and at < len(template):
            text = _time(status, template[at])
            at += 1
        else:
            text = facts.get(letter, f"%{letter}")
        size = min(int(width.lstrip("-").partition(".")[0] or 0), 1000)
        pieces.append(text.ljust(size) if width.startswith("-") else text.rjust(size))
    return "".join(pieces)


def _time(status: FileStatus, letter: str) -> str:
    then = moment(status.mtime_ms)
    if letter == "@":
        return f"{status.mtime_ms / 1000:.10f}"
    if letter == "+":
        return formatted(then, "%Y-%m-%d+%H:%M:%S.%N0")
    return formatted(then, f"%{letter}")
