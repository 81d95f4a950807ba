"""set, shopt, trap, umask, ulimit, times: how the shell behaves."""

from __future__ import annotations

from cluster_engine.runtime import signals
from cluster_engine.shell.builtins.call import BASH_ONLY, Builtin, BuiltinProblem, Call, Result
from cluster_engine.shell.quoting import quote
from cluster_engine.shell.state import State

LETTERS = {
    "a": "allexport",
    "e": "errexit",
    "f": "noglob",
    "m": "monitor",
    "n": "noexec",
    "u": "nounset",
    "v": "verbose",
    "x": "xtrace",
    "C": "noclobber",
}
_NAMES = (*sorted(LETTERS.values()), "pipefail")
#: Letters and names that are taken without effect.
_TAKEN = frozenset("bhkptBEHPT")
_TAKEN_NAMES = frozenset(
    ("posix", "vi", "emacs", "hashall", "braceexpand", "histexpand", "history", "errtrace",
     "functrace", "notify", "physical", "privileged", "ignoreeof", "interactive-comments")
)  # fmt: skip
_SHOPT = (
    "dotglob", "expand_aliases", "extglob", "globstar", "lastpipe", "nocasematch", "nullglob"
)  # fmt: skip
_SHOPT_TAKEN = frozenset(
    ("checkwinsize", "cmdhist", "histappend", "inherit_errexit", "progcomp", "autocd", "cdspell",
     "direxpand", "failglob", "hostcomplete", "huponexit", "promptvars", "sourcepath", "nocaseglob")
)  # fmt: skip
_EXTRA_TRAPS = ("EXIT", "ERR", "DEBUG", "RETURN")


def run_set(call: Call) -> Result:
    """Options and positional parameters."""
    words = list(call.words)
    if not words:
        for name in call.state.variables.names():
            held = call.state.variables.get(name)
            if held is not None:
                call.line(f"{name}={quote(held) if held else ''}")
        return 0
    while words and words[0][:1] in ("-", "+"):
        word = words.pop(0)
        if word in ("--", "-"):
            call.state.positional = words
            return 0
        for letter in word[1:]:
            if letter == "o":
                if not words:
                    _list_options(call, is_plus=word[0] == "+")
                    return 0
                _switch(call, words.pop(0), word[0] == "-")
            elif letter in LETTERS:
                setattr(call.state.options, LETTERS[letter], word[0] == "-")
            elif letter not in _TAKEN:
                raise BuiltinProblem(f"{word[0]}{letter}: invalid option", 2)
    if words:
        call.state.positional = words
    return 0


def _switch(call: Call, name: str, value: bool) -> None:
    if not set_option(call.state, name, value):
        raise BuiltinProblem(f"{name}: invalid option name", 2)


def set_option(state: State, name: str, value: bool) -> bool:
    """Switch an option of `set -o`; False when there is no such option."""
    if name in _NAMES:
        setattr(state.options, name, value)
        return True
    return name in _TAKEN_NAMES


def _list_options(call: Call, *, is_plus: bool) -> None:
    for name in _NAMES:
        value = getattr(call.state.options, name)
        if is_plus:
            call.line(f"set {'-' if value else '+'}o {name}")
        else:
            call.line(f"{name:<15}\t{'on' if value else 'off'}")


def run_shopt(call: Call) -> Result:
    """bash's own options."""
    flags, words = call.flags("squpo")
    status = 0
    for name in words or _SHOPT:
        if name not in _SHOPT:
            if name not in _SHOPT_TAKEN:
                raise BuiltinProblem(f"{name}: invalid shell option name")
            continue
        if "s" in flags or "u" in flags:
            if words:
                setattr(call.state.options, name, "s" in flags)
            continue
        value = getattr(call.state.options, name)
        status = status if value or not words else 1
        if "q" not in flags:
            call.line(f"{name:<15}\t{'on' if value else 'off'}")
    return status


