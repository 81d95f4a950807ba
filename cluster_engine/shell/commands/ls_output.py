"""How ls shows what it has found: names in columns, or a line for each file."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import FileStatus
from cluster_engine.shell.commands.accounts import Accounts
from cluster_engine.shell.commands.columns import in_columns, in_rows
from cluster_engine.shell.commands.command import STDOUT, Invocation
from cluster_engine.shell.commands.moments import formatted, listing_time, moment
from cluster_engine.shell.commands.options import Options
from cluster_engine.shell.commands.sizes import human, mode_text

_MARKS = {"directory": "/", "symlink": "@", "fifo": "|", "socket": "="}
_GNU_COLORS = {
    "directory": "01;34",
    "symlink": "01;36",
    "fifo": "33",
    "socket": "01;35",
    "character": "01;33",
}
_BUSYBOX_COLORS = {
    "directory": "1;34",
    "symlink": "1;36",
    "file": "0;0",
    "fifo": "0;33",
    "socket": "1;35",
    "character": "1;33",
}
_PLAIN_NAME = re.compile(r"[\w@%+=:,./^~{}\[\]#-]+")
_STYLES = {
    "full-iso": "%Y-%m-%d %H:%M:%S.%N +0000",
    "long-iso": "%Y-%m-%d %H:%M",
    "iso": "%m-%d %H:%M",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A file as it is shown, where it is, and what is known of it."""

    name: str
    path: str
    status: FileStatus


