"""chmod: changes permissions."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.sizes import parse_mode
from cluster_engine.shell.commands.walk import walk


def run(invocation: Invocation) -> int:
    """Give each path the mode; -R with all below."""
    words = invocation.arguments[1:]
    flags = [word for word in words if word in ("-R", "--recursive", "-v", "-f", "-c")]
    operands = [word for word in words if word not in flags]
    if len(operands) < 2:
        what = "missing operand" if not operands else f"missing operand after '{operands[0]}'"
        raise UsageError(f"{what}\nTry 'chmod --help' for more information.")
    wish, *paths = operands
    is_deep = "-R" in flags or "--recursive" in flags
    code = 0
    for path in paths:
        for place in walk(invocation.system, path) if is_deep else [path]:
            try:
                status = invocation.system.stat(place)
                mode = parse_mode(wish, status.mode, status.kind == "directory")
                invocation.system.chmod(place, mode)
            except Errno as error:
                text = f"cannot access '{place}': {error.text}"
                if error.name == "EPERM":
                    text = f"changing permissions of '{place}': {error.text}"
                invocation.complain(text)
                code = 1
    return code


COMMAND = Command("chmod", run)
