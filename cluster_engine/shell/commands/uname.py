"""uname, arch and nproc: the machine."""

from __future__ import annotations

from cluster_engine.runtime.filesystem.proc import KERNEL_RELEASE, KERNEL_VERSION, NODE_CPUS
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.options import parse

RELEASE = KERNEL_RELEASE
_MACHINE = "x86_64"
_LONG = {
    "all": "a",
    "kernel-name": "s",
    "nodename": "n",
    "kernel-release": "r",
    "kernel-version": "v",
    "machine": "m",
    "processor": "p",
    "hardware-platform": "i",
    "operating-system": "o",
}


def run(invocation: Invocation) -> int:
    """Print parts of the kernel's name."""
    options, extra = parse(invocation, "asnrvmpio", "", _LONG)
    if extra:
        raise UsageError(f"extra operand '{extra[0]}'", has_hint=True)
    parts = {
        "s": "Linux",
        "n": invocation.system.hostname,
        "r": RELEASE,
        "v": KERNEL_VERSION,
        "m": _MACHINE,
        "p": "unknown",
        "i": "unknown",
        "o": "GNU/Linux",
    }
    wanted = "snrvmo" if "a" in options else "".join(options) or "s"
    invocation.line(" ".join(parts[letter] for letter in "snrvmpio" if letter in wanted))
    return 0


def nproc(invocation: Invocation) -> int:
    """Print how many processors there are: limits of the container do not change that."""
    options, _ = parse(invocation, "", "", {"all": "all", "ignore": "ignore="})
    invocation.line(str(max(NODE_CPUS - options.count("ignore", 0), 1)))
    return 0


def arch(invocation: Invocation) -> int:
    """Print the machine's kind."""
    invocation.line(_MACHINE)
    return 0


def sync(invocation: Invocation) -> int:
    """Everything is written already."""
    del invocation
    return 0


COMMAND = Command("uname", run)
COMMANDS = (COMMAND, Command("arch", arch), Command("nproc", nproc), Command("sync", sync))
