"""ln: makes links."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.options import parse


def run(invocation: Invocation) -> int:
    """Link the target under a name; -s symbolically, -f in place of what is there."""
    long = {"symbolic": "s", "force": "f", "no-dereference": "n", "verbose": "v"}
    options, operands = parse(invocation, "sfnvT", "", long)
    if not operands:
        raise UsageError("missing file operand\nTry 'ln --help' for more information.")
    target = operands[0]
    name = operands[1] if len(operands) > 1 else target.rstrip("/").rpartition("/")[2]
    system = invocation.system
    try:
        if "n" not in options and system.exists(name) and system.stat(name).kind == "directory":
            name = f"{name.rstrip('/')}/{target.rstrip('/').rpartition('/')[2]}"
        if "f" in options:
            _drop(invocation, name)
        if "s" in options:
            system.symlink(target, name)
        else:
            system.link(target, name)
    except Errno as error:
        kind = "symbolic link" if "s" in options else "hard link"
        text = f"failed to create {kind} '{name}': {error.text}"
        if error.name == "ENOENT" and "s" not in options:
            text = f"failed to access '{target}': {error.text}"
        invocation.complain(text)
        return 1
    return 0


def _drop(invocation: Invocation, name: str) -> None:
    try:
        invocation.system.unlink(name)
    except Errno as error:
        if error.name != "ENOENT":
            raise


COMMAND = Command("ln", run)
