"""true: succeeds."""

from __future__ import annotations

from cluster_engine.shell.commands.command import Command, Invocation


def run(invocation: Invocation) -> int:
    """Do nothing, well."""
    del invocation
    return 0


COMMAND = Command("true", run)
