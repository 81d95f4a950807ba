"""rev, tac, nl, paste and fold: small changes to lines."""

from __future__ import annotations

from cluster_engine.shell.commands.command import Command, Invocation
from cluster_engine.shell.commands.options import parse


def _lines(invocation: Invocation, files: list[str]) -> list[list[str]]:
    found = invocation.inputs(files)
    return [content.decode("utf-8", "surrogateescape").splitlines() for _, content in found]


def rev(invocation: Invocation) -> int:
    """Print each line backwards."""
    for lines in _lines(invocation, invocation.arguments[1:]):
        for line in lines:
            invocation.line(line[::-1])
    return 0


def tac(invocation: Invocation) -> int:
    """Print the lines of each file from the last to the first."""
    for lines in _lines(invocation, invocation.arguments[1:]):
        for line in reversed(lines):
            invocation.line(line)
    return 0


def nl(invocation: Invocation) -> int:
    """Number the lines that are not empty (-b a: all)."""
    options, files = parse(invocation, "", "bwsvn")
    number = 0
    for lines in _lines(invocation, files):
        for line in lines:
            if line or options.get("b") == "a":
                number += 1
                invocation.line(f"{number:6}\t{line}")
            else:
                invocation.line("       " + line)
    return 0


def paste(invocation: Invocation) -> int:
    """Put the lines of files side by side; -s each file in one line."""
    options, files = parse(invocation, "s", "d", {"delimiters": "d", "serial": "s"})
    joint = options.get("d", "\t").replace("\\n", "\n").replace("\\t", "\t")
    columns = _lines(invocation, files)
    if "s" in options:
        for lines in columns:
            invocation.line(joint[:1].join(lines))
        return 0
    for number in range(max((len(lines) for lines in columns), default=0)):
        cells = [lines[number] if number < len(lines) else "" for lines in columns]
        invocation.line(joint[:1].join(cells))
    return 0


def fold(invocation: Invocation) -> int:
    """Break lines at a width; -s at spaces."""
    options, files = parse(invocation, "sb", "w", {"width": "w", "spaces": "s"})
    width = max(int(options.get("w", "80")), 1)
    for lines in _lines(invocation, files):
        for line in lines:
            while len(line) > width:
                at = line.rfind(" ", 0, width) + 1 if "s" in options else width
                at = at or width
                invocation.line(line[:at])
                line = line[at:]
            invocation.line(line)
    return 0


COMMANDS = (
    Command("rev", rev),
    Command("tac", tac),
    Command("nl", nl),
    Command("paste", paste),
    Command("fold", fold),
)
