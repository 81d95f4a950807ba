"""uptime: since when the node runs."""

from __future__ import annotations

from cluster_engine.shell.commands.command import Command, Invocation
from cluster_engine.shell.commands.moments import moment


def run(invocation: Invocation) -> int:
    """Print the time, how long the node is up, and its load."""
    system = invocation.system
    minutes = max(system.now_ms - system.boot_ms, 0) // 60_000
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    up = f"{hours}:{minutes:02d}" if hours else f"{minutes} min"
    if days:
        up = f"{days} day{'s' if days > 1 else ''}, {up}"
    clock = moment(system.now_ms).strftime("%H:%M:%S")
    invocation.line(f" {clock} up {up},  0 users,  load average: 0.05, 0.03, 0.01")
    return 0


COMMAND = Command("uptime", run)
