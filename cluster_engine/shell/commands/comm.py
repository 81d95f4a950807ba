"""comm and join: two sorted files."""

from __future__ import annotations

from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.options import parse


def run(invocation: Invocation) -> int:
    """Print lines only in the first, only in the second, and in both, in three columns."""
    options, files = parse(invocation, "123")
    if len(files) != 2:
        raise UsageError("missing operand\nTry 'comm --help' for more information.")
    contents = [invocation.stdin if name == "-" else invocation.read(name) for name in files]
    if contents[0] is None or contents[1] is None:
        return 1
    one, other = (
        content.decode("utf-8", "surrogateescape").splitlines()
        for content in contents
        if content is not None
    )
    gaps = ["" if "1" in options else "\t", "" if "2" in options else "\t"]
    while one or other:
        if one and (not other or one[0] < other[0]):
            _print(invocation, "1", options, "", one.pop(0))
        elif other and (not one or other[0] < one[0]):
            _print(invocation, "2", options, gaps[0], other.pop(0))
        else:
            other.pop(0)
            _print(invocation, "3", options, "".join(gaps), one.pop(0))
    return 0


def _print(
    invocation: Invocation, column: str, options: dict[str, str], gap: str, line: str
) -> None:
    if column not in options:
        invocation.line(gap + line)


COMMAND = Command("comm", run)
