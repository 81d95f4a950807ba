"""id, whoami and groups: who am I."""

from __future__ import annotations

from cluster_engine.shell.commands.accounts import entries, find_user, group_name, user_name
from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.options import parse


def run(invocation: Invocation) -> int:
    """Print user and groups; -u, -g, -G, -n parts of it."""
    long = {"user": "u", "group": "g", "groups": "G", "name": "n"}
    options, operands = parse(invocation, "ugGnr", "", long)
    system = invocation.system
    uid, gid, groups = system.uid, system.gid, list(system.groups)
    if operands:
        found = find_user(system, operands[0])
        if found is None:
            raise UsageError(f"'{operands[0]}': no such user")
        (uid, gid), groups = found, []
        name = user_name(system, uid)
        for entry in entries(system, "group"):
            if name in entry[3].split(","):
                groups.append(int(entry[2]))
    if gid not in groups:
        groups.insert(0, gid)
    if "u" in options:
        invocation.line(user_name(system, uid) if "n" in options else str(uid))
    elif "g" in options:
        invocation.line(group_name(system, gid) if "n" in options else str(gid))
    elif "G" in options:
        shown = [group_name(system, group) if "n" in options else str(group) for group in groups]
        invocation.line(" ".join(shown))
    else:
        listed = ",".join(_named(group, group_name(system, group)) for group in groups)
        user = _named(uid, user_name(system, uid))
        group = _named(gid, group_name(system, gid))
        invocation.line(f"uid={user} gid={group} groups={listed}")
    return 0


def whoami(invocation: Invocation) -> int:
    """Print the user's name."""
    name = user_name(invocation.system, invocation.system.uid)
    if name.isdigit():
        invocation.complain(f"cannot find name for user ID {name}")
        return 1
    invocation.line(name)
    return 0


def groups(invocation: Invocation) -> int:
    """Print the names of the groups."""
    system = invocation.system
    numbers = [system.gid, *[group for group in system.groups if group != system.gid]]
    invocation.line(" ".join(group_name(system, number) for number in numbers))
    return 0


def _named(number: int, name: str) -> str:
    return str(number) if name == str(number) else f"{number}({name})"


COMMAND = Command("id", run)
WHOAMI = Command("whoami", whoami)
GROUPS = Command("groups", groups)
