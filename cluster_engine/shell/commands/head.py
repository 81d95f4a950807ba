"""head: the beginning of files."""

from __future__ import annotations

from cluster_engine.shell.commands.command import Command, Invocation
from cluster_engine.shell.commands.options import parse
from cluster_engine.shell.commands.sizes import parse_count


def run(invocation: Invocation) -> int:
    """Print the first lines (-n) or bytes (-c) of each file."""
    invocation.arguments = old_style(invocation.arguments)
    long = {"lines": "n", "bytes": "c", "quiet": "q", "verbose": "v"}
    options, files = parse(invocation, "qv", "nc", long)
    code = 0
    names = files or ["-"]
    for position, name in enumerate(names):
        found = invocation.inputs([name])
        if not found:
            code = 1
            continue
        content = found[0][1]
        if (len(names) > 1 and "q" not in options) or "v" in options:
            title = "standard input" if name == "-" else name
            invocation.say(("\n" if position else "") + f"==> {title} <==\n")
        if "c" in options:
            count = parse_count(options["c"], "number of bytes")
            invocation.say(content[:count])
            continue
        count = parse_count(options.get("n", "10"), "number of lines")
        lines = content.splitlines(keepends=True)
        invocation.say(b"".join(lines[:count] if count >= 0 else lines[: len(lines) + count]))
    return code


def old_style(arguments: list[str]) -> list[str]:
    """`-5` means `-n 5`."""
    result = arguments[:1]
    for word in arguments[1:]:
        is_number = len(word) > 1 and word[0] == "-" and word[1:].isdigit()
        result += ["-n", word[1:]] if is_number else [word]
    return result


COMMAND = Command("head", run)
