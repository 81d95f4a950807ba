"""uniq: neighbouring lines that are alike, once."""

from __future__ import annotations

from cluster_engine.shell.commands.command import Command, Invocation
from cluster_engine.shell.commands.options import parse


def run(invocation: Invocation) -> int:
    """Print each run of equal lines once; -c with its length, -d or -u only some."""
    long = {"count": "c", "repeated": "d", "unique": "u", "ignore-case": "i"}
    options, files = parse(invocation, "cdui", "fsw", long)
    found = invocation.inputs(files[:1])
    if not found:
        return 1
    runs: list[tuple[str, int]] = []
    for line in found[0][1].decode("utf-8", "surrogateescape").splitlines():
        last = runs[-1][0] if runs else None
        is_same = last is not None and (
            line.lower() == last.lower() if "i" in options else line == last
        )
        if is_same:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        else:
            runs.append((line, 1))
    for line, count in runs:
        if ("d" in options and count < 2) or ("u" in options and count > 1):
            continue
        invocation.line(f"{count:7} {line}" if "c" in options else line)
    return 0


COMMAND = Command("uniq", run)
