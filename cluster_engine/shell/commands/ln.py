"""ln: makes links."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.basename import base_name
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.copying import is_folder
from cluster_engine.shell.commands.options import Options, parse

_LONG = {
    "symbolic": "s",
    "force": "f",
    "no-dereference": "n",
    "verbose": "v",
    "relative": "r",
    "target-directory": "t",
    "no-target-directory": "T",
}


def run(invocation: Invocation) -> int:
    """Link each target under a name; -s symbolically, -f in place of what is there."""
    options, operands = parse(invocation, "sfnvTribL", "tS", _LONG)
    if not operands:
        raise UsageError("missing file operand", has_hint=True)
    system = invocation.system
    if "t" in options:
        targets, folder = operands, options["t"]
    elif len(operands) == 1:
        targets, folder = operands, "."
    else:
        *targets, folder = operands
        is_link = "n" in options and _kind(invocation, folder) == "symlink"
        if len(targets) == 1 and ("T" in options or is_link or not is_folder(system, folder)):
            return 0 if _link(invocation, targets[0], folder, options) else 1
        if not is_folder(system, folder):
            raise UsageError(f"target '{folder}': No such file or directory")
    base = "" if folder == "." else f"{folder.rstrip('/')}/"
    results = [_link(invocation, target, base + base_name(target), options) for target in targets]
    return 0 if all(results) else 1


def _kind(invocation: Invocation, path: str) -> str:
    try:
        return invocation.system.lstat(path).kind
    except Errno:
        return ""


def _link(invocation: Invocation, target: str, name: str, options: Options) -> bool:
    system, is_symbolic = invocation.system, "s" in options
    try:
        if not is_symbolic:
            try:
                kind = system.stat(target).kind
            except Errno as error:
                gnu = f"failed to access '{target}': {error.text}"
                invocation.complain(invocation.either(gnu, f"{target}: {error.text}"))
                return False
            if kind == "directory":
                gnu = f"{target}: hard link not allowed for directory"
                invocation.complain(invocation.either(gnu, f"{name}: Operation not permitted"))
                return False
        if "f" in options:
            _drop(invocation, name)
        if is_symbolic:
            system.symlink(target, name)
        else:
            system.link(target, name)
    except Errno as error:
        words = "symbolic link" if is_symbolic else "hard link"
        gnu = f"failed to create {words} '{name}': {error.text}"
        invocation.complain(invocation.either(gnu, f"{name}: {error.text}"))
        return False
    if "v" in options:
        invocation.line(f"'{name}' -> '{target}'" if is_symbolic else f"'{name}' => '{target}'")
    return True


def _drop(invocation: Invocation, name: str) -> None:
    try:
        invocation.system.unlink(name)
    except Errno as error:
        if error.name != "ENOENT":
            raise


COMMAND = Command("ln", run)
