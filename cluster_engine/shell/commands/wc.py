"""wc: lines, words and bytes."""

from __future__ import annotations

from cluster_engine.shell.commands.command import Command, Invocation
from cluster_engine.shell.commands.options import parse


def run(invocation: Invocation) -> int:
    """Count each file, and all of them when there are several."""
    long = {"lines": "l", "words": "w", "bytes": "c", "chars": "m", "max-line-length": "L"}
    options, files = parse(invocation, "lwcmL", "", long)
    wanted = [letter for letter in "lwmcL" if letter in options] or list("lwc")
    found = invocation.inputs(files)
    rows = [(_counts(content), name) for name, content in found]
    if len(files) > 1:
        totals = {letter: sum(row[0][letter] for row in rows) for letter in "lwmcL"}
        rows.append((totals, "total"))
    width = max((len(str(row[0][letter])) for row in rows for letter in wanted), default=1)
    is_table = len(wanted) > 1 or len(rows) > 1
    width = max(width, 0 if files else 7) if is_table else 1
    for counts, name in rows:
        numbers = " ".join(str(counts[letter]).rjust(width) for letter in wanted)
        invocation.line(numbers if name == "-" and not files else f"{numbers} {name}")
    return 0 if len(found) == len(files or ["-"]) else 1


def _counts(content: bytes) -> dict[str, int]:
    text = content.decode("utf-8", "replace")
    return {
        "l": content.count(b"\n"),
        "w": len(content.split()),
        "m": len(text),
        "c": len(content),
        "L": max((len(line) for line in text.split("\n")), default=0),
    }


COMMAND = Command("wc", run)
