"""Entrypoint scripts: they read as scripts, and run as programs of ours.

Almost every container of an official image begins with one, so they must cost nothing. A script
that somebody has changed is a plain file then, which the container's shell runs.
"""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.filesystem.nodes import File
from cluster_engine.runtime.program import AGAIN, Exited, Outcome
from cluster_engine.runtime.system import System

_NOT_FOUND, _NOT_EXECUTABLE = 127, 126


class Script(File):
    """A script of an image, and the name of the program that does what it says."""

    __slots__ = ("_runs",)

    def __init__(self, content: str, runs: str) -> None:
        super().__init__(content.encode(), 0o755)
        self._runs = runs

    @property
    def program(self) -> str:
        return self._runs


class Entrypoint:
    """Prepares the container, then becomes the command that it was given."""

    def __init__(self, arguments: list[str]) -> None:
        self.arguments = arguments

    def step(self, system: System) -> Outcome:
        """All of it is done in one step."""
        words = self.prepare(system, self.arguments[1:])
        if isinstance(words, int):
            return Exited(words)
        if not words:
            return Exited(0)
        try:
            system.execute(words, None)
        except Errno as error:
            is_missing = error.name == "ENOENT"
            text = "not found" if is_missing else error.text
            system.write(2, f"{self.arguments[0]}: exec: {words[0]}: {text}\n".encode())
            return Exited(_NOT_FOUND if is_missing else _NOT_EXECUTABLE)
        return AGAIN

    def signal(self, system: System, number: int) -> bool:
        """As a shell has it: nothing is caught."""
        del system, number
        return False

    def prepare(self, system: System, words: list[str]) -> list[str] | int:
        """The command to become, or the code to end with."""
        del system
        return words


class CommandOr(Entrypoint):
    """Runs the command that it is given, or `default` with the words that are none."""

    default = ""

    def prepare(self, system: System, words: list[str]) -> list[str] | int:
        """A first word that is an option, or not to be found, belongs to the default."""
        if not words or words[0].startswith("-") or system.find_program(words[0]) is None:
            return [self.default, *words]
        return words
