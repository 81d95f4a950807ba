"""mktemp: a file or folder with a name of its own."""

from __future__ import annotations

from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.options import parse

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"


def run(invocation: Invocation) -> int:
    """Make it and print its path."""
    long = {"directory": "d", "dry-run": "u", "quiet": "q", "tmpdir": "p"}
    options, operands = parse(invocation, "duqt", "p", long)
    template = operands[0] if operands else "tmp.XXXXXXXXXX"
    stem = template.rstrip("X")
    if len(template) - len(stem) < 3:
        raise UsageError(f"too few X's in template '{template}'")
    random = invocation.system.random(len(template) - len(stem))
    path = stem + "".join(_LETTERS[byte % len(_LETTERS)] for byte in random)
    folder = options.get("p") or invocation.system.environment.get("TMPDIR") or "/tmp"
    if not operands or "p" in options or "t" in options:
        path = f"{folder}/{path}"
    if "u" not in options:
        if "d" in options:
            invocation.system.mkdir(path, 0o700)
        else:
            invocation.system.write_file(path, b"", mode=0o600)
    invocation.line(path)
    return 0


COMMAND = Command("mktemp", run)
