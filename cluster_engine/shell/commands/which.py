"""which: where a command is."""

from __future__ import annotations

from cluster_engine.shell.commands.command import Command, Invocation


def run(invocation: Invocation) -> int:
    """Print the path of each command."""
    code = 0
    for name in invocation.arguments[1:]:
        if name.startswith("-"):
            continue
        found = invocation.system.find_program(name)
        if found is None:
            code = 1
        else:
            invocation.line(found)
    return code


COMMAND = Command("which", run)
