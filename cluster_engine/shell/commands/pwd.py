"""pwd: where am I."""

from __future__ import annotations

from cluster_engine.shell.commands.command import Command, Invocation


def run(invocation: Invocation) -> int:
    """Print the working directory."""
    invocation.line(invocation.system.cwd)
    return 0


COMMAND = Command("pwd", run)
