"""rm: removes files and folders."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.options import parse


def run(invocation: Invocation) -> int:
    """Remove each path; -r with all below, -f without complaining."""
    long = {"recursive": "r", "force": "f", "verbose": "v", "dir": "d"}
    options, operands = parse(invocation, "rRfvdiI", "", long)
    is_forced = "f" in options
    if not operands and not is_forced:
        raise UsageError("missing operand\nTry 'rm --help' for more information.")
    code = 0
    for path in operands:
        if path.rstrip("/").rpartition("/")[2] in (".", ".."):
            text = f"refusing to remove '.' or '..' directory: skipping '{path}'"
            invocation.complain(text)
            code = 1
        elif not _remove(invocation, path, options):
            code = 1
    return code


def _remove(invocation: Invocation, path: str, options: dict[str, str]) -> bool:
    system = invocation.system
    try:
        kind = system.lstat(path).kind
    except Errno as error:
        if "f" in options and error.name in ("ENOENT", "ENOTDIR"):
            return True
        invocation.complain(f"cannot remove '{path}': {error.text}")
        return False
    is_deep = "r" in options or "R" in options
    if kind == "directory" and not is_deep and "d" not in options:
        invocation.complain(f"cannot remove '{path}': Is a directory")
        return False
    try:
        if kind != "directory":
            system.unlink(path)
        else:
            good = True
            if is_deep:
                for name in system.list_directory(path):
                    good = _remove(invocation, f"{path.rstrip('/')}/{name}", options) and good
            if not good:
                return False
            system.rmdir(path)
    except Errno as error:
        invocation.complain(f"cannot remove '{path}': {error.text}")
        return False
    if "v" in options:
        words = "removed directory" if kind == "directory" else "removed"
        invocation.line(f"{words} '{path}'")
    return True


COMMAND = Command("rm", run)
