"""false: fails."""

from __future__ import annotations

from cluster_engine.shell.commands.command import Command, Invocation


def run(invocation: Invocation) -> int:
    """Do nothing, unsuccessfully."""
    del invocation
    return 1


COMMAND = Command("false", run)
