"""kill: sends a signal."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.signals import (
    names_table,
    numbered_list,
    signal_name,
    signal_number,
    wrapped_list,
)

_TERM = 15
_USAGE = """
Usage:
 kill [options] <pid> [...]

Options:
 <pid> [...]            send signal to every <pid> listed
 -<signal>, -s, --signal <signal>
                        specify the <signal> to be sent
 -q, --queue <value>    integer value to be sent with the signal
 -l, --list=[<signal>]  list all signal names, or convert one to a name
 -L, --table            list all signal names in a nice table

 -h, --help     display this help and exit
 -V, --version  output version information and exit

For more details see kill(1).
"""


def run(invocation: Invocation) -> int:
    """Signal each process; -l lists the names."""
    words = invocation.arguments[1:]
    if words and words[0] in ("-l", "-L", "--list", "--table"):
        return _list(invocation, words)
    if words[:1] in (["-h"], ["--help"]):
        invocation.say(_USAGE)
        return 0
    number, words = _signal(invocation, words)
    if words[:1] == ["--"]:
        words = words[1:]
    if not words:
        if invocation.is_busybox:
            raise UsageError("you need to specify whom to kill")
        invocation.err += _USAGE.encode()
        return 1
    return max([_kill(invocation, word, number) for word in words])


def _signal(invocation: Invocation, words: list[str]) -> tuple[int, list[str]]:
    """The signal to send, and the words after it."""
    first = words[0] if words else ""
    if not first.startswith("-") or first in ("--", "-"):
        return _TERM, words
    if first in ("-s", "-n", "--signal") and len(words) > 1:
        name, words = words[1], words[2:]
    else:
        name, words = first[1:], words[1:]
    number = signal_number(name)
    if number is None:
        if invocation.is_busybox:
            raise UsageError(f"bad signal name '{name}'")
        invocation.complain(f"invalid argument {name[:1]}")
        invocation.err += _USAGE.encode()
        raise UsageError("")
    return number, words


def _kill(invocation: Invocation, word: str, number: int) -> int:
    try:
        pid = int(word)
    except ValueError:
        text = invocation.either("failed to parse argument: '{}'", "invalid number '{}'")
        invocation.complain(text.format(word))
        return 1
    try:
        invocation.system.kill(pid, number)
    except Errno as error:
        text = invocation.either("({}): {}", "can't kill pid {}: {}")
        invocation.complain(text.format(word, error.text))
        return 1
    return 0


def _list(invocation: Invocation, words: list[str]) -> int:
    option, *names = words
    if option in ("-L", "--table"):
        invocation.say(names_table())
    elif not names:
        invocation.say(numbered_list() if invocation.is_busybox else wrapped_list())
    for name in names:
        number = signal_number(name)
        if number is None or number & 0x7F > 64:
            kind = invocation.either("unknown signal name {}", "unknown signal '{}'")
            invocation.complain(kind.format(name))
            return 0 if not invocation.is_busybox else 1
        invocation.line(signal_name(number & 0x7F) if name.isdigit() else str(number))
    return 0


COMMAND = Command("kill", run)
