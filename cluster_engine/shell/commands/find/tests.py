"""The tests of find: what they ask of a file."""

from __future__ import annotations

import fnmatch
import re

from cluster_engine.runtime.system import FileStatus, System
from cluster_engine.shell.commands.accounts import entries, find_group, find_user
from cluster_engine.shell.commands.command import UsageError
from cluster_engine.shell.commands.dates import parse_date
from cluster_engine.shell.commands.find.expression import Test
from cluster_engine.shell.commands.patterns import Pattern, compile_pattern
from cluster_engine.shell.commands.sizes import parse_mode

_KINDS = {
    "f": "file",
    "d": "directory",
    "l": "symlink",
    "c": "character",
    "p": "fifo",
    "s": "socket",
}
_SIZES = {"c": 1, "w": 2, "b": 512, "k": 1024, "M": 1024**2, "G": 1024**3}
_SIZE = re.compile(r"([+-]?)(\d{1,15})([cwbkMG]?)")
_NUMBER = re.compile(r"([+-]?)(\d{1,15})(?:\.\d*)?")
_MINUTE_MS, _DAY_MS = 60_000, 86_400_000


class Tester:
    """Decides tests. What they compare with is looked up once."""

    def __init__(self, regex_type: str) -> None:
        self._regex_type = regex_type
        self._patterns: dict[tuple[str, str], Pattern] = {}

    def holds(self, system: System, test: Test, path: str, status: FileStatus) -> bool:
        """Whether the test holds. Raises UsageError, Errno."""
        name, value = test.name, test.value
        if name in ("-true", "-false"):
            return name == "-true"
        if name.endswith(("name", "path")):
            return self._is_named(system, name, value, path, status)
        if name.endswith("regex"):
            return self._pattern(name, value).fullmatch(path) is not None
        if name == "-type":
            return status.kind in [_KINDS.get(letter, "") for letter in value.split(",")]
        if name == "-empty":
            if status.kind == "directory":
                return not system.list_directory(path)
            return status.kind == "file" and status.size == 0
        if name in ("-readable", "-writable", "-executable"):
            return system.access(path, {"-readable": 4, "-writable": 2, "-executable": 1}[name])
        if name == "-perm":
            return _has_mode(status, value)
        if name.startswith("-newer"):
            return status.mtime_ms > _time_of(system, name, value)
        if name == "-samefile":
            other = system.stat(value)
            return (status.inode, status.device) == (other.inode, other.device)
        if name in ("-user", "-group", "-nouser", "-nogroup"):
            return _is_owned(system, name, value, status)
        return _compares(system, name, value, status)

    def _is_named(
        self, system: System, name: str, value: str, path: str, status: FileStatus
    ) -> bool:
        if name == "-lname":
            return status.kind == "symlink" and fnmatch.fnmatchcase(system.readlink(path), value)
        text = path
        if name in ("-name", "-iname"):
            text = path.rstrip("/").rpartition("/")[2] or path[:1]
        if name.startswith("-i"):
            text, value = text.lower(), value.lower()
        return fnmatch.fnmatchcase(text, value)

    def _pattern(self, name: str, value: str) -> Pattern:
        known = self._patterns.get((name, value))
        if known is None:
            is_extended = "extended" in self._regex_type or self._regex_type in ("awk", "egrep")
            text = value if is_extended or "basic" in self._regex_type else _from_emacs(value)
            known = compile_pattern(text, is_extended=is_extended, ignores_case=name == "-iregex")
            self._patterns[(name, value)] = known
        return known


def _from_emacs(pattern: str) -> str:
    """A basic expression: Emacs' + and ? are operators without a backslash."""
    return re.sub(r"(\\.)|([+?])", lambda found: found[1] or f"\\{found[2]}", pattern)


def _has_mode(status: FileStatus, value: str) -> bool:
    kind = value[:1] if value[:1] in "-/+" else ""
    try:
        wanted = parse_mode(value[len(kind) :], 0, status.kind == "directory")
    except UsageError:
        raise UsageError(f"invalid mode '{value}'") from None
    if kind == "-":
        return status.mode & wanted == wanted
    if kind:
        return not wanted or bool(status.mode & wanted)
    return status.mode == wanted


def _time_of(system: System, name: str, value: str) -> int:
    if name == "-newermt":
        found = parse_date(value, system.now_ms)
        if found is None:
            raise UsageError(f"I cannot figure out how to interpret '{value}' as a date or time")
        return found
    return system.stat(value).mtime_ms


def _is_owned(system: System, name: str, value: str, status: FileStatus) -> bool:
    if name in ("-nouser", "-nogroup"):
        file, number = ("passwd", status.uid) if name == "-nouser" else ("group", status.gid)
        return all(entry[2] != str(number) for entry in entries(system, file))
    if name == "-user":
        found = find_user(system, value)
        if found is None:
            raise UsageError(f"'{value}' is not the name of a known user")
        return status.uid == found[0]
    group = find_group(system, value)
    if group is None:
        raise UsageError(f"'{value}' is not the name of an existing group")
    return status.gid == group


def _compares(system: System, name: str, value: str, status: FileStatus) -> bool:
    if name == "-size":
        found = _SIZE.fullmatch(value)
        if found is None:
            raise UsageError(f"Invalid argument `{value}' to -size")
        held = -(-status.size // _SIZES[found[3] or "b"])
    else:
        found = _NUMBER.fullmatch(value)
        if found is None:
            raise UsageError(f"invalid argument `{value}' to `{name}'")
        age_ms = system.now_ms - status.mtime_ms
        held = {
            "-links": status.links,
            "-inum": status.inode,
            "-uid": status.uid,
            "-gid": status.gid,
        }.get(name, age_ms // _DAY_MS if name.endswith("time") else -(-age_ms // _MINUTE_MS))
    number = int(found[2])
    if found[1] == "+":
        return held > number
    return held < number if found[1] == "-" else held == number
