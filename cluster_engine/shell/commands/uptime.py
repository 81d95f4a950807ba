"""uptime: since when the node runs."""

from __future__ import annotations

from cluster_engine.shell.commands.command import Command, Invocation
from cluster_engine.shell.commands.moments import moment
from cluster_engine.shell.commands.options import parse


def run(invocation: Invocation) -> int:
    """Print the time, how long the node is up, and its load."""
    options, _ = parse(invocation, "ps", "", {"pretty": "p", "since": "s"})
    system = invocation.system
    if "s" in options:
        invocation.line(moment(system.boot_ms).strftime("%Y-%m-%d %H:%M:%S"))
    elif "p" in options:
        invocation.line(f"up {_pretty(max(system.now_ms - system.boot_ms, 0) // 60_000)}")
    else:
        users = invocation.either("0 user", "0 users")
        line = f"{moment(system.now_ms):%H:%M:%S} up {since(system.now_ms - system.boot_ms)}"
        invocation.line(f" {line},  {users},  load average: {', '.join(load(invocation))}")
    return 0


def since(span_ms: int) -> str:
    """A span as uptime and top show it: "3 min", " 2:08", "1 day,  2:08"."""
    minutes = max(span_ms, 0) // 60_000
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    shown = f"{hours:2}:{minutes:02}" if hours else f"{minutes} min"
    return f"{days} day{'s' if days > 1 else ''}, {shown}" if days else shown


def load(invocation: Invocation) -> list[str]:
    """The three averages of /proc/loadavg."""
    return invocation.system.read_file("/proc/loadavg").decode().split()[:3]


def _pretty(minutes: int) -> str:
    parts: list[str] = []
    for name, size in (("week", 10_080), ("day", 1440), ("hour", 60), ("minute", 1)):
        count, minutes = divmod(minutes, size)
        if count or (name == "minute" and not parts):
            parts.append(f"{count} {name}{'' if count == 1 else 's'}")
    return ", ".join(parts)


COMMAND = Command("uptime", run)
