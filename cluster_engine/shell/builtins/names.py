"""alias, unalias, type, command, builtin, hash, history, help: what names mean."""

from __future__ import annotations

import re

from cluster_engine.shell.builtins.call import (
    BASH_AND_ASH,
    BASH_ONLY,
    Builtin,
    BuiltinProblem,
    Call,
    Result,
)
from cluster_engine.shell.frames.commanding import CommandFrame
from cluster_engine.shell.syntax.tokens import RESERVED

_ALIAS_NAME = re.compile(r"[^\s/$`='\"|&;()<>]+\Z")


def run_alias(call: Call) -> Result:
    """Names for commands."""
    _, words = call.flags("p")
    aliases = call.state.aliases
    prefix = "alias " if call.state.dialect.name == "bash" else ""
    status = 0
    for word in words or sorted(aliases):
        name, equals, value = word.partition("=")
        if equals:
            if not _ALIAS_NAME.match(name):
                raise BuiltinProblem(f"`{name}': invalid alias name")
            aliases[name] = value
        elif name in aliases:
            quoted = aliases[name].replace("'", "'\\''")
            call.line(f"{prefix}{name}='{quoted}'")
        else:
            if call.state.dialect.name != "bash":
                call.shell.write(2, f"alias: {name} not found\n")
            else:
                call.complain(f"{name}: not found")
            status = 1
    return status


def run_unalias(call: Call) -> Result:
    """Forget names."""
    flags, words = call.flags("a")
    if "a" in flags:
        call.state.aliases.clear()
        return 0
    status = 0
    for name in words:
        if call.state.aliases.pop(name, None) is None:
            call.complain(f"{name}: not found")
            status = 1
    return status


def _kind(call: Call, name: str) -> tuple[str, str]:
    """(kind, text): what a name means; ("", "") for nothing."""
    state = call.state
    if name in state.aliases and state.options.expand_aliases:
        return "alias", state.aliases[name]
    if name in RESERVED:
        return "keyword", ""
    if name in state.functions:
        return "function", state.functions[name].source
    if call.shell.find_builtin(name) is not None:
        return "builtin", ""
    found = call.system.find_program(name, state.variables.get("PATH"))
    if found is not None and not call.shell.is_directory(call.system, found):
        return "file", found
    return "", ""


def _sentence(call: Call, name: str, kind: str, text: str) -> str:
    is_bash = call.state.dialect.name == "bash"
    if kind == "alias":
        return f"{name} is aliased to `{text}'" if is_bash else f"{name} is an alias for {text}"
    if kind == "keyword":
        return f"{name} is a shell keyword"
    if kind == "function":
        return f"{name} is a function\n{name} () \n{text}" if is_bash else f"{name} is a function"
    if kind == "builtin":
        found = call.shell.find_builtin(name)
        if not is_bash and found is not None and found.is_special:
            return f"{name} is a special shell builtin"
        return f"{name} is a shell builtin"
    if is_bash and name in call.state.hashed:
        return f"{name} is hashed ({text})"
    return f"{name} is {text}"


def run_type(call: Call) -> Result:
    """Say what names mean."""
    flags, words = call.flags("afptP") if call.state.dialect.name == "bash" else ("", call.words)
    status = 0
    for name in words:
        kind, text = _kind(call, name)
        if "P" in flags or "p" in flags:
            path = call.system.find_program(name)
            if path is not None and ("P" in flags or kind == "file"):
                call.line(path)
            status = status if path is not None else 1
        elif not kind:
            status = 1 if call.state.dialect.name == "bash" else 127
            if "t" not in flags:
                _tell_missing(call, name)
        elif "t" in flags:
            call.line(kind)
        else:
            call.line(_sentence(call, name, kind, text))
    return status


def _tell_missing(call: Call, name: str) -> None:
    if call.state.dialect.name == "bash":
        call.complain(f"{name}: not found")
    else:
        call.line(f"{name}: not found")


def run_command(call: Call) -> Result:
    """Run a command, no function of that name; -v says what it is."""
    flags, words = call.flags("pvV")
    if not words:
        return 0
    if "v" in flags or "V" in flags:
        status = 0
        for name in words:
            kind, text = _kind(call, name)
            if not kind:
                if "V" in flags:
                    _tell_missing(call, name)
                status = 1 if call.state.dialect.name == "bash" else 127
            elif "V" in flags:
                call.line(_sentence(call, name, kind, text))
            elif kind == "alias":
                call.line(f"alias {name}='{text}'")
            else:
                call.line(text if kind == "file" else name)
        return status
    return CommandFrame(words)


def run_builtin(call: Call) -> Result:
    """Run a builtin, no function of that name."""
    if not call.words:
        return 0
    if call.shell.find_builtin(call.words[0]) is None:
        raise BuiltinProblem(f"{call.words[0]}: not a shell builtin")
    return CommandFrame(call.words)


def run_hash(call: Call) -> Result:
    """Remembered places of programs."""
    flags, words = call.flags("dlprt")
    if "r" in flags:
        call.state.hashed.clear()
        return 0
    status = 0
    for name in words:
        found = call.system.find_program(name, call.state.variables.get("PATH"))
        if found is None:
            call.complain(f"{name}: not found")
            status = 1
        else:
            call.state.hashed[name] = found
    if not words:
        if not call.state.hashed:
            if call.state.dialect.name == "bash":
                call.line("hash: hash table empty")
        else:
            call.line("hits\tcommand")
            for path in call.state.hashed.values():
                call.line(f"   1\t{path}")
    return status


def run_history(call: Call) -> Result:
    """Commands typed before."""
    flags, words = call.flags("cdanrwps")
    if "c" in flags:
        call.state.history.clear()
        return 0
    lines = call.state.history
    first = 1
    if words and words[0].isdecimal():
        count = int(words[0][:9])
        first = max(len(lines) - count, 0) + 1
    for number, line in enumerate(lines[first - 1 :], first):
        call.line(f"{number:5d}  {line}")
    return 0


def run_help(call: Call) -> Result:
    """What the builtins are."""
    name = "bash, version 5.2.37(1)-release" if call.state.dialect.name == "bash" else "ash"
    names = sorted(each for each in _builtin_names(call))
    call.line(f"{name}: these shell commands are defined internally.")
    line = ""
    for each in names:
        if len(line) + len(each) > 76:
            call.line(line.rstrip())
            line = ""
        line += f"{each} "
    call.line(line.rstrip())
    return 0


def _builtin_names(call: Call) -> list[str]:
    return call.shell.builtin_names()


BUILTINS = (
    Builtin("alias", run_alias),
    Builtin("unalias", run_unalias),
    Builtin("type", run_type),
    Builtin("command", run_command),
    Builtin("builtin", run_builtin, BASH_ONLY),
    Builtin("hash", run_hash),
    Builtin("history", run_history, BASH_AND_ASH),
    Builtin("help", run_help, BASH_AND_ASH),
)
