"""xargs: its input as arguments of a command."""

from __future__ import annotations

import shlex

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.program import AGAIN, Exited, Outcome, Waiting
from cluster_engine.runtime.system import Spawn, System
from cluster_engine.shell.commands.command import STDERR, STDIN

_WORDS_MAX = 5000
_VALUED = {"-n", "-I", "-L", "-d", "-P", "-s"}


class Xargs:
    """The program: reads everything, then runs a child at a time."""

    def __init__(self, arguments: list[str]) -> None:
        words = arguments[1:]
        self._options: dict[str, str] = {}
        while words and words[0].startswith("-") and len(words[0]) > 1:
            word = words.pop(0)
            if word[:2] in _VALUED:
                value = word[2:] or (words.pop(0) if words else "")
                self._options[word[1]] = value
            else:
                for letter in word[1:]:
                    self._options[letter] = ""
        self._command = words or ["echo"]
        self._input = bytearray()
        self._batches: list[list[str]] | None = None
        self._child = 0
        self._code = 0

    def step(self, system: System) -> Outcome:
        """Read, then run."""
        if self._batches is None:
            data = system.read(STDIN)
            if data is None:
                return Waiting(readable=(STDIN,))
            if data:
                self._input += data
                return AGAIN
            self._batches = self._split()
        if self._child:
            ended = system.wait(self._child)
            if ended is None:
                return Waiting(children=(self._child,))
            self._child = 0
            if ended.status:
                self._code = 123
        if not self._batches:
            return Exited(self._code)
        return self._start(system, self._batches.pop(0))

    def signal(self, system: System, number: int) -> bool:
        """Signals have their usual effect."""
        del system, number
        return False

    def _split(self) -> list[list[str]]:
        text = self._input.decode("utf-8", "surrogateescape")
        if "0" in self._options:
            words = [word for word in text.split("\0") if word]
        elif "d" in self._options:
            delimiter = self._options["d"].replace("\\n", "\n").replace("\\t", "\t") or "\n"
            words = [word for word in text.removesuffix("\n").split(delimiter) if word]
        elif "I" in self._options or "L" in self._options:
            words = [line.strip() for line in text.splitlines() if line.strip()]
        else:
            try:
                words = shlex.split(text)
            except ValueError:
                words = text.split()
        if "I" in self._options:
            mark = self._options["I"] or "{}"
            return [[part.replace(mark, word) for part in self._command] for word in words]
        if not words and "r" in self._options:
            return []
        size = int(self._options.get("n") or self._options.get("L") or _WORDS_MAX)
        batches = [words[at : at + size] for at in range(0, len(words), max(size, 1))] or [[]]
        return [[*self._command, *batch] for batch in batches]

    def _start(self, system: System, words: list[str]) -> Outcome:
        if "t" in self._options:
            system.write(STDERR, (" ".join(words) + "\n").encode())
        try:
            self._child = system.spawn(Spawn(words))
        except Errno as error:
            system.write(STDERR, f"xargs: {words[0]}: {error.text}\n".encode())
            return Exited(127 if error.name == "ENOENT" else 126)
        return AGAIN
