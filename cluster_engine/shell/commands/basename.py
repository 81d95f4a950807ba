"""basename and dirname: the last part of a path, and the rest."""

from __future__ import annotations

from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.options import parse


def run(invocation: Invocation) -> int:
    """Print the name, without the suffix when one is given; -a and -s: of several paths."""
    long = {"multiple": "a", "suffix": "s", "zero": "z"}
    options, operands = parse(invocation, "az", "s", long, stops_early=True)
    if not operands:
        raise UsageError("missing operand", has_hint=True)
    if "a" in options or "s" in options:
        names, suffix = operands, options.get("s", "")
    else:
        if len(operands) > 2:
            raise UsageError(f"extra operand '{operands[2]}'", has_hint=True)
        names, suffix = operands[:1], operands[1] if len(operands) > 1 else ""
    for path in names:
        invocation.line(base_name(path, suffix))
    return 0


def base_name(path: str, suffix: str = "") -> str:
    """The last part of a path."""
    name = path.rstrip("/").rpartition("/")[2] or ("/" if path else "")
    if suffix and name.endswith(suffix) and name != suffix:
        name = name[: -len(suffix)]
    return name


def dirname(invocation: Invocation) -> int:
    """Print the folder of each path."""
    _, operands = parse(invocation, "z")
    if not operands or (invocation.is_busybox and len(operands) > 1):
        raise UsageError("missing operand", has_hint=True)
    for path in operands:
        invocation.line(folder_name(path))
    return 0


def folder_name(path: str) -> str:
    """A path without its last part."""
    head = path.rstrip("/").rpartition("/")[0].rstrip("/")
    return head or ("/" if path.startswith("/") else ".")


COMMAND = Command("basename", run)
DIRNAME = Command("dirname", dirname)
