"""test and [: conditions."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import FileStatus
from cluster_engine.shell.commands.command import Command, Invocation, UsageError

_UNARY = set("bcdefghLkprsStuwxzn")
_BINARY = {"=", "==", "!=", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef"}


def run(invocation: Invocation) -> int:
    """0 when the expression holds, 1 when not, 2 when it is none."""
    words = list(invocation.arguments[1:])
    if invocation.name == "[" and (not words or words.pop() != "]"):
        raise UsageError("missing `]'", 2)
    try:
        return 0 if _Expression(invocation, words).value() else 1
    except RecursionError:
        raise UsageError("too many parentheses", 2) from None


class _Expression:
    """Evaluates left to right: or, and, not, primaries."""

    def __init__(self, invocation: Invocation, words: list[str]) -> None:
        self._invocation = invocation
        self._words = words
        self._at = 0

    def value(self) -> bool:
        """Whether all of it holds."""
        if not self._words:
            return False
        if len(self._words) == 2 and not self._is_unary(self._words[0]):
            raise UsageError(f"{self._words[0]}: unary operator expected", 2)
        found = self._either()
        if self._at < len(self._words):
            if len(self._words) > 3:
                raise UsageError("too many arguments", 2)
            raise UsageError(f"{self._words[self._at]}: binary operator expected", 2)
        return found

    def _is_unary(self, word: str) -> bool:
        return word == "!" or (len(word) == 2 and word[0] == "-" and word[1] in _UNARY)

    def _next(self) -> str:
        if self._at >= len(self._words):
            raise UsageError("argument expected", 2)
        self._at += 1
        return self._words[self._at - 1]

    def _peek(self, ahead: int = 0) -> str | None:
        place = self._at + ahead
        return self._words[place] if place < len(self._words) else None

    def _either(self) -> bool:
        found = self._both()
        while self._peek() == "-o":
            self._at += 1
            found = self._both() or found
        return found

    def _both(self) -> bool:
        found = self._negation()
        while self._peek() == "-a":
            self._at += 1
            found = self._negation() and found
        return found

    def _negation(self) -> bool:
        if self._peek() == "!" and len(self._words) - self._at > 1:
            self._at += 1
            return not self._negation()
        return self._primary()

    def _primary(self) -> bool:
        operator = self._peek(1)
        if operator in _BINARY and self._peek(2) is not None:
            left, _, right = self._next(), self._next(), self._next()
            return self._compare(left, str(operator), right)
        word = self._next()
        if word == "(" and self._peek() is not None:
            found = self._either()
            if self._peek() != ")":
                raise UsageError("`)' expected", 2)
            self._at += 1
            return found
        if len(word) == 2 and word[0] == "-" and word[1] in _UNARY and self._peek() is not None:
            return self._unary(word[1], self._next())
        return word != ""

    def _compare(self, left: str, operator: str, right: str) -> bool:
        if operator in ("=", "=="):
            return left == right
        if operator == "!=":
            return left != right
        if operator in "<>":
            return left < right if operator == "<" else left > right
        if operator in ("-nt", "-ot", "-ef"):
            return self._compare_files(left, operator, right)
        a, b = _integer(left), _integer(right)
        return {
            "-eq": a == b,
            "-ne": a != b,
            "-lt": a < b,
            "-le": a <= b,
            "-gt": a > b,
            "-ge": a >= b,
        }[operator]

    def _compare_files(self, left: str, operator: str, right: str) -> bool:
        one, other = self._status(left), self._status(right)
        if one is None or other is None:
            return operator == "-nt" and other is None and one is not None
        if operator == "-ef":
            return (one.inode, one.device) == (other.inode, other.device)
        newer = one.mtime_ms > other.mtime_ms
        return newer if operator == "-nt" else one.mtime_ms < other.mtime_ms

    def _unary(self, letter: str, word: str) -> bool:
        if letter == "z":
            return word == ""
        if letter == "n":
            return word != ""
        if letter == "t":
            return word.isdigit() and self._invocation.system.is_tty(int(word))
        if letter in "rwx":
            return self._invocation.system.access(word, {"r": 4, "w": 2, "x": 1}[letter])
        status = self._status(word, follows=letter not in "hL")
        if status is None:
            return False
        kinds = {"f": "file", "d": "directory", "L": "symlink", "h": "symlink", "p": "fifo"}
        kinds |= {"c": "character", "S": "socket"}
        if letter in kinds:
            return status.kind == kinds[letter]
        if letter == "s":
            return status.size > 0
        special = {"u": 0o4000, "g": 0o2000, "k": 0o1000}
        return bool(status.mode & special[letter]) if letter in special else letter == "e"

    def _status(self, path: str, *, follows: bool = True) -> FileStatus | None:
        system = self._invocation.system
        try:
            return system.stat(path) if follows else system.lstat(path)
        except Errno:
            return None


def _integer(word: str) -> int:
    try:
        return int(word)
    except ValueError:
        raise UsageError(f"{word}: integer expression expected", 2) from None


COMMAND = Command("test", run)
