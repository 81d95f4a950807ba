"""cut: parts of lines."""

from __future__ import annotations

from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.options import parse

_LONG = {
    "delimiter": "d",
    "fields": "f",
    "characters": "c",
    "bytes": "b",
    "only-delimited": "s",
    "output-delimiter": "output-delimiter=",
}


def run(invocation: Invocation) -> int:
    """Print the chosen fields (-f) or characters (-c) of each line."""
    options, files = parse(invocation, "s", "dfcb", _LONG)
    wish = options.get("f") or options.get("c") or options.get("b")
    if wish is None:
        raise UsageError("you must specify a list of bytes, characters, or fields")
    ranges = _ranges(wish)
    delimiter = options.get("d", "\t")
    found = invocation.inputs(files)
    for _, content in found:
        for line in content.decode("utf-8", "surrogateescape").splitlines():
            if "f" not in options:
                invocation.line("".join(_chosen(list(line), ranges)))
            elif delimiter in line:
                joint = options.get("output-delimiter", delimiter)
                invocation.line(joint.join(_chosen(line.split(delimiter), ranges)))
            elif "s" not in options:
                invocation.line(line)
    return 0 if len(found) == len(files or ["-"]) else 1


def _ranges(wish: str) -> list[tuple[int, int]]:
    ranges = []
    for part in wish.split(","):
        start, dash, end = part.partition("-")
        try:
            first = int(start or 1)
            last = (int(end) if end else 10**9) if dash else first
        except ValueError:
            raise UsageError(f"invalid field value '{part}'") from None
        if first < 1 or last < first:
            raise UsageError("invalid decreasing range" if last < first else "invalid range")
        ranges.append((first, last))
    return ranges


def _chosen(parts: list[str], ranges: list[tuple[int, int]]) -> list[str]:
    return [
        part
        for position, part in enumerate(parts, 1)
        if any(first <= position <= last for first, last in ranges)
    ]


COMMAND = Command("cut", run)
