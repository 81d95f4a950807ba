"""basename: the last part of a path."""

from __future__ import annotations

from cluster_engine.shell.commands.command import Command, Invocation, UsageError


def run(invocation: Invocation) -> int:
    """Print the name, without the suffix when one is given."""
    operands = invocation.arguments[1:]
    if not operands:
        raise UsageError("missing operand\nTry 'basename --help' for more information.")
    name = operands[0].rstrip("/").rpartition("/")[2] or "/"
    suffix = operands[1] if len(operands) > 1 else ""
    if suffix and name.endswith(suffix) and name != suffix:
        name = name[: -len(suffix)]
    invocation.line(name)
    return 0


COMMAND = Command("basename", run)
