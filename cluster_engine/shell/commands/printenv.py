"""printenv: the environment."""

from __future__ import annotations

from cluster_engine.shell.commands.command import Command, Invocation


def run(invocation: Invocation) -> int:
    """Print all variables, or those named."""
    environment = invocation.system.environment
    names = invocation.arguments[1:]
    if not names:
        for name, text in environment.items():
            invocation.line(f"{name}={text}")
        return 0
    for name in names:
        if name in environment:
            invocation.line(environment[name])
    return 0 if all(name in environment for name in names) else 1


COMMAND = Command("printenv", run)
