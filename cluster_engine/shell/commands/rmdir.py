"""rmdir: removes empty folders."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.options import parse


def run(invocation: Invocation) -> int:
    """Remove each folder; -p its empty parents too."""
    options, operands = parse(invocation, "pv", "", {"parents": "p"})
    if not operands:
        raise UsageError("missing operand\nTry 'rmdir --help' for more information.")
    code = 0
    for path in operands:
        parts = path.rstrip("/").split("/")
        ends = range(len(parts), 0, -1) if "p" in options else (len(parts),)
        for end in ends:
            part = "/".join(parts[:end])
            if not part:
                break
            try:
                invocation.system.rmdir(part)
            except Errno as error:
                invocation.complain(f"failed to remove '{part}': {error.text}")
                code = 1
                break
    return code


COMMAND = Command("rmdir", run)
