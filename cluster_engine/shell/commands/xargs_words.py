"""The words of xargs' input: cut at blanks, with quotes and backslashes, or at a delimiter."""

from __future__ import annotations

from cluster_engine.shell.commands.command import UsageError

_WORD_CHARACTERS_MAX = 128 * 1024
_UNMATCHED = "by default quotes are special to xargs unless you use the -0 option"


class Splitter:
    """Takes text piece by piece. With `by_line` the words of a line stay together (joined by
    NULs), or with `keeps_line` the line stays one word."""

    def __init__(
        self, delimiter: str = "", *, by_line: bool = False, keeps_line: bool = False
    ) -> None:
        self._delimiter = delimiter
        self._by_line = by_line
        self._keeps_line = keeps_line
        self._word: list[str] = []
        self._line: list[str] = []
        self._quote = ""
        self._is_escaped = False
        self._has_word = False

    def take(self, text: str) -> list[str]:
        """The words that are complete. Raises UsageError."""
        found: list[str] = []
        for letter in text:
            self._letter(letter, found)
        if len(self._word) > _WORD_CHARACTERS_MAX:
            raise UsageError("argument line too long")
        return found

    def finish(self) -> list[str]:
        """The last words. Raises UsageError."""
        if self._quote:
            kind = "single" if self._quote == "'" else "double"
            raise UsageError(f"unmatched {kind} quote; {_UNMATCHED}")
        found: list[str] = []
        self._end_word(found)
        self._end_line(found)
        return found

    def _letter(self, letter: str, found: list[str]) -> None:
        if self._delimiter:
            if letter == self._delimiter:
                self._has_word = True
                self._end_word(found)
                self._end_line(found)
            else:
                self._add(letter)
        elif self._is_escaped:
            self._is_escaped = False
            self._add(letter)
        elif self._quote:
            if letter == self._quote:
                self._quote = ""
            elif letter == "\n":
                self.finish()
            else:
                self._add(letter)
        elif letter in "'\"":
            self._quote, self._has_word = letter, True
        elif letter == "\\":
            self._is_escaped, self._has_word = True, True
        elif letter == "\n":
            self._end_word(found)
            self._end_line(found)
        elif letter in " \t":
            if self._keeps_line:
                if self._has_word:
                    self._add(letter)
            else:
                self._end_word(found)
        else:
            self._add(letter)

    def _add(self, letter: str) -> None:
        self._word.append(letter)
        self._has_word = True

    def _end_word(self, found: list[str]) -> None:
        if not self._has_word:
            return
        word = "".join(self._word)
        self._word, self._has_word = [], False
        if self._by_line and not self._keeps_line:
            self._line.append(word)
        else:
            found.append(word)

    def _end_line(self, found: list[str]) -> None:
        if self._line:
            found.append("\0".join(self._line))
            self._line = []
