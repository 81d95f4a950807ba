"""The main input of an awk program: the files that ARGV names, one after the other."""

from __future__ import annotations

import re
from collections.abc import Callable

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import System
from cluster_engine.shell.commands.awk.limits import OpenProblem
from cluster_engine.shell.commands.awk.record import Patterns
from cluster_engine.shell.commands.awk.streams import Got, Reader, path
from cluster_engine.shell.commands.command import STDIN

_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)=(.*)", re.ASCII | re.DOTALL)


class Inputs:
    """What is read, and what comes next."""

    def __init__(self) -> None:
        self._reader: Reader | None = None
        self._next = 1
        self._has_read = False
        self.name = ""

    def read(self, system: System, separator: str, patterns: Patterns) -> Got:
        """The next record of the file that is open; None when it (or none) is."""
        if self._reader is None:
            return None
        try:
            found = self._reader.read(system, separator, patterns)
        except Errno as error:
            raise read_problem(error) from None
        if found is None:
            self.skip_file(system)
        return found

    def skip_file(self, system: System) -> None:
        """No more of this file."""
        if self._reader is not None:
            self._reader.close(system)
            self._reader = None

    def open_next(
        self,
        system: System,
        argument: Callable[[int], str | None],
        assign: Callable[[str, str], None],
    ) -> bool:
        """Open the next file; False when there is none. Assignments on the way are made.

        `argument` tells what ARGV says at a place, None beyond its end. Raises OpenProblem.
        """
        while (word := argument(self._next)) is not None:
            self._next += 1
            setting = _ASSIGNMENT.fullmatch(word)
            if setting is not None:
                assign(setting[1], setting[2])
            elif word:
                self._open(system, word)
                return True
        if self._has_read:
            return False
        self._open(system, "")
        return True

    def _open(self, system: System, name: str) -> None:
        try:
            is_standard = name in ("", "-", "/dev/stdin")
            self._reader = Reader(STDIN if is_standard else system.open(path(name)))
        except Errno as error:
            raise OpenProblem(
                f"cannot open {path(name)} ({error.text})", f"{path(name)}: {error.text}"
            ) from None
        self._has_read = True
        self.name = name


def read_problem(error: Errno) -> OpenProblem:
    """A file that is open cannot be read."""
    return OpenProblem(f"read error ({error.text})", f"cmd. line:1: {error.text}")
