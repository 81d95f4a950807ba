"""cd, pwd, pushd, popd, dirs."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.builtins.call import BASH_ONLY, Builtin, BuiltinProblem, Call, Result


def _joined(base: str, path: str) -> str:
    """A path from `base`, with "." and ".." taken away by their names (as `cd -L` does)."""
    whole = path if path.startswith("/") else f"{base}/{path}"
    parts: list[str] = []
    for part in whole.split("/"):
        if part == "..":
            if parts:
                parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/" + "/".join(parts)


def present(call: Call) -> str:
    """The working directory as the shell names it: links as they were gone through."""
    held = call.state.variables.get("PWD")
    system = call.system
    if held and held.startswith("/"):
        try:
            if system.realpath(held) == system.cwd:
                return held
        except Errno:
            pass
    return system.cwd


def _go(call: Call, path: str) -> bool:
    """Go there; complains when it cannot."""
    before = present(call)
    target = _joined(before, path)
    try:
        call.system.chdir(target)
    except Errno as error:
        name = call.state.dialect.name
        if name == "bash":
            call.complain(f"{path}: {error.text}")
        elif name == "dash":
            call.complain(f"can't cd to {path}")
        else:
            call.complain(f"can't cd to {path}: {error.text}")
        return False
    call.state.variables.set("OLDPWD", before)
    call.state.variables.set("PWD", target)
    return True


def run_cd(call: Call) -> Result:
    """Go to another directory."""
    flags, words = call.flags("LPe@") if call.words[:1] != ["-"] else ("", call.words)
    if len(words) > 1 and call.state.dialect.name == "bash":
        raise BuiltinProblem("too many arguments")
    path = words[0] if words else call.state.variables.get("HOME") or ""
    if not path:
        if words:
            return 0
        raise BuiltinProblem("HOME not set")
    shows = False
    if path == "-":
        path = call.state.variables.get("OLDPWD") or ""
        shows = True
        if not path:
            raise BuiltinProblem("OLDPWD not set")
    elif not path.startswith(("/", "./", "../")) and path not in (".", ".."):
        for base in (call.state.variables.get("CDPATH") or "").split(":"):
            candidate = f"{base}/{path}" if base else path
            if base and call.shell.is_directory(call.system, candidate):
                path, shows = candidate, True
                break
    if not _go(call, path):
        return 1 if call.state.dialect.name == "bash" else 2
    if "P" in flags:
        call.state.variables.set("PWD", call.system.cwd)
    if shows:
        call.line(call.state.variables.get("PWD") or "")
    return 0


def run_pwd(call: Call) -> Result:
    """Print the working directory."""
    flags, _ = call.flags("LP")
    call.line(call.system.cwd if flags.endswith("P") else present(call))
    return 0


def _shown(call: Call, path: str) -> str:
    home = call.state.variables.get("HOME") or ""
    if home and home != "/" and (path == home or path.startswith(f"{home}/")):
        return "~" + path[len(home) :]
    return path


def _show_stack(call: Call) -> None:
    stack = [present(call), *call.state.directories]
    call.line(" ".join(_shown(call, path) for path in stack))


def run_pushd(call: Call) -> Result:
    """Go to a directory and remember the present one."""
    stack = call.state.directories
    before = present(call)
    if call.words:
        if not _go(call, call.words[0]):
            return 1
        stack.insert(0, before)
    else:
        if not stack:
            raise BuiltinProblem("no other directory")
        if not _go(call, stack[0]):
            return 1
        stack[0] = before
    _show_stack(call)
    return 0


def run_popd(call: Call) -> Result:
    """Go back to the directory remembered last."""
    if not call.state.directories:
        raise BuiltinProblem("directory stack empty")
    if not _go(call, call.state.directories[0]):
        return 1
    del call.state.directories[0]
    _show_stack(call)
    return 0


def run_dirs(call: Call) -> Result:
    """Show the remembered directories."""
    flags, _ = call.flags("clpv")
    if "c" in flags:
        call.state.directories.clear()
        return 0
    if "p" in flags or "v" in flags:
        for number, path in enumerate([present(call), *call.state.directories]):
            call.line(f"{number:2d}  {_shown(call, path)}" if "v" in flags else _shown(call, path))
        return 0
    _show_stack(call)
    return 0


BUILTINS = (
    Builtin("cd", run_cd),
    Builtin("chdir", run_cd, frozenset(("dash", "ash"))),
    Builtin("pwd", run_pwd),
    Builtin("pushd", run_pushd, BASH_ONLY),
    Builtin("popd", run_popd, BASH_ONLY),
    Builtin("dirs", run_dirs, BASH_ONLY),
)
