"""pgrep and pkill: processes whose name, owner, parent … matches."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.accounts import find_group, find_user
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.killall import others
from cluster_engine.shell.commands.options import Options, parse
from cluster_engine.shell.commands.patterns import compile_pattern
from cluster_engine.shell.commands.processes import Facts
from cluster_engine.shell.commands.signals import numbered_list, signal_number

_TERM = 15
_NAME_CHARACTERS_MAX = 15
_LONG = {
    "signal": "S=",
    "echo": "e",
    "delimiter": "d",
    "list-name": "l",
    "list-full": "a",
    "inverse": "v",
    "lightweight": "w",
    "count": "c",
    "full": "f",
    "pgroup": "g",
    "group": "G",
    "ignore-case": "i",
    "newest": "n",
    "oldest": "o",
    "older": "O",
    "parent": "P",
    "session": "s",
    "terminal": "t",
    "euid": "u",
    "uid": "U",
    "exact": "x",
    "pidfile": "F",
    "runstates": "r",
}
_CRITERIA = "gGPstuUFOr"
_TOO_LONG = (
    "pattern that searches for process name longer than 15 characters will result in zero matches"
)


def pgrep(invocation: Invocation) -> int:
    """Print the pids of the processes that match."""
    options, found = _search(invocation, "lavwcfinox")
    if "c" in options:
        invocation.line(str(len(found)))
        return 0 if found else 1
    shown = [_shown(facts, options, invocation.is_busybox) for facts in found]
    if shown:
        invocation.line(options.get("d", "\n").join(shown))
    return 0 if found else 1


def _shown(facts: Facts, options: Options, is_busybox: bool) -> str:
    if "a" in options or (is_busybox and "l" in options and "f" in options):
        return f"{facts.status.pid} {facts.command}"
    name = f" {facts.status.name}" if "l" in options else ""
    return f"{facts.status.pid}{name}"


def pkill(invocation: Invocation) -> int:
    """Signal the processes that match."""
    if invocation.is_busybox and invocation.arguments[1:] == ["-l"]:
        invocation.say(numbered_list())
        return 0
    number = _take_signal(invocation)
    options, found = _search(invocation, "ecfinoxv")
    if "S" in options:
        number = signal_number(options["S"]) or _TERM
    for facts in found:
        try:
            invocation.system.kill(facts.status.pid, number)
        except Errno as error:
            invocation.complain(f"killing pid {facts.status.pid} failed: {error.text}")
            continue
        if "e" in options:
            invocation.line(f"{facts.status.name} killed (pid {facts.status.pid})")
    if "c" in options:
        invocation.line(str(len(found)))
    return 0 if found else 1


def _take_signal(invocation: Invocation) -> int:
    """The signal of a word like -9 or -HUP, which is taken out."""
    for at, word in enumerate(invocation.arguments[1:], 1):
        name = word[1:]
        if not word.startswith("-") or name[:1].islower() or len(name) < 1:
            continue
        number = signal_number(name)
        if number is not None:
            del invocation.arguments[at]
            return number
    return _TERM


def _search(invocation: Invocation, flags: str) -> tuple[Options, list[Facts]]:
    """The options, and the processes that match. Raises UsageError."""
    options, patterns = parse(invocation, flags, f"d{_CRITERIA}", _LONG, code=2)
    if not patterns and not any(letter in options for letter in _CRITERIA):
        if invocation.is_busybox:
            raise UsageError("", has_hint=True)
        raise _hinted(invocation, "no matching criteria specified")
    if len(patterns) > 1:
        if invocation.is_busybox:
            raise UsageError("", has_hint=True)
        raise _hinted(invocation, "only one pattern can be provided")
    found = [facts for facts in others(invocation) if _meets(invocation, facts, options)]
    if patterns:
        found = _matching(invocation, patterns[0], options, found)
    if "n" in options:
        found = found[-1:]
    elif "o" in options:
        found = found[:1]
    return options, found


def _matching(
    invocation: Invocation, text: str, options: Options, processes: list[Facts]
) -> list[Facts]:
    """Those whose name, or whole command, matches; with -v those that do not."""
    if len(text) > _NAME_CHARACTERS_MAX and "f" not in options and text.isalnum():
        invocation.complain(_TOO_LONG)
        hint = "option to match against the complete command line."
        invocation.err += f"Try `{invocation.name} -f' {hint}\n".encode()
    try:
        pattern = compile_pattern(text, is_extended=True, ignores_case="i" in options)
    except UsageError as problem:
        raise UsageError(f"regex error: {problem}", 2) from None
    is_whole = "x" in options

    def matches(facts: Facts) -> bool:
        subject = facts.command if "f" in options else facts.status.name
        found = pattern.search(subject)
        if found is None:
            return False
        return not is_whole or (found.start(), found.end()) == (0, len(subject))

    return [facts for facts in processes if matches(facts) != ("v" in options)]


def _meets(invocation: Invocation, facts: Facts, options: Options) -> bool:
    """Whether a process is of the users, parents … that are asked for."""
    status = facts.status
    numbers = {"g": status.group, "P": status.parent, "s": status.session}
    for letter, number in numbers.items():
        if letter in options and str(number) not in options[letter].split(","):
            return False
    for letter in "uU":
        if letter in options and status.uid not in _users(invocation, options[letter]):
            return False
    if "G" in options and status.gid not in _groups(invocation, options["G"]):
        return False
    if "t" in options and status.terminal not in options["t"].split(","):
        return False
    if "O" in options and facts.age_ms < 1000 * options.count("O", 0):
        return False
    if "F" in options:
        pids = (invocation.read(options["F"]) or b"").decode("utf-8", "replace").split()
        return str(status.pid) in pids
    return "r" not in options or status.state in options["r"].split(",")


def _users(invocation: Invocation, names: str) -> list[int]:
    found = []
    for name in names.split(","):
        user = find_user(invocation.system, name)
        if user is None:
            raise UsageError(f"invalid user name: {name}", 2)
        found.append(user[0])
    return found


def _groups(invocation: Invocation, names: str) -> list[int]:
    found = []
    for name in names.split(","):
        gid = find_group(invocation.system, name)
        if gid is None:
            raise UsageError(f"invalid group name: {name}", 2)
        found.append(gid)
    return found


def _hinted(invocation: Invocation, text: str) -> UsageError:
    name = invocation.name
    return UsageError(f"{text}\nTry `{name} --help' for more information.", 2)


PGREP = Command("pgrep", pgrep)
PKILL = Command("pkill", pkill)
