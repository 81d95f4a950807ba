"""kill: sends a signal."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.signals import NAMES, signal_name, signal_number

_TERM = 15


def run(invocation: Invocation) -> int:
    """Signal each process; -l lists the names."""
    words = invocation.arguments[1:]
    number = _TERM
    if words and words[0] == "-l":
        return _list(invocation, words[1:])
    if words and words[0] in ("-s", "-n") and len(words) > 1:
        number, words = _number(words[1]), words[2:]
    elif words and words[0].startswith("-") and words[0] != "--" and len(words[0]) > 1:
        number, words = _number(words[0][1:]), words[1:]
    if words and words[0] == "--":
        words = words[1:]
    if not words:
        raise UsageError("usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ...", 2)
    code = 0
    for word in words:
        try:
            pid = int(word)
        except ValueError:
            invocation.complain(f"{word}: arguments must be process or job IDs")
            code = 1
            continue
        try:
            invocation.system.kill(pid, number)
        except Errno as error:
            invocation.complain(f"({word}) - {error.text}")
            code = 1
    return code


def _number(word: str) -> int:
    number = signal_number(word)
    if number is None:
        raise UsageError(f"{word}: invalid signal specification")
    return number


def _list(invocation: Invocation, words: list[str]) -> int:
    if words:
        number = signal_number(words[0])
        if number is None:
            raise UsageError(f"{words[0]}: invalid signal specification")
        shown = signal_name(number & 0x7F) if words[0].isdigit() else str(number)
        invocation.line(shown)
        return 0
    for start in range(0, len(NAMES), 5):
        cells = [
            f"{number + 1:2}) SIG{NAMES[number]}".ljust(15)
            for number in range(start, min(start + 5, len(NAMES)))
        ]
        invocation.line("\t".join(cells).rstrip())
    return 0


COMMAND = Command("kill", run)
