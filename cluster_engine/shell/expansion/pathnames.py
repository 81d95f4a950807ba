"""Pathname expansion: the files that a pattern matches, in order. Bounded."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import System
from cluster_engine.shell.expansion.pattern import compile_pattern, has_magic

PATHS_MAX = 10_000
DEPTH_MAX = 20


def find_paths(
    system: System, pattern: str, *, shows_hidden: bool = False, has_globstar: bool = False
) -> list[str]:
    """Paths that match, sorted; empty when none does."""
    parts = pattern.split("/")
    found = [""]
    if parts[0] == "" and len(parts) > 1:
        found, parts = ["/"], parts[1:]
    for position, part in enumerate(parts):
        is_last = position == len(parts) - 1
        if not part:
            found = [path if path.endswith("/") else f"{path}/" for path in found if path]
            continue
        following: list[str] = []
        for path in found:
            if has_globstar and part == "**":
                following += _below(system, path, 0, folders_only=not is_last)
            else:
                following += _matches(system, path, part, is_last, shows_hidden)
            if len(following) > PATHS_MAX:
                break
        found = following[:PATHS_MAX]
    return sorted(found, key=lambda path: (path.lower(), path)) if has_magic(pattern) else found


def _matches(system: System, above: str, part: str, is_last: bool, shows_hidden: bool) -> list[str]:
    prefix = above if not above or above.endswith("/") else f"{above}/"
    if not has_magic(part):
        path = prefix + _unescaped(part)
        return [path] if _exists(system, path) else []
    try:
        names = system.list_directory(above or ".")
    except Errno:
        return []
    compiled = compile_pattern(part)
    is_hidden_wanted = shows_hidden or part.startswith((".", "\\."))
    found = []
    for name in names:
        if name.startswith(".") and not is_hidden_wanted:
            continue
        if compiled.matches(name):
            path = prefix + name
            if is_last or _is_directory(system, path):
                found.append(path)
    system.work(len(names) // 4)
    return found


def _below(system: System, above: str, depth: int, *, folders_only: bool) -> list[str]:
    found = [above] if folders_only else []
    if depth > DEPTH_MAX:
        return found
    prefix = above if not above or above.endswith("/") else f"{above}/"
    try:
        names = system.list_directory(above or ".")
    except Errno:
        return found
    for name in names:
        if name.startswith("."):
            continue
        path = prefix + name
        if _is_directory(system, path):
            if not folders_only:
                found.append(path)
            found += _below(system, path, depth + 1, folders_only=folders_only)
        elif not folders_only:
            found.append(path)
        if len(found) > PATHS_MAX:
            break
    return found


def _exists(system: System, path: str) -> bool:
    try:
        system.lstat(path)
        return True
    except Errno:
        return False


def _is_directory(system: System, path: str) -> bool:
    try:
        return system.stat(path).kind == "directory"
    except Errno:
        return False


def _unescaped(part: str) -> str:
    result = ""
    at = 0
    while at < len(part):
        if part[at] == "\\" and at + 1 < len(part):
            at += 1
        result += part[at]
        at += 1
    return result
