"""ls: what a folder holds."""

from __future__ import annotations

from dataclasses import dataclass

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import FileStatus
from cluster_engine.shell.commands.accounts import group_name, user_name
from cluster_engine.shell.commands.columns import in_columns
from cluster_engine.shell.commands.command import Command, Invocation
from cluster_engine.shell.commands.moments import listing_time
from cluster_engine.shell.commands.options import Options, parse
from cluster_engine.shell.commands.sizes import human, mode_text

_LONG = {
    "all": "a",
    "almost-all": "A",
    "directory": "d",
    "human-readable": "h",
    "inode": "i",
    "recursive": "R",
    "reverse": "r",
    "size": "s",
    "classify": "F",
    "color": "color=",
    "time-style": "time-style=",
}
_DEPTH_MAX = 50


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    path: str
    status: FileStatus


def run(invocation: Invocation) -> int:
    """List files, then folders."""
    words = invocation.arguments
    invocation.arguments = [word for word in words if not word.startswith("--color")]
    options, operands = parse(invocation, "aAdhilnrR1sStFCpgouqNkxmcUX", "wI", _LONG, code=2)
    code = 0
    files: list[_Entry] = []
    folders: list[_Entry] = []
    for path in operands or ["."]:
        try:
            follows = "l" not in options or path.endswith("/")
            status = invocation.system.stat(path) if follows else invocation.system.lstat(path)
        except Errno as error:
            invocation.complain(f"cannot access '{path}': {error.text}")
            code = 2
            continue
        entry = _Entry(path, path, status)
        is_folder = status.kind == "directory" and "d" not in options
        (folders if is_folder else files).append(entry)
    _print(invocation, options, _sorted(files, options))
    has_titles = len(folders) + len(files) > 1 or "R" in options
    for folder in _sorted(folders, options):
        if files or folder is not folders[0]:
            invocation.line()
        code = max(code, _folder(invocation, options, folder.path, has_titles, 0))
    return code


def _folder(
    invocation: Invocation, options: Options, path: str, has_title: bool, depth: int
) -> int:
    system = invocation.system
    try:
        names = system.list_directory(path)
    except Errno as error:
        invocation.complain(f"cannot open directory '{path}': {error.text}")
        return 2
    if "a" in options:
        names = [".", "..", *names]
    elif "A" not in options:
        names = [name for name in names if not name.startswith(".")]
    entries = []
    for name in names:
        full = f"{path.rstrip('/')}/{name}"
        try:
            entries.append(_Entry(name, full, system.lstat(full)))
        except Errno:
            continue
    if has_title:
        invocation.line(f"{path}:")
    entries = _sorted(entries, options)
    if "l" in options or "s" in options:
        blocks = sum(_blocks(entry.status) for entry in entries)
        invocation.line(f"total {human(blocks * 1024) if 'h' in options else blocks}")
    _print(invocation, options, entries)
    code = 0
    if "R" in options and depth < _DEPTH_MAX:
        for entry in entries:
            if entry.status.kind == "directory" and entry.name not in (".", ".."):
                invocation.line()
                code = max(code, _folder(invocation, options, entry.path, True, depth + 1))
    return code


def _sorted(entries: list[_Entry], options: Options) -> list[_Entry]:
    def by_name(entry: _Entry) -> tuple[str, str]:
        return entry.name.lstrip(".").lower(), entry.name

    if "U" in options:
        return entries
    ordered = sorted(entries, key=by_name)
    if "t" in options:
        ordered.sort(key=lambda entry: -entry.status.mtime_ms)
    elif "S" in options:
        ordered.sort(key=lambda entry: -entry.status.size)
    return ordered[::-1] if "r" in options else ordered


def _print(invocation: Invocation, options: Options, entries: list[_Entry]) -> None:
    if not entries:
        return
    if "l" in options or "n" in options or "g" in options or "o" in options:
        _long(invocation, options, entries)
        return
    shown = [_decorated(invocation, entry, options) for entry in entries]
    if "i" in options:
        shown = [f"{e.status.inode} {text}" for e, text in zip(entries, shown, strict=True)]
    if "1" in options or ("C" not in options and not invocation.system.is_tty(1)):
        for text in shown:
            invocation.line(text)
        return
    columns, _ = invocation.system.window_size(1) if invocation.system.is_tty(1) else (80, 24)
    invocation.say(in_columns(shown, columns))


def _decorated(invocation: Invocation, entry: _Entry, options: Options) -> str:
    status = entry.status
    if "F" not in options and not ("p" in options and status.kind == "directory"):
        return entry.name
    marks = {"directory": "/", "symlink": "@", "fifo": "|", "socket": "="}
    executable = "*" if status.kind == "file" and status.mode & 0o111 else ""
    del invocation
    return entry.name + marks.get(status.kind, executable)


def _long(invocation: Invocation, options: Options, entries: list[_Entry]) -> None:
    system = invocation.system
    rows = []
    for entry in entries:
        status = entry.status
        user = str(status.uid) if "n" in options else user_name(system, status.uid)
        group = str(status.gid) if "n" in options else group_name(system, status.gid)
        size = human(status.size) if "h" in options else str(status.size)
        if status.kind == "character":
            size = f"{status.special[0]}, {status.special[1]}"
        name = _decorated(invocation, entry, options)
        if status.kind == "symlink":
            name = f"{entry.name} -> {system.readlink(entry.path)}"
        inode = f"{status.inode} " if "i" in options else ""
        mode = inode + mode_text(status.kind, status.mode)
        moment = listing_time(status.mtime_ms, system.now_ms)
        rows.append((mode, str(status.links), user, group, size, moment, name))
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    for mode, links, user, group, size, moment, name in rows:
        invocation.line(
            f"{mode.ljust(widths[0])} {links.rjust(widths[1])} {user.ljust(widths[2])} "
            f"{group.ljust(widths[3])} {size.rjust(widths[4])} {moment} {name}"
        )


def _blocks(status: FileStatus) -> int:
    return -(-status.size // 4096) * 4 if status.kind in ("file", "directory") else 0


COMMAND = Command("ls", run)
