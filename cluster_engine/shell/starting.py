"""How a shell begins: its options, its script, its start-up files.

`bash`, `dash` and `ash` make the programs; everything else happens in the first steps, when the
shell can see its environment.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import Outcome
from cluster_engine.runtime.system import System
from cluster_engine.shell.builtins.switches import LETTERS, set_option
from cluster_engine.shell.expansion.lookup import BASH_VERSION
from cluster_engine.shell.frames.frame import Frame
from cluster_engine.shell.frames.sources import InputFrame, SourceFrame, TextFrame
from cluster_engine.shell.interactive.reading import ReadingFrame
from cluster_engine.shell.interpreter import Shell
from cluster_engine.shell.state import State
from cluster_engine.shell.syntax.dialect import ASH, BASH, DASH, Dialect
from cluster_engine.shell.variables import Variable, Variables

if TYPE_CHECKING:
    from collections.abc import Sequence

SCRIPT_BYTES_MAX = 2 * 1024 * 1024
_IGNORED_LONG = frozenset(("noediting", "noprofile", "norc", "posix", "verbose", "debugger"))


@dataclass(slots=True)
class Call:
    """The command line of a shell, taken apart."""

    command: str | None = None
    operands: list[str] = field(default_factory=list)
    flags: list[tuple[str, bool]] = field(default_factory=list)
    is_interactive: bool = False
    is_login: bool = False
    reads_input: bool = False
    has_rc: bool = True
    rc_file: str = ""
    wants_version: bool = False
    problem: str = ""


def take_apart(arguments: Sequence[str], dialect: Dialect) -> Call:
    """Options and operands of a shell's command line."""
    call = Call(is_login=arguments[0].startswith("-"))
    words = list(arguments[1:])
    wants_command = False
    while words and words[0][:1] in ("-", "+") and len(words[0]) > 1:
        word = words.pop(0)
        if word in ("--", "-"):
            break
        if word.startswith("--"):
            _take_long(call, word[2:], words)
            continue
        for letter in word[1:]:
            if letter == "c":
                wants_command = True
            elif letter == "o" and words:
                call.flags.append((words.pop(0), word[0] == "-"))
            else:
                _take_letter(call, letter, word[0] == "-", dialect)
    if wants_command:
        if words:
            call.command = words.pop(0)
        else:
            call.problem = call.problem or "-c: option requires an argument"
    call.operands = words
    return call


def _take_long(call: Call, name: str, words: list[str]) -> None:
    if name == "login":
        call.is_login = True
    elif name == "version":
        call.wants_version = True
    elif name in ("rcfile", "init-file") and words:
        call.rc_file = words.pop(0)
    elif name in _IGNORED_LONG:
        call.has_rc = call.has_rc and name != "norc"
    else:
        call.problem = f"--{name}: invalid option"


def _take_letter(call: Call, letter: str, is_on: bool, dialect: Dialect) -> None:
    if letter == "i":
        call.is_interactive = True
    elif letter == "l":
        call.is_login = True
    elif letter == "s":
        call.reads_input = True
    elif letter in LETTERS:
        call.flags.append((LETTERS[letter], is_on))
    elif letter not in "bhkptBHrD":
        bad = (
            f"-{letter}: invalid option" if dialect.name == "bash" else f"Illegal option -{letter}"
        )
        call.problem = call.problem or bad


