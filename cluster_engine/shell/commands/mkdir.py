"""mkdir: makes folders."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.options import parse
from cluster_engine.shell.commands.sizes import parse_mode


def run(invocation: Invocation) -> int:
    """Make each folder; -p its parents too."""
    long = {"parents": "p", "verbose": "v", "mode": "m"}
    options, operands = parse(invocation, "pv", "m", long)
    if not operands:
        raise UsageError("missing operand\nTry 'mkdir --help' for more information.")
    code = 0
    for path in operands:
        try:
            made = _make(invocation, path, "p" in options)
            if "m" in options:
                invocation.system.chmod(path, parse_mode(options["m"], 0o777, True))
        except Errno as error:
            invocation.complain(f"cannot create directory '{path}': {error.text}")
            code = 1
            continue
        if "v" in options and made:
            invocation.line(f"{invocation.name}: created directory '{path}'")
    return code


def _make(invocation: Invocation, path: str, with_parents: bool) -> bool:
    system = invocation.system
    if not with_parents:
        system.mkdir(path)
        return True
    made = False
    parts = path.split("/")
    for end in range(1, len(parts) + 1):
        part = "/".join(parts[:end])
        if part and not system.exists(part):
            system.mkdir(part)
            made = True
    if system.stat(path).kind != "directory":
        raise Errno("EEXIST")
    return made


COMMAND = Command("mkdir", run)
