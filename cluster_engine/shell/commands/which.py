"""which: where a command is."""

from __future__ import annotations

from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.options import parse


def run(invocation: Invocation) -> int:
    """Print the path of each command; -a all of them."""
    options, names = parse(invocation, "as")
    if not names and invocation.is_busybox:
        raise UsageError("", has_hint=True)
    code = 0 if names else 1
    for name in names:
        found = _all(invocation, name) if "a" in options else _first(invocation, name)
        code = code if found else 1
        for path in found:
            invocation.line(path)
    return code


def _first(invocation: Invocation, name: str) -> list[str]:
    found = invocation.system.find_program(name)
    return [found] if found is not None else []


def _all(invocation: Invocation, name: str) -> list[str]:
    folders = invocation.system.environment.get("PATH", "").split(":")
    paths = [f"{folder.rstrip('/')}/{name}" for folder in folders if folder]
    return [path for path in paths if invocation.system.access(path, 1)]


COMMAND = Command("which", run)
