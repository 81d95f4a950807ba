"""wc: lines, words and bytes."""

from __future__ import annotations

from dataclasses import dataclass

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import STDIN, Invocation
from cluster_engine.shell.commands.options import parse
from cluster_engine.shell.commands.streaming import InputFilter

_LONG = {"lines": "l", "words": "w", "bytes": "c", "chars": "m", "max-line-length": "L"}
#: The order of the columns.
_LETTERS = "lwmcL"
_BLANKS = b" \t\n\v\f\r"
_PIPE_WIDTH = 7


@dataclass(slots=True)
class _Counts:
    lines: int = 0
    words: int = 0
    characters: int = 0
    size: int = 0
    longest: int = 0
    #: Of the line and the word under way.
    width: int = 0
    is_in_word: bool = False

    def take(self, data: bytes) -> None:
        self.lines += data.count(b"\n")
        self.size += len(data)
        self.characters += sum(byte & 0xC0 != 0x80 for byte in data)
        words = len(data.split())
        if words and self.is_in_word and data[:1] not in (bytes([b]) for b in _BLANKS):
            words -= 1
        self.words += words
        self.is_in_word = data[-1:] not in (bytes([b]) for b in _BLANKS)
        first, *others = data.split(b"\n")
        self.width += len(first.decode("utf-8", "replace"))
        self.longest = max(self.longest, self.width)
        for line in others:
            self.width = len(line.decode("utf-8", "replace"))
            self.longest = max(self.longest, self.width)

    def add(self, other: _Counts) -> None:
        self.lines += other.lines
        self.words += other.words
        self.characters += other.characters
        self.size += other.size
        self.longest = max(self.longest, other.longest)

    def numbers(self, wanted: str) -> list[int]:
        values = (self.lines, self.words, self.characters, self.size, self.longest)
        return [values[_LETTERS.index(letter)] for letter in wanted]


class Wc(InputFilter):
    """The program."""

    def __init__(self, arguments: list[str], *, is_busybox: bool = False) -> None:
        super().__init__(arguments, is_busybox=is_busybox)
        self._wanted = ""
        self._is_table = False
        self._width = 1
        self._counts = _Counts()
        self._total = _Counts()
        self._names: list[str] = []

    def begin(self, call: Invocation) -> list[str]:
        """Read the options, look how wide numbers can get."""
        options, files = parse(call, "lwcmL", "", _LONG)
        wanted = "".join(letter for letter in _LETTERS if letter in options)
        self._wanted = wanted or "lwc"
        self._names = list(files)
        self._width = self._number_width(call, files)
        return files or ["-"]

    def opened(self, call: Invocation, name: str) -> None:
        """Start counting."""
        self._counts = _Counts()

    def piece(self, call: Invocation, data: bytes) -> None:
        """Count."""
        self._counts.take(data)

    def closed(self, call: Invocation, name: str) -> None:
        """Print what was counted."""
        self._print(call, self._counts, name if self._names else "")
        self._total.add(self._counts)

    def finish(self, call: Invocation) -> None:
        """Print the sum of several files."""
        if len(self._names) > 1:
            self._print(call, self._total, "total")

    def _print(self, call: Invocation, counts: _Counts, name: str) -> None:
        cells = [str(number).rjust(self._width) for number in counts.numbers(self._wanted)]
        call.line(" ".join(cells) + (f" {name}" if name else ""))

    def _number_width(self, call: Invocation, files: list[str]) -> int:
        if len(files) <= 1 and len(self._wanted) == 1:
            return 1
        if call.is_busybox:
            return 9
        least, total = 1, 0
        for name in files or ["-"]:
            try:
                status = call.system.fstat(STDIN) if name == "-" else call.system.stat(name)
            except Errno:
                continue
            if status.kind == "file":
                total += status.size
            else:
                least = _PIPE_WIDTH
        return max(least, len(str(total)))