class Listing:
    """Shows entries the way the options say."""

    def __init__(self, invocation: Invocation, options: Options, format_: str) -> None:
        self._invocation = invocation
        self._system = invocation.system
        self._options = options
        self._format = format_
        self._is_terminal = invocation.system.is_tty(STDOUT)
        self._is_colored = self._wants_color()
        self._accounts = Accounts(invocation.system)
        self._measured: list[Entry] = []

    @classmethod
    def of(cls, invocation: Invocation, options: Options) -> Listing:
        """What the options say about the form."""
        words = {"long": "l", "verbose": "l", "commas": "m", "across": "x", "vertical": "C"}
        words |= {"horizontal": "x", "single-column": "1"}
        if "format" in options:
            return cls(invocation, options, words.get(options["format"], "1"))
        if any(letter in options for letter in "lngo") or "full-time" in options:
            return cls(invocation, options, "l")
        usual = "C" if invocation.system.is_tty(STDOUT) else "1"
        return cls(invocation, options, options.last("1Cmx") or usual)

    def measure(self, entries: list[Entry]) -> None:
        """All of these count for how wide the first list's columns are."""
        self._measured = entries if self._format == "l" else []

    def show(self, entries: list[Entry], *, is_folder: bool = False) -> None:
        """Print them. A folder's list begins with its size."""
        options = self._options
        if is_folder and (self._format == "l" or "s" in options):
            blocks = sum(blocks_of(entry.status) for entry in entries)
            shown = self._size(blocks * 1024, blocks)
            if self._invocation.is_busybox and "h" in options:
                shown = shown.replace(".0", "").ljust(7)
            self._invocation.line(f"total {shown}")
        if not entries:
            return
        if self._format == "l":
            self._show_long(entries)
            return
        names = self._names(entries)
        columns, _ = self._system.window_size(STDOUT) if self._is_terminal else (80, 24)
        columns = options.count("w", columns) or columns
        if self._format == "m":
            self._invocation.line(_commas(names, columns))
        elif self._format == "1":
            for name in names:
                self._invocation.line(name)
        else:
            arranged = in_columns if self._format == "C" else in_rows
            self._invocation.say(arranged(names, columns, is_even=self._invocation.is_busybox))

    # Names

    def _names(self, entries: list[Entry]) -> list[str]:
        options = self._options
        shown = [self._name(entry) for entry in entries]
        if "s" in options:
            sizes = [blocks_of(entry.status) for entry in entries]
            cells = [self._size(size * 1024, size) for size in sizes]
            width = 6 if self._invocation.is_busybox else max(map(len, cells))
            shown = [f"{cell:>{width}} {name}" for cell, name in zip(cells, shown, strict=True)]
        if "i" in options:
            numbers = [str(entry.status.inode) for entry in entries]
            width = 7 if self._invocation.is_busybox else max(map(len, numbers))
            shown = [f"{n:>{width}} {name}" for n, name in zip(numbers, shown, strict=True)]
        quoted = [name for name in shown if name.startswith(("'", '"'))]
        if quoted and self._is_terminal and "Q" not in options:
            shown = [name if name in quoted else f" {name}" for name in shown]
        return shown

    def _name(self, entry: Entry) -> str:
        return self._colored(self._quoted(entry.name), entry.status) + self._mark(entry.status)

    def _quoted(self, name: str) -> str:
        if "Q" in self._options:
            return f'"{name}"'
        if not self._is_terminal or self._invocation.is_busybox or "N" in self._options:
            return name
        if _PLAIN_NAME.fullmatch(name) and name[0] not in "~#":
            return name
        return f'"{name}"' if "'" in name and '"' not in name else f"'{name}'"

    def _mark(self, status: FileStatus) -> str:
        if "F" in self._options:
            executable = "*" if status.kind == "file" and status.mode & 0o111 else ""
            return _MARKS.get(status.kind, executable)
        return "/" if "p" in self._options and status.kind == "directory" else ""

    def _wants_color(self) -> bool:
        wish = self._options.get("color")
        if wish is None:
            # BusyBox colors unless told not to.
            return self._invocation.is_busybox and self._is_terminal
        return wish in ("", "always", "yes", "force") or (wish != "never" and self._is_terminal)

    def _colored(self, text: str, status: FileStatus) -> str:
        if not self._is_colored:
            return text
        colors = _BUSYBOX_COLORS if self._invocation.is_busybox else _GNU_COLORS
        color = colors.get(status.kind, "")
        if status.kind == "file" and status.mode & 0o111:
            color = "1;32" if self._invocation.is_busybox else "01;32"
        if status.kind == "directory" and status.mode & 0o1002 == 0o1002:
            color = color if self._invocation.is_busybox else "30;42"
        if not color:
            return text
        return f"\x1b[{color}m{text}\x1b[{'' if self._invocation.is_busybox else '0'}m"

    # Lines

    def _show_long(self, entries: list[Entry]) -> None:
        rows = [self._row(entry) for entry in entries]
        others = [self._row(entry) for entry in self._measured]
        self._measured = []
        widths = [max(len(row[column]) for row in [*rows, *others]) for column in range(5)]
        if self._invocation.is_busybox:
            widths = [10, 4, 8, 8, 7 if "h" in self._options else 9]
        for row in rows:
            mode, links, user, group, size, when, name = row
            owners = f"{user.ljust(widths[2])} {group.ljust(widths[3])}"
            if "g" in self._options:
                owners = group.ljust(widths[3])
            if "o" in self._options or "G" in self._options:
                owners = "" if "g" in self._options else user.ljust(widths[2])
            owners += " " if owners else ""
            self._invocation.line(
                f"{mode} {links.rjust(widths[1])} {owners}{size.rjust(widths[4])} {when} {name}"
            )

    def _row(self, entry: Entry) -> tuple[str, str, str, str, str, str, str]:
        status, options = entry.status, self._options
        is_numeric = "n" in options
        user = str(status.uid) if is_numeric else self._accounts.user(status.uid)
        group = str(status.gid) if is_numeric else self._accounts.group(status.gid)
        size = self._size(status.size, status.size)
        if status.kind == "character":
            major, minor = status.special
            size = f"{major}, {minor:3}" if self._invocation.is_busybox else f"{major}, {minor}"
        name = self._name(entry)
        if status.kind == "symlink":
            name = self._colored(self._quoted(entry.name), status) + " -> " + self._target(entry)
        prefix = f"{status.inode:>7} " if "i" in options else ""
        prefix += f"{blocks_of(status):>6} " if "s" in options else ""
        if self._invocation.is_busybox:
            user, group = user[:8], group[:8]
        else:
            prefix = f"{prefix.strip()} " if prefix else ""
        mode = prefix + mode_text(status.kind, status.mode)
        return mode, str(status.links), user, group, size, self._time(status), name

    def _target(self, entry: Entry) -> str:
        try:
            return self._system.readlink(entry.path)
        except Errno:
            return "?"

    def _time(self, status: FileStatus) -> str:
        style = "full-iso" if "full-time" in self._options else self._options.get("time-style", "")
        template = style[1:] if style.startswith("+") else _STYLES.get(style)
        if template is None:
            return listing_time(status.mtime_ms, self._system.now_ms)
        return formatted(moment(status.mtime_ms), template)

    def _size(self, size: int, plain: int) -> str:
        return human(size) if "h" in self._options else str(plain)


def blocks_of(status: FileStatus) -> int:
    """What a file takes up, in KiB."""
    return -(-status.size // 4096) * 4 if status.kind in ("file", "directory") else 0


def _commas(names: list[str], columns: int) -> str:
    lines, line = [], ""
    for position, name in enumerate(names):
        piece = name + ("," if position < len(names) - 1 else "")
        if line and len(line) + len(piece) + 1 >= columns:
            lines.append(line)
            line = piece
        else:
            line = f"{line} {piece}" if line else piece
    return "\n".join([*lines, line])
