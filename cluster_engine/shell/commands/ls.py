"""ls: what a folder holds."""

from __future__ import annotations

import fnmatch
import re

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.ls_output import Entry, Listing
from cluster_engine.shell.commands.options import Options, parse

_LONG = {
    "all": "a",
    "almost-all": "A",
    "ignore-backups": "B",
    "directory": "d",
    "dereference": "L",
    "dereference-command-line": "H",
    "human-readable": "h",
    "si": "h",
    "inode": "i",
    "ignore": "I",
    "literal": "N",
    "no-group": "G",
    "numeric-uid-gid": "n",
    "quote-name": "Q",
    "recursive": "R",
    "reverse": "r",
    "size": "s",
    "classify": "F?",
    "file-type": "p",
    "full-time": "full-time",
    "indicator-style": "indicator-style=",
    "color": "color?",
    "format": "format=",
    "sort": "sort=",
    "time": "time=",
    "time-style": "time-style=",
    "width": "w",
    "group-directories-first": "group-directories-first",
    "show-control-chars": "N",
}
_FLAGS = "aAbBcCdfFgGhHiklLmnNopqQrRsStuUvxX1"
_DEPTH_MAX = 50
_ENTRIES_MAX = 50_000
_SORTS = {"none": "U", "size": "S", "time": "t", "version": "v", "extension": "X", "name": ""}


def run(invocation: Invocation) -> int:
    """List files, then folders."""
    code = 1 if invocation.is_busybox else 2
    options, operands = parse(invocation, _FLAGS, "wIT", _LONG, code=code)
    if options.get("sort", "none") not in _SORTS:
        raise UsageError(f"invalid argument '{options['sort']}' for '--sort'", 2, has_hint=True)
    listing = Listing.of(invocation, options)
    walk = _Walk(invocation, options, listing, code)
    walk.start(operands or ["."])
    return walk.code


class _Walk:
    """Goes through the operands, and with -R below them."""

    def __init__(
        self, invocation: Invocation, options: Options, listing: Listing, trouble: int
    ) -> None:
        self.code = 0
        self._invocation = invocation
        self._system = invocation.system
        self._options = options
        self._listing = listing
        self._trouble = trouble
        self._has_printed = False
        self._seen = 0

    def start(self, operands: list[str]) -> None:
        """Files first, then what folders hold."""
        files: list[Entry] = []
        folders: list[Entry] = []
        for path in operands:
            entry = self._entry(path, path, is_operand=True)
            if entry is None:
                self.code = self._trouble
            elif entry.status.kind == "directory" and "d" not in self._options:
                folders.append(entry)
            else:
                files.append(entry)
        self._listing.measure([*files, *folders])
        if files:
            self._listing.show(self._sorted(files))
            self._has_printed = True
        has_titles = len(operands) > 1 or "R" in self._options
        for folder in self._sorted(folders):
            self._folder(folder.path, has_titles, 0)

    def _folder(self, path: str, has_title: bool, depth: int) -> None:
        try:
            names = self._system.list_directory(path)
        except Errno as error:
            text = f"cannot open directory '{path}': {error.text}"
            self._invocation.complain(
                self._invocation.either(text, f"can't open '{path}': {error.text}")
            )
            self.code = self._trouble
            return
        if has_title:
            self._invocation.line(("\n" if self._has_printed else "") + f"{path}:")
        self._has_printed = True
        base = path.rstrip("/")
        found = [self._entry(name, f"{base}/{name}") for name in self._chosen(names)]
        entries = self._sorted([entry for entry in found if entry is not None])
        self._seen += len(entries)
        self._listing.show(entries, is_folder=True)
        if "R" not in self._options or depth >= _DEPTH_MAX or self._seen > _ENTRIES_MAX:
            return
        for entry in entries:
            if entry.status.kind == "directory" and entry.name not in (".", ".."):
                self._folder(entry.path, True, depth + 1)

    def _chosen(self, names: list[str]) -> list[str]:
        options = self._options
        if "a" in options or "f" in options:
            names = [".", "..", *names]
        elif "A" not in options:
            names = [name for name in names if not name.startswith(".")]
        if "B" in options:
            names = [name for name in names if not name.endswith("~")]
        for wish in options.all("I"):
            names = [name for name in names if not fnmatch.fnmatchcase(name, wish)]
        return names

    def _entry(self, name: str, path: str, *, is_operand: bool = False) -> Entry | None:
        options = self._options
        is_long = any(letter in options for letter in "lngoFd")
        follows = "L" in options or (is_operand and ("H" in options or not is_long))
        try:
            if follows or path.endswith("/"):
                try:
                    return Entry(name, path, self._system.stat(path))
                except Errno as error:
                    if error.name != "ENOENT" or "L" in options:
                        raise
            return Entry(name, path, self._system.lstat(path))
        except Errno as error:
            text = f"cannot access '{path}': {error.text}"
            self._invocation.complain(self._invocation.either(text, f"{path}: {error.text}"))
            self.code = 1 if not is_operand else self._trouble
            return None

    def _sorted(self, entries: list[Entry]) -> list[Entry]:
        options = self._options
        order = options.last("tSXvUf")
        order = _SORTS.get(options.get("sort", ""), order) if "sort" in options else order
        if order in ("U", "f") and order:
            return entries
        ordered = sorted(entries, key=lambda entry: entry.name)
        if order == "t":
            ordered.sort(key=lambda entry: -entry.status.mtime_ms)
        elif order == "S":
            ordered.sort(key=lambda entry: -entry.status.size)
        elif order == "X":
            ordered.sort(
                key=lambda entry: entry.name.rpartition(".")[2] if "." in entry.name else ""
            )
        elif order == "v":
            ordered.sort(key=_version)
        if "r" in options:
            ordered.reverse()
        if "group-directories-first" in options:
            ordered.sort(key=lambda entry: entry.status.kind != "directory")
        return ordered


def _extension(entry: Entry) -> str:
    return entry.name.rpartition(".")[2] if "." in entry.name else ""


def _version(entry: Entry) -> list[tuple[int, int, str]]:
    parts = re.split(r"(\d+)", entry.name)
    return [(1, int(part), "") if part.isdigit() else (0, 0, part) for part in parts]


COMMAND = Command("ls", run)
