"""killall and pidof: processes by their very name."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.options import parse
from cluster_engine.shell.commands.patterns import compile_pattern
from cluster_engine.shell.commands.processes import Facts, Machine
from cluster_engine.shell.commands.signals import numbered_list, signal_number, wrapped_list

_TERM = 15
_NAME_CHARACTERS_MAX = 15
_USAGE = """\
Usage: killall [OPTION]... [--] NAME...
       killall -l, --list
       killall -V, --version

  -e,--exact          require exact match for very long names
  -I,--ignore-case    case insensitive process name match
  -g,--process-group  kill process group instead of process
  -i,--interactive    ask for confirmation before killing
  -l,--list           list all known signal names
  -q,--quiet          don't print complaints
  -r,--regexp         interpret NAME as an extended regular expression
  -s,--signal SIGNAL  send this signal instead of SIGTERM
  -u,--user USER      kill only process(es) running as USER
  -v,--verbose        report if the signal was successfully sent
  -w,--wait           wait for processes to die
"""
_LONG = {"exact": "e", "ignore-case": "I", "process-group": "g", "interactive": "i", "list": "l"}
_LONG |= {"quiet": "q", "regexp": "r", "signal": "s", "user": "u", "verbose": "v", "wait": "w"}


def run(invocation: Invocation) -> int:
    """Signal every process of that very name."""
    number = _take_signal(invocation)
    options, names = parse(invocation, "eIgilqrvw", "su", _LONG)
    if "l" in options:
        invocation.say(numbered_list() if invocation.is_busybox else wrapped_list())
        return 0
    if "s" in options:
        number = _signal(invocation, options["s"])
    if not names:
        if invocation.is_busybox:
            raise UsageError("you need to specify whom to kill")
        invocation.err += _USAGE.encode()
        return 1
    code = 0
    for name in names:
        found = [f for f in others(invocation) if _is_named(f, name, "r" in options)]
        if "u" in options:
            found = [facts for facts in found if facts.user == options["u"]]
        if not found and "q" not in options:
            _report_none(invocation, name)
        sent = [_kill(invocation, facts, number, "v" in options) for facts in found]
        code = code if any(sent) else 1
    return code


def _take_signal(invocation: Invocation) -> int:
    """The signal of a word like -9 or -HUP, which is taken out."""
    for at, word in enumerate(invocation.arguments[1:], 1):
        name = word[1:]
        if word.startswith("-") and name and (name[0].isdigit() or name.isupper()):
            if name in ("I", "V"):
                continue
            del invocation.arguments[at]
            return _signal(invocation, name)
    return _TERM


def _signal(invocation: Invocation, name: str) -> int:
    number = signal_number(name)
    if number is not None:
        return number
    if invocation.is_busybox:
        raise UsageError(f"bad signal name '{name}'")
    invocation.err += f"{name}: unknown signal; killall -l lists signals.\n".encode()
    raise UsageError("")


def _is_named(facts: Facts, name: str, is_pattern: bool) -> bool:
    if is_pattern:
        pattern = compile_pattern(name, is_extended=True)
        return pattern.search(facts.status.name) is not None
    return facts.status.name == name.rpartition("/")[2][:_NAME_CHARACTERS_MAX]


def _report_none(invocation: Invocation, name: str) -> None:
    if invocation.is_busybox:
        invocation.complain(f"{name}: no process killed")
    else:
        invocation.err += f"{name}: no process found\n".encode()


def _kill(invocation: Invocation, facts: Facts, number: int, is_verbose: bool) -> bool:
    name, pid = facts.status.name, facts.status.pid
    try:
        invocation.system.kill(pid, number)
    except Errno as error:
        invocation.err += f"{name}({pid}): {error.text}\n".encode()
        return False
    if is_verbose:
        invocation.err += f"Killed {name}({pid}) with signal {number}\n".encode()
    return True


def others(invocation: Invocation) -> list[Facts]:
    """All processes but the caller that have not ended."""
    own = invocation.system.pid
    everyone = Machine(invocation).facts()
    return [facts for facts in everyone if facts.status.pid != own and not facts.is_zombie]


def pidof(invocation: Invocation) -> int:
    """Print the pids of processes of that name, the latest first."""
    options, names = parse(invocation, "snqxcz", "oS")
    left_out = set(options.get("o", "").replace(",", " ").split())
    found = []
    for name in names:
        pids = [f.status.pid for f in others(invocation) if _is_named(f, name, False)]
        found += [pid for pid in reversed(pids) if str(pid) not in left_out]
    if "s" in options:
        found = found[:1]
    if found and "q" not in options:
        invocation.line(options.get("S", " ").join(str(pid) for pid in found))
    return 0 if found else 1


KILLALL = Command("killall", run)
PIDOF = Command("pidof", pidof)