class StartFrame(Frame):
    """The first frame of a shell: sets it up, then makes room for what it is to run."""

    __slots__ = ("arguments",)

    def __init__(self, arguments: list[str]) -> None:
        self.arguments = arguments

    def advance(self, shell: Shell, system: System) -> Outcome | None:
        shell.pop(system)
        state = shell.state
        call = take_apart(self.arguments, state.dialect)
        state.variables = _variables(state, system)
        if call.problem:
            shell.write(2, f"{state.name}: {call.problem}\n")
            shell.exit(system, 2)
            return None
        if call.wants_version:
            _tell_version(shell)
            return None
        for name, value in call.flags:
            set_option(state, name, value)
        state.is_login = call.is_login
        if call.command is not None:
            self._run_command(shell, call)
        elif call.operands and not call.reads_input:
            self._run_script(shell, system, call.operands)
        else:
            state.positional = call.operands
            is_terminal = system.is_tty(0) and system.is_tty(2)
            if call.is_interactive or is_terminal:
                self._begin_interactive(shell, system, call)
            else:
                shell.push(InputFrame())
        if call.is_login:
            _push_profiles(shell, system)
        return None

    def _run_command(self, shell: Shell, call: Call) -> None:
        state = shell.state
        state.is_command_string = True
        if call.operands:
            state.name = call.operands[0]
            state.positional = call.operands[1:]
        prefix = "-c: " if state.dialect.name == "bash" else ""
        shell.push(TextFrame(call.command or "", is_last=True, prefix=prefix))

    def _run_script(self, shell: Shell, system: System, words: list[str]) -> None:
        state = shell.state
        path = words[0]
        try:
            if "/" not in path and not system.exists(path):
                path = system.find_program(path) or path
            if system.stat(path).kind == "directory":
                raise Errno("EISDIR")
            data = system.read_file(path)
        except Errno as error:
            if state.dialect.name == "bash":
                shell.write(2, f"{state.name}: {words[0]}: {error.text}\n")
            elif state.dialect.name == "dash":
                text = "No such file" if error.name == "ENOENT" else error.text
                shell.write(2, f"{state.name}: 0: cannot open {words[0]}: {text}\n")
            else:
                shell.write(2, f"{state.name}: can't open '{words[0]}': {error.text}\n")
            shell.exit(system, 127 if error.name == "ENOENT" else 126)
            if state.dialect.name != "bash":
                state.status = 2
            return
        state.name = words[0]
        state.positional = words[1:]
        state.is_script = True
        if b"\0" in data[:128]:
            shell.write(2, f"{words[0]}: {words[0]}: cannot execute binary file\n")
            shell.exit(system, 126)
            return
        text = data[:SCRIPT_BYTES_MAX].decode("utf-8", "surrogateescape")
        shell.push(TextFrame(text))

    def _begin_interactive(self, shell: Shell, system: System, call: Call) -> None:
        state = shell.state
        state.is_interactive = True
        state.options.expand_aliases = True
        state.options.monitor = system.is_tty(0)
        if state.options.monitor:
            system.set_group(0, 0)
            system.set_foreground(0, system.group())
            shell.push(ReadingFrame())
        else:
            shell.push(InputFrame())
        if state.dialect.name == "bash" and call.has_rc and not call.is_login:
            home = state.variables.get("HOME") or ""
            own = call.rc_file or f"{home.rstrip('/')}/.bashrc"
            for path in (own, "/etc/bash.bashrc"):
                _push_file(shell, system, path)


def _push_profiles(shell: Shell, system: System) -> None:
    home = (shell.state.variables.get("HOME") or "").rstrip("/")
    names = [".profile"]
    if shell.state.dialect.name == "bash":
        names = [".bash_profile", ".bash_login", ".profile"]
    for name in names:
        if _push_file(shell, system, f"{home}/{name}"):
            break
    _push_file(shell, system, "/etc/profile")


def _push_file(shell: Shell, system: System, path: str) -> bool:
    """Run a start-up file before what is there already; whether there is one."""
    try:
        data = system.read_file(path)
    except Errno:
        return False
    text = data[:SCRIPT_BYTES_MAX].decode("utf-8", "surrogateescape")
    shell.push(SourceFrame(text, None))
    return True


def _variables(state: State, system: System) -> Variables:
    variables = Variables(dict(system.environment))
    for name, value in (("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),):
        if variables.get(name) is None:
            variables.set(name, value)
    held = variables.get("PWD")
    if not held or held != system.cwd:
        variables.restore("PWD", Variable(system.cwd, is_exported=True))
    if variables.find("OLDPWD") is None:
        variables.mark("OLDPWD", is_exported=True)
    variables.set("IFS", " \t\n")
    if state.dialect.name == "bash":
        level = variables.get("SHLVL") or "0"
        number = int(level) + 1 if level.isdecimal() else 1
        variables.restore("SHLVL", Variable(str(number), is_exported=True))
        variables.set("BASH_VERSION", BASH_VERSION)
        variables.set("HOSTNAME", variables.get("HOSTNAME") or system.hostname)
    variables.set("OPTIND", "1")
    return variables


def _tell_version(shell: Shell) -> None:
    shell.write(
        1,
        f"GNU bash, version {BASH_VERSION} (x86_64-pc-linux-gnu)\n"
        "Copyright (C) 2022 Free Software Foundation, Inc.\n"
        "License GPLv3+: GNU GPL version 3 or later <http://gnu.org/licenses/gpl.html>\n\n"
        "This is free software; you are free to change and redistribute it.\n"
        "There is NO WARRANTY, to the extent permitted by law.\n",
    )


def _shell(dialect: Dialect, arguments: list[str]) -> Shell:
    state = State(dialect, Variables({}), arguments[0])
    shell = Shell(state, [StartFrame(list(arguments))])
    shell.arguments = tuple(arguments)
    return shell


def bash(arguments: list[str]) -> Shell:
    """GNU bash."""
    return _shell(BASH, arguments)


def dash(arguments: list[str]) -> Shell:
    """Debian's sh."""
    return _shell(DASH, arguments)


def ash(arguments: list[str]) -> Shell:
    """BusyBox' sh."""
    return _shell(ASH, arguments)
