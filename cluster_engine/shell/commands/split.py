"""split: a file in pieces."""

from __future__ import annotations

from cluster_engine.shell.commands.command import Command, Invocation
from cluster_engine.shell.commands.options import parse
from cluster_engine.shell.commands.sizes import parse_count

_PIECES_MAX = 676


def run(invocation: Invocation) -> int:
    """Write pieces of -l lines or -b bytes as xaa, xab, …"""
    options, operands = parse(invocation, "d", "lba", {"lines": "l", "bytes": "b"})
    source = operands[0] if operands else "-"
    prefix = operands[1] if len(operands) > 1 else "x"
    found = invocation.inputs([source])
    if not found:
        return 1
    content = found[0][1]
    if "b" in options:
        size = max(parse_count(options["b"]), 1)
        pieces = [content[at : at + size] for at in range(0, len(content), size)]
    else:
        size = max(parse_count(options.get("l", "1000")), 1)
        lines = content.splitlines(keepends=True)
        pieces = [b"".join(lines[at : at + size]) for at in range(0, len(lines), size)]
    for number, piece in enumerate(pieces[:_PIECES_MAX]):
        letters = chr(97 + number // 26) + chr(97 + number % 26)
        suffix = f"{number:02}" if "d" in options else letters
        invocation.system.write_file(prefix + suffix, piece)
    return 0


COMMAND = Command("split", run)
