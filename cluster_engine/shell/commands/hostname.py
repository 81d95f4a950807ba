"""hostname: the pod's name."""

from __future__ import annotations

from cluster_engine.shell.commands.command import Command, Invocation


def run(invocation: Invocation) -> int:
    """Print the name, or with -i the address."""
    words = invocation.arguments[1:]
    if any(word in ("-i", "-I", "--ip-address", "--all-ip-addresses") for word in words):
        invocation.line(invocation.system.ip)
    elif words and not words[0].startswith("-"):
        invocation.complain("you must be root to change the host name")
        return 1
    else:
        invocation.line(invocation.system.hostname)
    return 0


COMMAND = Command("hostname", run)