def run_trap(call: Call) -> Result:
    """What is done when a signal comes, or at the end."""
    flags, words = call.flags("lp") if call.words[:1] != ["-"] else ("", call.words)
    if "l" in flags:
        for number, name in signals.NAMES.items():
            call.line(f"{number:2d}) SIG{name}")
        return 0
    if "p" in flags or not words:
        for name, action in sorted(call.state.traps.items()):
            if not words or any(_trap_name(word) == name for word in words):
                shown = name if name in _EXTRA_TRAPS else _signal_word(call, name)
                call.line(f"trap -- {_in_quotes(action)} {shown}")
        return 0
    action, names = words[0], words[1:]
    if not names or action.isdecimal():
        action, names = "-", words
    status = 0
    for word in names:
        name = _trap_name(word) or ""
        if not name:
            call.complain(f"{word}: invalid signal specification")
            status = 1
        elif action == "-":
            call.state.traps.pop(name, None)
        elif name not in ("KILL", "STOP"):
            call.state.traps[name] = action
    ignored = [
        signals.NUMBERS[name]
        for name, held in call.state.traps.items()
        if not held and name in signals.NUMBERS
    ]
    call.system.ignore_signals(ignored)
    return status


def _trap_name(word: str) -> str | None:
    name = word.upper().removeprefix("SIG")
    if word == "0" or name == "EXIT":
        return "EXIT"
    if name in _EXTRA_TRAPS:
        return name
    number = signals.number_of(word)
    return signals.NAMES.get(number) if number is not None else None


def _signal_word(call: Call, name: str) -> str:
    return f"SIG{name}" if call.state.dialect.name == "bash" else name


def _in_quotes(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"


def run_umask(call: Call) -> Result:
    """Which permissions new files do not get."""
    flags, words = call.flags("Sp")
    if not words:
        mask = call.system.umask()
        if "S" in flags:
            shown = []
            for who, shift in (("u", 6), ("g", 3), ("o", 0)):
                granted = ~mask >> shift & 7
                letters = "".join(c for c, bit in (("r", 4), ("w", 2), ("x", 1)) if granted & bit)
                shown.append(f"{who}={letters}")
            call.line(",".join(shown))
        else:
            call.line(f"{mask:04o}")
        return 0
    if not words[0].isdecimal() or set(words[0]) & set("89"):
        raise BuiltinProblem(f"{words[0]}: octal number out of range")
    call.system.umask(int(words[0], 8))
    return 0


_LIMITS = (
    ("core file size", "blocks", "c", "unlimited"),
    ("data seg size", "kbytes", "d", "unlimited"),
    ("file size", "blocks", "f", "unlimited"),
    ("max locked memory", "kbytes", "l", "8192"),
    ("open files", "", "n", "1048576"),
    ("stack size", "kbytes", "s", "8192"),
    ("cpu time", "seconds", "t", "unlimited"),
    ("max user processes", "", "u", "unlimited"),
    ("virtual memory", "kbytes", "v", "unlimited"),
)


def run_ulimit(call: Call) -> Result:
    """Limits of processes; they can be read and set to what they are."""
    flags, words = call.flags("SHacdflnstuv")
    letters = [letter for letter in flags if letter not in "SHa"] or ["f"]
    if "a" in flags:
        for text, unit, letter, value in _LIMITS:
            where = f"({unit}, -{letter})" if unit else f"(-{letter})"
            call.line(f"{text:<25}{where:>15} {value}")
        return 0
    if words:
        return 0
    for _, _, letter, value in _LIMITS:
        if letter in letters:
            call.line(value)
    return 0


def run_times(call: Call) -> Result:
    """CPU time used."""
    call.say("0m0.010s 0m0.008s\n0m0.020s 0m0.012s\n")
    return 0


BUILTINS = (
    Builtin("set", run_set, is_special=True),
    Builtin("shopt", run_shopt, BASH_ONLY),
    Builtin("trap", run_trap, is_special=True),
    Builtin("umask", run_umask),
    Builtin("ulimit", run_ulimit),
    Builtin("times", run_times, is_special=True),
)
