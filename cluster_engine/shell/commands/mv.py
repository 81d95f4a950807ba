"""mv: moves and renames."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation
from cluster_engine.shell.commands.copying import Copying, Manner, is_folder
from cluster_engine.shell.commands.cp import into, targets
from cluster_engine.shell.commands.options import Options, parse
from cluster_engine.shell.commands.rm import Removal

_LONG = {
    "force": "f",
    "verbose": "v",
    "no-clobber": "n",
    "interactive": "i",
    "update": "u?",
    "target-directory": "t",
    "no-target-directory": "T",
}


def run(invocation: Invocation) -> int:
    """Move the sources to the target, or into it when it is a folder."""
    options, operands = parse(invocation, "fvniTu", "t", _LONG)
    sources, target = targets(invocation, options, operands)
    system = invocation.system
    places = [(source, into(invocation, source, target, options)) for source in sources]
    choice = options.last("fni")
    if choice == "n":
        places = [pair for pair in places if not system.exists(pair[1])]
    elif choice == "i":
        places = [
            pair
            for pair in places
            if not system.exists(pair[1]) or invocation.ask(f"overwrite '{pair[1]}'? ")
        ]
    code = 0
    for source, place in places:
        if not _move(invocation, source, place):
            code = 1
        elif "v" in options:
            words = f"'{source}' -> '{place}'"
            invocation.line(invocation.either(f"renamed {words}", words))
    return code


def _move(invocation: Invocation, source: str, place: str) -> bool:
    system = invocation.system
    try:
        status = system.lstat(source)
        if not invocation.is_busybox:
            problem = _problem(invocation, source, place, status.kind == "directory")
            if problem:
                invocation.complain(problem)
                return False
        system.rename(source, place)
    except Errno as error:
        if error.name == "EXDEV":
            return _move_across(invocation, source, place)
        if invocation.is_busybox:
            invocation.complain(f"can't rename '{source}': {error.text}")
        elif error.name == "ENOENT" and not _is_there(invocation, source):
            invocation.complain(f"cannot stat '{source}': {error.text}")
        else:
            invocation.complain(f"cannot move '{source}' to '{place}': {error.text}")
        return False
    return True


def _problem(invocation: Invocation, source: str, place: str, is_directory: bool) -> str:
    system = invocation.system
    if _is_there(invocation, place):
        if system.realpath(source) == system.realpath(place):
            return f"'{source}' and '{place}' are the same file"
        if is_folder(system, place) and not is_directory:
            return f"cannot overwrite directory '{place}' with non-directory"
        if is_directory and not is_folder(system, place):
            return f"cannot overwrite non-directory '{place}' with directory '{source}'"
    if is_directory and f"{place}/".startswith(f"{source.rstrip('/')}/"):
        return f"cannot move '{source}' to a subdirectory of itself, '{place}'"
    return ""


def _is_there(invocation: Invocation, path: str) -> bool:
    return invocation.system.exists(path)


def _move_across(invocation: Invocation, source: str, place: str) -> bool:
    """Between file systems: copy, then remove."""
    copying = Copying(invocation, Manner(is_deep=True, keeps_links=True, keeps_all=True))
    options = Options()
    options.add("r", "")
    options.add("f", "")
    return copying.copy(source, place) and Removal(invocation, options).remove(source)


COMMAND = Command("mv", run)
