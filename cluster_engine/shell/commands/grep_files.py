"""Which files grep -r reads."""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass, field

from cluster_engine.runtime.system import System
from cluster_engine.shell.commands.options import Options

_DEPTH_MAX = 64


@dataclass(slots=True)
class Selection:
    """Names to take and to leave out; and the places found below others, with their depth."""

    included: list[str] = field(default_factory=list)
    excluded: list[str] = field(default_factory=list)
    excluded_folders: list[str] = field(default_factory=list)
    nested: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, options: Options) -> Selection:
        """What the options say."""
        return cls(options.all("include"), options.all("exclude"), options.all("exclude-dir"))

    def takes_file(self, path: str) -> bool:
        """Whether a file is to be read."""
        name = path.rpartition("/")[2]
        if any(fnmatch.fnmatchcase(name, wish) for wish in self.excluded):
            return False
        return not self.included or any(fnmatch.fnmatchcase(name, wish) for wish in self.included)

    def takes_folder(self, path: str) -> bool:
        """Whether a folder is to be looked into."""
        name = path.rstrip("/").rpartition("/")[2]
        return not any(fnmatch.fnmatchcase(name, wish) for wish in self.excluded_folders)


def children(
    system: System, path: str, selection: Selection, is_nested: bool, follows: bool
) -> list[str] | None:
    """What a folder holds; None when `path` is a file to be read, [] when it is to be skipped.

    The folder "" is the working directory; names in it are shown without it. Raises Errno.
    """
    if path == "-":
        return None
    if is_nested and not follows:
        status = system.lstat(path)
        if status.kind not in ("file", "directory"):
            return []
    else:
        status = system.stat(path or ".")
    if status.kind != "directory":
        is_readable = not is_nested or status.kind == "file"
        return None if is_readable and selection.takes_file(path) else []
    if is_nested and not selection.takes_folder(path):
        return []
    depth = path.count("/")
    if depth > _DEPTH_MAX:
        return []
    base = f"{path.rstrip('/')}/" if path else ""
    found = [base + name for name in system.list_directory(path or ".")]
    selection.nested.update(dict.fromkeys(found, depth))
    return found
