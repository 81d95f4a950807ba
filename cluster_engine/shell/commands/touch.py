"""touch: makes files, or makes them new."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.options import parse


def run(invocation: Invocation) -> int:
    """Set the time of each file to now, making those that are missing (not with -c)."""
    options, operands = parse(invocation, "camf", "drt", {"no-create": "c", "date": "d"})
    if not operands:
        raise UsageError("missing file operand\nTry 'touch --help' for more information.")
    code = 0
    for path in operands:
        try:
            if invocation.system.exists(path):
                invocation.system.utime(path)
            elif "c" not in options:
                invocation.system.write_file(path, b"")
        except Errno as error:
            invocation.complain(f"cannot touch '{path}': {error.text}")
            code = 1
    return code


COMMAND = Command("touch", run)
