"""mkdir and rmdir: make folders, and remove empty ones."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.options import Options, parse
from cluster_engine.shell.commands.sizes import parse_mode


def run(invocation: Invocation) -> int:
    """Make each folder; -p its parents too."""
    long = {"parents": "p", "verbose": "v", "mode": "m"}
    options, operands = parse(invocation, "pv", "m", long)
    if not operands:
        raise UsageError("missing operand", has_hint=True)
    code = 0
    for path in operands:
        if not _make(invocation, path, options):
            code = 1
    return code


def _make(invocation: Invocation, path: str, options: Options) -> bool:
    system = invocation.system
    parts = path.rstrip("/").split("/") if "p" in options else [path]
    for end in range(1, len(parts) + 1):
        part = "/".join(parts[:end])
        is_last = end == len(parts)
        if not part:
            continue
        try:
            if "p" in options and system.exists(part):
                if system.stat(part).kind != "directory":
                    raise Errno("EEXIST" if is_last else "ENOTDIR")
                continue
            system.mkdir(part)
            if is_last and "m" in options:
                system.chmod(part, parse_mode(options["m"], 0o777, True))
        except Errno as error:
            verb = invocation.either("cannot", "can't")
            invocation.complain(f"{verb} create directory '{part}': {error.text}")
            return False
        if "v" in options:
            made = f"mkdir: created directory '{part}'"
            slash = "" if is_last else "/"
            invocation.line(invocation.either(made, f"created directory: '{part}{slash}'"))
    return True


def rmdir(invocation: Invocation) -> int:
    """Remove each folder; -p its empty parents too."""
    long = {"parents": "p", "verbose": "v", "ignore-fail-on-non-empty": "ignore"}
    options, operands = parse(invocation, "pv", "", long)
    if not operands:
        raise UsageError("missing operand", has_hint=True)
    code = 0
    for path in operands:
        parts = path.rstrip("/").split("/")
        ends = range(len(parts), 0, -1) if "p" in options else (len(parts),)
        for end in ends:
            part = "/".join(parts[:end]) if end < len(parts) else path
            if not part or not _remove(invocation, part, options):
                code = 1 if part else code
                break
    return 0 if "ignore" in options else code


def _remove(invocation: Invocation, path: str, options: Options) -> bool:
    if "v" in options:
        invocation.line(f"rmdir: removing directory, '{path}'")
    try:
        invocation.system.rmdir(path)
    except Errno as error:
        if error.name != "ENOTEMPTY" or "ignore" not in options:
            text = f"'{path}': {error.text}"
            invocation.complain(invocation.either(f"failed to remove {text}", text))
        return False
    return True


COMMAND = Command("mkdir", run)
RMDIR = Command("rmdir", rmdir)
