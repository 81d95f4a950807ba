"""nproc, sync, arch and logger: a line or less."""

from __future__ import annotations

from cluster_engine.shell.commands.command import Command, Invocation

_NODE_CPUS = 4


def nproc(invocation: Invocation) -> int:
    """Print how many processors the container may use."""
    limit = invocation.system.cpu_limit_milli
    invocation.line(str(max(limit // 1000, 1) if limit else _NODE_CPUS))
    return 0


def sync(invocation: Invocation) -> int:
    """Everything is written already."""
    del invocation
    return 0


def arch(invocation: Invocation) -> int:
    """Print the machine's kind."""
    invocation.line("x86_64")
    return 0


COMMANDS = (Command("nproc", nproc), Command("sync", sync), Command("arch", arch))
