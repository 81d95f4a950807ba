"""mktemp: a file or folder with a name of its own."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.options import parse

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_TRIES = 8


def run(invocation: Invocation) -> int:
    """Make it and print its path."""
    long = {
        "directory": "d",
        "dry-run": "u",
        "quiet": "q",
        "tmpdir": "tmpdir?",
        "suffix": "suffix=",
    }
    options, operands = parse(invocation, "duqt", "p", long)
    if len(operands) > 1:
        raise UsageError("too many templates", has_hint=True)
    usual = invocation.either("tmp.XXXXXXXXXX", "tmp.XXXXXX")
    template = operands[0] if operands else usual
    suffix = options.get("suffix", "")
    if not suffix and "X" in template:
        end = template.rindex("X") + 1
        template, suffix = template[:end], template[end:]
    stem = template.rstrip("X")
    count = len(template) - len(stem)
    if count < (6 if invocation.is_busybox else 3):
        gnu = f"too few X's in template '{template + suffix}'"
        raise UsageError(invocation.either(gnu, "(null): Invalid argument"))
    folder = options.get("p") or options.get("tmpdir", "")
    if not operands or "t" in options or "tmpdir" in options or "p" in options:
        folder = folder or invocation.system.environment.get("TMPDIR") or "/tmp"
        stem = f"{folder.rstrip('/')}/{stem}"
    for _ in range(_TRIES):
        random = invocation.system.random(count)
        path = stem + "".join(_LETTERS[byte % len(_LETTERS)] for byte in random) + suffix
        if not invocation.system.exists(path):
            break
    try:
        if "u" not in options:
            if "d" in options:
                invocation.system.mkdir(path, 0o700)
            else:
                invocation.system.write_file(path, b"", mode=0o600)
    except Errno as error:
        kind = "directory" if "d" in options else "file"
        shown = stem + "X" * count + suffix
        gnu = f"failed to create {kind} via template '{shown}': {error.text}"
        invocation.complain(invocation.either(gnu, f"{shown}: {error.text}"))
        return 1
    invocation.line(path)
    return 0


COMMAND = Command("mktemp", run)
