"""readlink and realpath: where a link leads."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.options import parse


def run(invocation: Invocation) -> int:
    """Print the target; -f (and realpath) the path without any link."""
    options, operands = parse(invocation, "femnqsz", "", {"canonicalize": "f"})
    if not operands:
        raise UsageError(f"missing operand\nTry '{invocation.name} --help' for more information.")
    is_full = invocation.name == "realpath" or any(letter in options for letter in "fem")
    code = 0
    for path in operands:
        try:
            invocation.line(_resolve(invocation, path) if is_full else _target(invocation, path))
        except Errno as error:
            if invocation.name == "realpath":
                invocation.complain(f"{path}: {error.text}")
            code = 1
    return code


def _target(invocation: Invocation, path: str) -> str:
    return invocation.system.readlink(path)


def _resolve(invocation: Invocation, path: str) -> str:
    """The last part may be missing."""
    try:
        return invocation.system.realpath(path)
    except Errno as error:
        head, _, name = path.rstrip("/").rpartition("/")
        if error.name != "ENOENT" or not name:
            raise
        folder = invocation.system.realpath(head or ("/" if path.startswith("/") else "."))
        return f"{folder.rstrip('/')}/{name}"


COMMAND = Command("readlink", run)
