"""chown and chgrp: change who owns a file."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.accounts import find_group, find_user
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.options import parse
from cluster_engine.shell.commands.walk import walk


def run(invocation: Invocation) -> int:
    """Give each path the owner (`user`, `user:group`, `:group`); -R with all below."""
    options, operands = parse(invocation, "RvfhLP", "", {"recursive": "R"})
    if len(operands) < 2:
        what = "missing operand" if not operands else f"missing operand after '{operands[0]}'"
        raise UsageError(f"{what}\nTry '{invocation.name} --help' for more information.")
    wish, *paths = operands
    uid, gid = _owner(invocation, wish)
    code = 0
    for path in paths:
        for place in walk(invocation.system, path) if "R" in options else [path]:
            try:
                invocation.system.chown(place, uid, gid, follow="h" not in options)
            except Errno as error:
                what = "group" if invocation.name == "chgrp" else "ownership"
                text = f"changing {what} of '{place}': {error.text}"
                if error.name == "ENOENT":
                    text = f"cannot access '{place}': {error.text}"
                invocation.complain(text)
                code = 1
    return code


def _owner(invocation: Invocation, wish: str) -> tuple[int, int]:
    system = invocation.system
    if invocation.name == "chgrp":
        wish = f":{wish}"
    user, colon, group = wish.partition(":")
    uid = gid = -1
    if user:
        found = find_user(system, user)
        if found is None:
            raise UsageError(f"invalid user: '{wish}'")
        uid = found[0]
        gid = found[1] if colon and not group else -1
    if group:
        number = find_group(system, group)
        if number is None:
            raise UsageError(f"invalid group: '{group}'")
        gid = number
    return uid, gid


COMMAND = Command("chown", run)
