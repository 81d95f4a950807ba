"""Every program that the shell room brings: the commands, and the shells themselves.

`PROGRAMS` maps the name that an executable in an image carries to what makes its program.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from cluster_engine.runtime.program import Program
from cluster_engine.shell.commands.registry import PROGRAMS as COMMANDS
from cluster_engine.shell.starting import ash, bash, dash

#: Makes a program from its arguments.
Factory = Callable[[list[str]], Program]

SHELLS: Mapping[str, Factory] = MappingProxyType(
    {"bash": bash, "rbash": bash, "dash": dash, "sh": dash, "ash": ash}
)


def busybox(arguments: list[str]) -> Program:
    """One executable for many applets: `busybox ls`, or a link named after the applet."""
    name = arguments[0].rpartition("/")[2].lstrip("-")
    if name == "busybox":
        arguments = arguments[1:] or ["echo", _BANNER]
        name = arguments[0].rpartition("/")[2]
    if name in ("sh", "ash"):
        return ash(arguments)
    factory = COMMANDS.get(f"busybox-{name}") or COMMANDS.get(name)
    if factory is None:
        return COMMANDS["echo"](["echo", f"{name}: applet not found"])
    return factory(arguments)


_BANNER = (
    "BusyBox v1.37.0 (2026-01-20 00:00:00 UTC) multi-call binary.\n\n"
    "Usage: busybox [function [arguments]...]"
)

PROGRAMS: Mapping[str, Factory] = MappingProxyType({**COMMANDS, **SHELLS, "busybox": busybox})
