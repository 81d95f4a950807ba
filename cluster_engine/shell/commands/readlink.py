"""readlink and realpath: where a link leads."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.options import parse

_LINKS_MAX = 40
_LONG = {
    "canonicalize": "f",
    "canonicalize-existing": "e",
    "canonicalize-missing": "m",
    "no-newline": "n",
    "quiet": "q",
    "silent": "s",
    "verbose": "v",
    "zero": "z",
    "strip": "s",
    "no-symlinks": "s",
}


def run(invocation: Invocation) -> int:
    """Print the target; -f (and realpath) the path without any link."""
    options, operands = parse(invocation, "femnqsvzLP", "", _LONG)
    if not operands:
        raise UsageError("missing operand", has_hint=True)
    is_real = invocation.name == "realpath"
    is_full = is_real or any(letter in options for letter in "fem")
    mode = options.last("fem") or "f"
    if invocation.is_busybox and is_full:
        mode = "f" if not is_real else "e"
    code = 0
    for path in operands:
        try:
            text = resolve(invocation, path, mode) if is_full else invocation.system.readlink(path)
            has_end = "n" not in options or len(operands) > 1
            invocation.say(text + (("\0" if "z" in options else "\n") if has_end else ""))
        except Errno as error:
            if is_real or "v" in options:
                invocation.complain(f"{path}: {error.text}")
            code = 1
    return code


def resolve(invocation: Invocation, path: str, mode: str) -> str:
    """The path without links. "f": its last part may be missing, "e": nothing may, "m": all may.

    Raises Errno.
    """
    system = invocation.system
    place = path if path.startswith("/") else f"{system.cwd.rstrip('/')}/{path}"
    waiting = [part for part in place.split("/") if part not in ("", ".")]
    found, links = "", 0
    while waiting:
        part = waiting.pop(0)
        if part == "..":
            found = found.rpartition("/")[0]
            continue
        candidate = f"{found}/{part}"
        try:
            kind = system.lstat(candidate).kind
        except Errno as error:
            is_allowed = mode == "m" or (mode == "f" and not waiting)
            if (error.name != "ENOENT" or not is_allowed) and mode != "m":
                raise
            found = candidate
            continue
        if kind == "symlink":
            links += 1
            if links > _LINKS_MAX:
                raise Errno("ELOOP")
            target = system.readlink(candidate)
            found = "" if target.startswith("/") else found
            waiting = [part for part in target.split("/") if part not in ("", ".")] + waiting
            continue
        if waiting and kind != "directory" and mode != "m":
            raise Errno("ENOTDIR")
        found = candidate
    return found or "/"


COMMAND = Command("readlink", run)
