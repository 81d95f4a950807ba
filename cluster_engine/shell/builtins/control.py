"""Builtins that change what the shell does next: exit, return, break, eval, source, exec."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import System
from cluster_engine.shell.builtins.call import BASH_AND_ASH, Builtin, BuiltinProblem, Call, Result
from cluster_engine.shell.frames.sources import SourceFrame, TextFrame

SCRIPT_BYTES_MAX = 2 * 1024 * 1024


def _status(call: Call) -> int:
    """The status that exit and return are given, else the present one."""
    if not call.words:
        return call.state.status
    word = call.words[0]
    if word.lstrip("-").isdecimal():
        return int(word[:18]) & 0xFF
    call.complain(f"{word}: numeric argument required")
    return 2


def run_exit(call: Call) -> Result:
    """End the shell."""
    status = _status(call)
    if call.state.is_interactive and not call.state.is_subshell:
        call.shell.write(2, "logout\n" if call.state.is_login else "exit\n")
    call.shell.exit(call.system, status)
    return None


def run_return(call: Call) -> Result:
    """Leave a function or a sourced script."""
    status = _status(call)
    if call.shell.return_from(call.system, status):
        return None
    if call.state.dialect.name == "bash":
        raise BuiltinProblem("can only `return' from a function or sourced script", 2)
    call.shell.exit(call.system, status)
    return None


def _leave_loops(call: Call, *, goes_on: bool) -> Result:
    count = 1
    if call.words:
        if not call.words[0].isdecimal():
            raise BuiltinProblem(f"{call.words[0]}: numeric argument required", 128)
        count = int(call.words[0][:9])
        if count < 1:
            raise BuiltinProblem(f"{call.words[0]}: loop count out of range")
    if call.shell.leave_loops(call.system, count, goes_on=goes_on):
        return None
    if call.state.dialect.name == "bash" and not call.state.is_in_loop:
        call.complain("only meaningful in a `for', `while', or `until' loop")
    return 0


def run_break(call: Call) -> Result:
    """Leave loops."""
    return _leave_loops(call, goes_on=False)


def run_continue(call: Call) -> Result:
    """Begin the next round of a loop."""
    return _leave_loops(call, goes_on=True)


def run_colon(call: Call) -> Result:
    """Do nothing."""
    del call
    return 0


def run_eval(call: Call) -> Result:
    """Run the arguments as commands."""
    words = call.words[1:] if call.words[:1] == ["--"] else call.words
    text = " ".join(words)
    call.state.status = 0
    return TextFrame(text, prefix="eval: ", line=max(call.state.line, 1)) if text.strip() else 0


def run_source(call: Call) -> Result:
    """Run the commands of a file in this shell."""
    if not call.words:
        raise BuiltinProblem("filename argument required", 2)
    name = call.words[0]
    path = _find_script(call.system, name, call.state.variables.get("PATH") or "")
    try:
        if call.system.stat(path).kind == "directory":
            raise BuiltinProblem(f"{name}: is a directory")
        data = call.system.read_file(path)
    except Errno as error:
        return _not_found(call, name, error)
    saved = None
    if call.words[1:]:
        saved = call.state.positional
        call.state.positional = call.words[1:]
    text = data[:SCRIPT_BYTES_MAX].decode("utf-8", "surrogateescape")
    call.state.status = 0
    return SourceFrame(text, saved)


def _not_found(call: Call, name: str, error: Errno) -> Result:
    if call.state.dialect.name == "bash":
        call.shell.complain(f"{name}: {error.text}")
        return 1
    if call.state.dialect.name == "dash":
        call.complain(f"cannot open {name}: No such file")
    else:
        call.complain(f"can't open '{name}': {error.text}")
    if not call.state.is_interactive:
        call.shell.exit(call.system, 2)
        return None
    return 2


def _find_script(system: System, name: str, path: str) -> str:
    if "/" not in name:
        for directory in path.split(":"):
            candidate = f"{directory or '.'}/{name}"
            if system.exists(candidate):
                return candidate
    return name


def run_exec(call: Call) -> Result:
    """Become another program; without one, the redirects stay."""
    words = call.words
    name = ""
    while words and words[0].startswith("-") and len(words[0]) > 1:
        option = words[0]
        words = words[1:]
        if option == "--":
            break
        if option == "-a" and words:
            name, words = words[0], words[1:]
        elif option not in ("-l", "-c", "-cl", "-lc"):
            raise BuiltinProblem(f"{option}: invalid option", 2)
    if not words:
        return 0
    shell, system = call.shell, call.system
    environment = call.state.variables.environment()
    target = words[0]
    try:
        if "/" not in target:
            found = shell.find_program(system, target, call.state.variables.get("PATH"))
            if found is None:
                raise Errno("ENOENT")
            target = found
        system.execute([name or words[0], *words[1:]], environment, target)
    except Errno as error:
        is_missing = error.name == "ENOENT" and "/" not in words[0]
        shell.complain(f"exec: {words[0]}: {'not found' if is_missing else error.text}")
        if not call.state.is_interactive:
            shell.exit(system, 127 if error.name == "ENOENT" else 126)
            return None
        return 127 if error.name == "ENOENT" else 126
    shell.is_replaced = True
    return None


BUILTINS = (
    Builtin(":", run_colon, is_special=True),
    Builtin("true", run_colon),
    Builtin("exit", run_exit, is_special=True),
    Builtin("return", run_return, is_special=True),
    Builtin("break", run_break, is_special=True),
    Builtin("continue", run_continue, is_special=True),
    Builtin("eval", run_eval, is_special=True),
    Builtin(".", run_source, is_special=True),
    Builtin("source", run_source, BASH_AND_ASH),
    Builtin("exec", run_exec, is_special=True),
    Builtin("logout", run_exit, frozenset(("bash",))),
)
