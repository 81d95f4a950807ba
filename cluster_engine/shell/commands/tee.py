"""tee: its input to files and to standard output."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import AGAIN, Exited, Outcome, Waiting
from cluster_engine.runtime.system import System
from cluster_engine.shell.commands.command import STDERR, STDIN, STDOUT


class Tee:
    """The program."""

    def __init__(self, arguments: list[str]) -> None:
        words = arguments[1:]
        self._is_appending = "-a" in words or "--append" in words
        self._files = [word for word in words if not word.startswith("-")]
        self._is_begun = False
        self._pending = b""
        self._code = 0

    def step(self, system: System) -> Outcome:
        """Pass on what comes."""
        if not self._is_begun:
            self._is_begun = True
            for path in self._files if not self._is_appending else ():
                self._put(system, path, b"", is_appending=False)
        if self._pending:
            taken = system.write(STDOUT, self._pending)
            self._pending = self._pending[taken:]
            if not taken:
                return Waiting(writable=(STDOUT,))
            return AGAIN
        data = system.read(STDIN)
        if data is None:
            return Waiting(readable=(STDIN,))
        if not data:
            return Exited(self._code)
        for path in self._files:
            self._put(system, path, data, is_appending=True)
        self._pending = data
        return AGAIN

    def signal(self, system: System, number: int) -> bool:
        """Signals have their usual effect."""
        del system, number
        return False

    def _put(self, system: System, path: str, data: bytes, *, is_appending: bool) -> None:
        try:
            system.write_file(path, data, append=is_appending)
        except Errno as error:
            system.write(STDERR, f"tee: {path}: {error.text}\n".encode())
            self._code = 1
