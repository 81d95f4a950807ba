"""Users and groups as /etc/passwd and /etc/group of the container say them."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import System


def entries(system: System, file: str) -> list[list[str]]:
    """The fields of each line of /etc/passwd or /etc/group; empty when it cannot be read."""
    try:
        lines = system.read_file(f"/etc/{file}").decode("utf-8", "replace").splitlines()
    except Errno:
        return []
    return [line.split(":") for line in lines if line.count(":") >= 3]


def user_name(system: System, uid: int) -> str:
    """The name of a user, or the number as text."""
    return next((e[0] for e in entries(system, "passwd") if e[2] == str(uid)), str(uid))


def group_name(system: System, gid: int) -> str:
    """The name of a group, or the number as text."""
    return next((e[0] for e in entries(system, "group") if e[2] == str(gid)), str(gid))


class Accounts:
    """Names looked up once and remembered, for listings."""

    def __init__(self, system: System) -> None:
        self._system = system
        self._users: dict[int, str] = {}
        self._groups: dict[int, str] = {}

    def user(self, uid: int) -> str:
        """As `user_name`."""
        if uid not in self._users:
            self._users[uid] = user_name(self._system, uid)
        return self._users[uid]

    def group(self, gid: int) -> str:
        """As `group_name`."""
        if gid not in self._groups:
            self._groups[gid] = group_name(self._system, gid)
        return self._groups[gid]


def find_user(system: System, name: str) -> tuple[int, int] | None:
    """(uid, gid) by name or number."""
    for entry in entries(system, "passwd"):
        if name in (entry[0], entry[2]):
            return int(entry[2]), int(entry[3])
    return (int(name), 0) if name.isdigit() else None


def find_group(system: System, name: str) -> int | None:
    """The gid by name or number."""
    for entry in entries(system, "group"):
        if name in (entry[0], entry[2]):
            return int(entry[2])
    return int(name) if name.isdigit() else None
