"""dirname: a path without its last part."""

from __future__ import annotations

from cluster_engine.shell.commands.command import Command, Invocation, UsageError


def run(invocation: Invocation) -> int:
    """Print the folder of each path."""
    operands = invocation.arguments[1:]
    if not operands:
        raise UsageError("missing operand\nTry 'dirname --help' for more information.")
    for path in operands:
        head = path.rstrip("/").rpartition("/")[0].rstrip("/")
        invocation.line(head or ("/" if path.startswith("/") else "."))
    return 0


COMMAND = Command("dirname", run)
