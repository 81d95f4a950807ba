"""uname: the kernel."""

from __future__ import annotations

from cluster_engine.shell.commands.command import Command, Invocation
from cluster_engine.shell.commands.options import parse

RELEASE = "6.1.0-40-amd64"


def run(invocation: Invocation) -> int:
    """Print parts of the kernel's name."""
    long = {"all": "a", "kernel-name": "s", "nodename": "n", "kernel-release": "r", "machine": "m"}
    options, _ = parse(invocation, "asnrvmpio", "", long)
    parts = {
        "s": "Linux",
        "n": invocation.system.hostname,
        "r": RELEASE,
        "v": "#1 SMP PREEMPT_DYNAMIC Debian 6.1.153-1 (2025-09-20)",
        "m": "x86_64",
        "p": "unknown",
        "i": "unknown",
        "o": "GNU/Linux",
    }
    wanted = "snrvmo" if "a" in options else "".join(options) or "s"
    invocation.line(" ".join(parts[letter] for letter in "snrvmpio" if letter in wanted))
    return 0


COMMAND = Command("uname", run)
