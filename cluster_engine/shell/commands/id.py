"""id, whoami, groups and logname: who am I."""

from __future__ import annotations

from cluster_engine.shell.commands.accounts import entries, find_user, group_name, user_name
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.options import parse

_LONG = {"user": "u", "group": "g", "groups": "G", "name": "n", "real": "r", "zero": "z"}


def _identity(invocation: Invocation, name: str | None) -> tuple[int, int, list[int]]:
    """User, group and all groups: the process' own, or those of a named user."""
    system = invocation.system
    if name is None:
        uid, gid, groups = system.uid, system.gid, list(system.groups)
    else:
        found = find_user(system, name)
        known = any(name in (entry[0], entry[2]) for entry in entries(system, "passwd"))
        if found is None or not known:
            raise UsageError(invocation.either(f"'{name}': no such user", f"unknown user {name}"))
        uid, gid = found
        login = user_name(system, uid)
        groups = [
            int(entry[2])
            for entry in entries(system, "group")
            if login in entry[3].split(",") and entry[2].isdecimal()
        ]
    if gid not in groups:
        groups.insert(0, gid)
    return uid, gid, groups


def run(invocation: Invocation) -> int:
    """Print user and groups; -u, -g, -G, -n parts of it."""
    options, operands = parse(invocation, "ugGnrz", "", _LONG)
    if "n" in options and not any(letter in options for letter in "ugG"):
        raise UsageError("cannot print only names or real IDs in default format")
    system = invocation.system
    code = 0
    for name in (*operands,) or (None,):
        try:
            uid, gid, groups = _identity(invocation, name)
        except UsageError as error:
            code = invocation.misused(error)
            continue
        is_named = "n" in options
        if "u" in options:
            invocation.line(user_name(system, uid) if is_named else str(uid))
        elif "g" in options:
            invocation.line(group_name(system, gid) if is_named else str(gid))
        elif "G" in options:
            shown = [group_name(system, each) if is_named else str(each) for each in groups]
            invocation.line(" ".join(shown))
        else:
            listed = ",".join(_named(each, group_name(system, each)) for each in groups)
            user = _named(uid, user_name(system, uid))
            group = _named(gid, group_name(system, gid))
            invocation.line(f"uid={user} gid={group} groups={listed}")
    return code


def whoami(invocation: Invocation) -> int:
    """Print the user's name."""
    _, extra = parse(invocation, "")
    if extra:
        raise UsageError(f"extra operand '{extra[0]}'", has_hint=True)
    number = invocation.system.uid
    name = user_name(invocation.system, number)
    if name == str(number):
        gnu = f"cannot find name for user ID {number}"
        invocation.complain(invocation.either(gnu, f"unknown uid {number}"))
        return 1
    invocation.line(name)
    return 0


def groups(invocation: Invocation) -> int:
    """Print the names of the groups."""
    _, names = parse(invocation, "")
    for name in (*names,) or (None,):
        _, _, numbers = _identity(invocation, name)
        shown = " ".join(group_name(invocation.system, number) for number in numbers)
        invocation.line(f"{name} : {shown}" if name and not invocation.is_busybox else shown)
    return 0


def logname(invocation: Invocation) -> int:
    """Nobody has logged in."""
    invocation.complain(invocation.either("no login name", "getlogin: No such device or address"))
    return 1


def _named(number: int, name: str) -> str:
    return str(number) if name == str(number) else f"{number}({name})"


COMMAND = Command("id", run)
WHOAMI = Command("whoami", whoami)
GROUPS = Command("groups", groups)
LOGNAME = Command("logname", logname)
