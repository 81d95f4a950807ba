"""kill: sends a signal; procps' and BusyBox' command, and the builtins of the shells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation
from cluster_engine.shell.commands.signals import (
    big_table,
    names_table,
    numbered_list,
    plain_list,
    signal_name,
    signal_number,
    wrapped_list,
)

_TERM = 15
_SIGNAL_MAX = 64
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


_NO_SIGNAL = "invalid signal specification"


@dataclass(frozen=True, slots=True)
class _Words:
    """How one implementation puts it. "{}" is the word, "{reason}" the system's."""

    usage: str
    no_number: str
    refused: str
    no_signal: str
    #: For -l.
    no_name: str
    usage_code: int = 1
    unknown_name_code: int = 1


_PROCPS = _Words(
    usage=_USAGE,
    no_number="{name}: failed to parse argument: '{}'\n",
    refused="{name}: ({}): {reason}\n",
    no_signal=f"{{name}}: invalid argument {{letter}}\n{_USAGE}",
    no_name="{name}: unknown signal name {}\n",
    unknown_name_code=0,
)
_BUSYBOX = _Words(
    usage="{name}you need to specify whom to kill\n",
    no_number="{name}invalid number '{}'\n",
    refused="{name}can't kill pid {}: {reason}\n",
    no_signal="{name}bad signal name '{}'\n",
    no_name="{name}unknown signal '{}'\n",
)
_BASH = _Words(
    usage="{name}: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... "
    "or kill -l [sigspec]\n",
    no_number="{name}: {}: arguments must be process or job IDs\n",
    refused="{name}: ({}) - {reason}\n",
    no_signal=f"{{name}}: {{}}: {_NO_SIGNAL}\n",
    no_name=f"{{name}}: {{}}: {_NO_SIGNAL}\n",
    usage_code=2,
)
_DASH = _Words(
    usage="{name}: Usage: kill [-s sigspec | -signum | -sigspec] [pid | job]... or\n"
    "kill -l [exitstatus]\n",
    no_number="{name}: Illegal number: {}\n",
    refused="{name}: {reason}\n\n",
    no_signal="{name}: Illegal option -{letter}\n",
    no_name="{name}: invalid signal number or exit status: {}\n",
    usage_code=2,
    unknown_name_code=2,
)


def run(invocation: Invocation) -> int:
    """Signal each process; -l lists the names."""
    if invocation.is_busybox:
        return _run(invocation, _BUSYBOX, f"{invocation.name}: ", numbered_list())
    return _run(invocation, _PROCPS, invocation.title, wrapped_list())


def _run_in_bash(invocation: Invocation) -> int:
    return _run(invocation, _BASH, "kill", big_table())


def _run_in_dash(invocation: Invocation) -> int:
    return _run(invocation, _DASH, "kill", plain_list())


def _run_in_ash(invocation: Invocation) -> int:
    return _run(invocation, _BUSYBOX, "", numbered_list())


def _run(invocation: Invocation, texts: _Words, name: str, names: str) -> int:
    words = invocation.arguments[1:]
    if words and words[0] in ("-l", "-L", "--list", "--table"):
        return _list(invocation, words, texts, name, names)
    number, words = _signal(words)
    if number is None:
        problem = texts.no_signal.format(words[0], name=name, letter=words[0][:1])
        invocation.err += problem.encode()
        return 1
    if words[:1] == ["--"]:
        words = words[1:]
    if not words:
        invocation.err += texts.usage.format(name=name).encode()
        return texts.usage_code
    return max([_kill(invocation, word, number, texts, name) for word in words])


def _signal(words: list[str]) -> tuple[int | None, list[str]]:
    """The signal to send, and the words after it; None and its name when there is none."""
    first = words[0] if words else ""
    if not first.startswith("-") or first in ("--", "-"):
        return _TERM, words
    if first in ("-s", "-n", "--signal") and len(words) > 1:
        name, words = words[1], words[2:]
    else:
        name, words = first[1:], words[1:]
    number = signal_number(name)
    if number is None or number > _SIGNAL_MAX:
        return None, [name]
    return number, words


def _kill(invocation: Invocation, word: str, number: int, texts: _Words, name: str) -> int:
    try:
        pid = int(word)
    except ValueError:
        invocation.err += texts.no_number.format(word, name=name).encode()
        return 1
    try:
        invocation.system.kill(pid, number)
    except Errno as error:
        invocation.err += texts.refused.format(word, name=name, reason=error.text).encode()
        return 1
    return 0


def _list(invocation: Invocation, words: list[str], texts: _Words, name: str, names: str) -> int:
    option, *given = words
    if not given:
        invocation.say(names_table() if option in ("-L", "--table") else names)
    for word in given:
        number = signal_number(word)
        if number is None or number & 0x7F > _SIGNAL_MAX:
            invocation.err += texts.no_name.format(word, name=name).encode()
            return texts.unknown_name_code
        invocation.line(signal_name(number & 0x7F) if word.isdigit() else str(number))
    return 0


COMMAND = Command("kill", run)
#: The builtin of each shell.
BUILTINS: Mapping[str, Command] = MappingProxyType(
    {
        "bash": Command("kill", _run_in_bash),
        "dash": Command("kill", _run_in_dash),
        "ash": Command("kill", _run_in_ash),
    }
)
