"""Small tools that images bring along."""

from __future__ import annotations

from cluster_engine.images.scripts import CommandOr
from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import AGAIN, Exited, Outcome
from cluster_engine.runtime.system import System

_STDERR = 2


class CurlEntrypoint(CommandOr):
    """Of curlimages/curl."""

    default = "curl"


class Gosu:
    """gosu: becomes another user, then another command."""

    def __init__(self, arguments: list[str]) -> None:
        self._arguments = arguments

    def step(self, system: System) -> Outcome:
        """`gosu user[:group] command …`."""
        words = self._arguments[1:]
        if len(words) < 2:
            system.write(_STDERR, b"Usage: gosu user-spec command [args]\n")
            return Exited(1)
        user = _user(system, words[0].partition(":")[0])
        if user is None:
            text = f'error: failed switching to "{words[0]}": unable to find user {words[0]}\n'
            system.write(_STDERR, text.encode())
            return Exited(1)
        try:
            system.set_user(*user)
            system.execute(words[1:], None)
        except Errno as error:
            if error.name == "EPERM":
                text = f'error: failed switching to "{words[0]}": operation not permitted\n'
            else:
                text = f'error: exec: "{words[1]}": {error.text.lower()}\n'
            system.write(_STDERR, text.encode())
            return Exited(1)
        return AGAIN

    def signal(self, system: System, number: int) -> bool:
        """Nothing is caught."""
        del system, number
        return False


def _user(system: System, name: str) -> tuple[int, int] | None:
    if name.isdecimal():
        return int(name), int(name)
    try:
        lines = system.read_file("/etc/passwd").decode("utf-8", "replace").splitlines()
    except Errno:
        return None
    for line in lines:
        fields = line.split(":")
        if len(fields) > 3 and fields[0] == name:
            return int(fields[2]), int(fields[3])
    return None
