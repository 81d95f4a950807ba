"""mv: moves and renames."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation, call
from cluster_engine.shell.commands.cp import COMMAND as CP
from cluster_engine.shell.commands.cp import into, targets
from cluster_engine.shell.commands.options import parse
from cluster_engine.shell.commands.rm import COMMAND as RM

_LONG = {"force": "f", "verbose": "v", "no-clobber": "n", "target-directory": "t"}


def run(invocation: Invocation) -> int:
    """Move the sources to the target, or into it when it is a folder."""
    options, operands = parse(invocation, "fvniTu", "t", _LONG)
    sources, target = targets(invocation, options, operands)
    code = 0
    for source in sources:
        place = into(invocation, source, target, options)
        if "n" in options and invocation.system.exists(place):
            continue
        if not _move(invocation, source, place):
            code = 1
        elif "v" in options:
            invocation.line(f"renamed '{source}' -> '{place}'")
    return code


def _move(invocation: Invocation, source: str, place: str) -> bool:
    system = invocation.system
    try:
        system.rename(source, place)
    except Errno as error:
        if error.name == "EXDEV":
            return _move_across(invocation, source, place)
        if error.name == "ENOENT":
            invocation.complain(f"cannot stat '{source}': {error.text}")
        else:
            invocation.complain(f"cannot move '{source}' to '{place}': {error.text}")
        return False
    return True


def _move_across(invocation: Invocation, source: str, place: str) -> bool:
    """Between file systems: copy, then remove."""
    copying = Invocation(invocation.system, ["mv", "-aT", source, place])
    removing = Invocation(invocation.system, ["mv", "-rf", source])
    done = call(CP, copying) == 0 and call(RM, removing) == 0
    invocation.err += copying.err + removing.err
    return done


COMMAND = Command("mv", run)
