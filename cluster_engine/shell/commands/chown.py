"""chown and chgrp: change who owns a file."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.accounts import Accounts, find_group, find_user
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.options import Options, parse
from cluster_engine.shell.commands.walk import walk

_LONG = {
    "recursive": "R",
    "verbose": "v",
    "changes": "c",
    "silent": "f",
    "quiet": "f",
    "no-dereference": "h",
    "reference": "reference=",
    "from": "from=",
}


def run(invocation: Invocation) -> int:
    """Give each path the owner (`user`, `user:group`, `:group`); -R with all below."""
    options, operands = parse(invocation, "RvfhcLPH", "", _LONG)
    if "reference" in options:
        status = invocation.system.stat(options["reference"])
        operands.insert(0, f"{status.uid}:{status.gid}")
    if not operands:
        raise UsageError("missing operand", has_hint=True)
    if len(operands) == 1:
        raise UsageError(f"missing operand after '{operands[0]}'", has_hint=True)
    wish, *paths = operands
    uid, gid = _owner(invocation, wish)
    code = 0
    for path in paths:
        for place in walk(invocation.system, path) if "R" in options else [path]:
            if not _change(invocation, place, uid, gid, options):
                code = 1
    return code


def _change(invocation: Invocation, place: str, uid: int, gid: int, options: Options) -> bool:
    system = invocation.system
    follows = "h" not in options and "R" not in options
    try:
        before = system.stat(place) if follows else system.lstat(place)
        system.chown(place, uid, gid, follow=follows)
    except Errno as error:
        if "f" not in options:
            what = "group" if invocation.name == "chgrp" else "ownership"
            gnu = f"changing {what} of '{place}': {error.text}"
            if error.name in ("ENOENT", "ENOTDIR"):
                gnu = f"cannot access '{place}': {error.text}"
            invocation.complain(invocation.either(gnu, f"{place}: {error.text}"))
        return False
    is_change = (uid not in (-1, before.uid)) or (gid not in (-1, before.gid))
    if "v" in options or ("c" in options and is_change):
        names = Accounts(system)
        then, now = names.user(before.uid), names.user(uid if uid >= 0 else before.uid)
        if gid >= 0:
            then, now = f"{then}:{names.group(before.gid)}", f"{now}:{names.group(gid)}"
        if invocation.is_busybox:
            number = before.gid if gid < 0 else gid
            invocation.line(f"changed ownership of '{place}' to {uid}:{number}")
        elif is_change:
            invocation.line(f"changed ownership of '{place}' from {then} to {now}")
        else:
            invocation.line(f"ownership of '{place}' retained as {now}")
    return True


def _owner(invocation: Invocation, wish: str) -> tuple[int, int]:
    system = invocation.system
    text = f":{wish}" if invocation.name == "chgrp" else wish
    separator = ":" if ":" in text else "."
    user, colon, group = text.partition(separator)
    if separator == "." and find_user(system, text) is not None:
        user, colon, group = text, "", ""
    uid = gid = -1
    if user:
        found = find_user(system, user)
        if found is None:
            kind = "user/group" if colon else "user"
            busybox = f"unknown {kind} {wish}"
            raise UsageError(invocation.either(f"invalid user: '{wish}'", busybox))
        uid = found[0]
        gid = found[1] if colon and not group else -1
    if group:
        number = find_group(system, group)
        if number is None:
            kind = "user/group" if user else "group"
            busybox = f"unknown {kind} {wish}"
            raise UsageError(invocation.either(f"invalid group: '{wish}'", busybox))
        gid = number
    return uid, gid


COMMAND = Command("chown", run)
