"""diff and cmp: how files differ."""

from __future__ import annotations

import difflib

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.moments import moment
from cluster_engine.shell.commands.options import parse

_LINES_MAX = 20_000


def run(invocation: Invocation) -> int:
    """Print the differences: plain, or -u unified; 0 when there are none."""
    long = {"unified": "u", "brief": "q", "recursive": "r", "ignore-all-space": "w"}
    options, files = parse(invocation, "uqrwbiNa", "U", long, code=2)
    if len(files) != 2:
        what = (
            f"missing operand after '{invocation.arguments[-1]}'"
            if len(files) < 2
            else f"extra operand '{files[2]}'"
        )
        raise UsageError(f"{what}\ndiff: Try 'diff --help' for more information.", 2)
    contents = [_lines(invocation, name) for name in files]
    if contents[0] is None or contents[1] is None:
        return 2
    before, after = contents[0], contents[1]
    if before == after:
        return 0
    if "q" in options:
        invocation.line(f"Files {files[0]} and {files[1]} differ")
    elif "u" in options or "U" in options:
        stamps = [_stamp(invocation, name) for name in files]
        around = int(options.get("U", "3"))
        lines = difflib.unified_diff(
            before, after, files[0], files[1], stamps[0], stamps[1], around, lineterm=""
        )
        for line in lines:
            invocation.line(line)
    else:
        _plain(invocation, before, after)
    return 1


def compare(invocation: Invocation) -> int:
    """cmp: print the first byte that differs."""
    options, files = parse(invocation, "sl", "n", {"silent": "s", "quiet": "s"}, code=2)
    if len(files) < 2:
        raise UsageError("missing operand", 2)
    contents = [invocation.read(name) for name in files[:2]]
    one, other = contents
    if one is None or other is None:
        return 2
    if one == other:
        return 0
    at = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), None)
    if "s" not in options:
        if at is None:
            shorter = files[0] if len(one) < len(other) else files[1]
            invocation.complain(f"EOF on {shorter} after byte {min(len(one), len(other))}")
        else:
            line = one[:at].count(b"\n") + 1
            invocation.line(f"{files[0]} {files[1]} differ: byte {at + 1}, line {line}")
    return 1


def _lines(invocation: Invocation, name: str) -> list[str] | None:
    content = invocation.stdin if name == "-" else invocation.read(name)
    if content is None:
        return None
    return content.decode("utf-8", "surrogateescape").splitlines()[:_LINES_MAX]


def _stamp(invocation: Invocation, name: str) -> str:
    try:
        time_ms = invocation.system.stat(name).mtime_ms
    except Errno:
        time_ms = invocation.system.now_ms
    return moment(time_ms).strftime("%Y-%m-%d %H:%M:%S.%f000 +0000")


def _plain(invocation: Invocation, before: list[str], after: list[str]) -> None:
    matcher = difflib.SequenceMatcher(a=before, b=after, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            continue
        letter = {"replace": "c", "delete": "d", "insert": "a"}[tag]
        left = _span(a, b) if tag != "insert" else str(a)
        right = _span(c, d) if tag != "delete" else str(c)
        invocation.line(f"{left}{letter}{right}")
        for line in before[a:b]:
            invocation.line(f"< {line}")
        if tag == "replace":
            invocation.line("---")
        for line in after[c:d]:
            invocation.line(f"> {line}")


def _span(start: int, end: int) -> str:
    return str(start + 1) if end - start == 1 else f"{start + 1},{end}"


COMMAND = Command("diff", run)
CMP = Command("cmp", compare)
