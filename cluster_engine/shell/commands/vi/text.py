"""The text that vi edits: lines, a cursor, registers, and what can be undone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

CHARACTERS_MAX = 2_000_000
_UNDO_MAX = 50
_UNDO_LINES_MAX = 200_000

#: Row and column, from 0.
Place: TypeAlias = tuple[int, int]


class TooBig(Exception):
    """The text would be larger than vi holds."""


@dataclass(slots=True)
class Text:
    """Lines and a cursor; there is always a line."""

    lines: list[str] = field(default_factory=lambda: [""])
    row: int = 0
    column: int = 0
    is_modified: bool = False
    registers: dict[str, str] = field(default_factory=dict)
    marks: dict[str, Place] = field(default_factory=dict)
    _undo: list[tuple[list[str], Place, bool]] = field(default_factory=list)
    _redo: list[tuple[list[str], Place, bool]] = field(default_factory=list)

    @classmethod
    def of(cls, content: str) -> Text:
        """The text of a file."""
        return cls(content.removesuffix("\n").split("\n"))

    @property
    def content(self) -> str:
        """The text for a file, its last line ended."""
        return "\n".join(self.lines) + "\n"

    @property
    def line(self) -> str:
        """The one with the cursor."""
        return self.lines[self.row]

    @property
    def place(self) -> Place:
        """Where the cursor is."""
        return self.row, self.column

    def go(self, place: Place, *, is_inserting: bool = False) -> None:
        """Move the cursor as near as there is text."""
        self.row = max(0, min(place[0], len(self.lines) - 1))
        last = len(self.line) if is_inserting else max(len(self.line) - 1, 0)
        self.column = max(0, min(place[1], last))

    def between(self, start: Place, end: Place) -> str:
        """The text from a place up to another."""
        if start[0] == end[0]:
            return self.lines[start[0]][start[1] : end[1]]
        first, last = self.lines[start[0]][start[1] :], self.lines[end[0]][: end[1]]
        return "\n".join([first, *self.lines[start[0] + 1 : end[0]], last])

    def delete(self, start: Place, end: Place) -> str:
        """Take out the text from a place up to another."""
        found = self.between(start, end)
        joined = self.lines[start[0]][: start[1]] + self.lines[end[0]][end[1] :]
        self.lines[start[0] : end[0] + 1] = [joined]
        self.is_modified = True
        return found

    def insert(self, at: Place, text: str) -> Place:
        """Put a text in; where it ends. Raises TooBig."""
        if len(text) + sum(len(line) + 1 for line in self.lines) > CHARACTERS_MAX:
            raise TooBig
        line = self.lines[at[0]]
        parts = text.split("\n")
        end = at[0] + len(parts) - 1, len(parts[-1]) + (at[1] if len(parts) == 1 else 0)
        parts[0] = line[: at[1]] + parts[0]
        parts[-1] += line[at[1] :]
        self.lines[at[0] : at[0] + 1] = parts
        self.is_modified = True
        return end

    def rows(self, first: int, last: int) -> str:
        """Whole lines, each ended."""
        return "".join(f"{line}\n" for line in self.lines[first : last + 1])

    def delete_rows(self, first: int, last: int) -> str:
        """Take out whole lines; the cursor goes to the line that follows."""
        found = self.rows(first, last)
        del self.lines[first : last + 1]
        if not self.lines:
            self.lines = [""]
        self.is_modified = True
        self.go((first, 0))
        return found

    def insert_rows(self, row: int, text: str) -> None:
        """Put whole lines in before a line. Raises TooBig."""
        if len(text) + sum(len(line) + 1 for line in self.lines) > CHARACTERS_MAX:
            raise TooBig
        self.lines[row:row] = text.removesuffix("\n").split("\n")
        self.is_modified = True

    # Undo

    def remember(self) -> None:
        """What follows can be undone together."""
        if self._undo and self._undo[-1][0] == self.lines:
            self._undo.pop()
        self._undo.append((list(self.lines), self.place, self.is_modified))
        self._redo.clear()
        kept = max(2, min(_UNDO_MAX, _UNDO_LINES_MAX // len(self.lines)))
        del self._undo[:-kept]

    def undo(self) -> str:
        """Take back the last change; what to say."""
        while self._undo and self._undo[-1][0] == self.lines:
            self._undo.pop()
        if not self._undo:
            return "Already at oldest change"
        number = len(self._undo)
        self._redo.append((self.lines, self.place, self.is_modified))
        return f"Undo [{number}] {self._restore(self._undo.pop())}"

    def redo(self) -> str:
        """Do again what was taken back last; what to say."""
        if not self._redo:
            return "Already at newest change"
        self._undo.append((self.lines, self.place, self.is_modified))
        return f"Redo [{len(self._undo)}] {self._restore(self._redo.pop())}"

    def _restore(self, state: tuple[list[str], Place, bool]) -> str:
        before, after = self.content, "\n".join(state[0]) + "\n"
        place = next(
            (at for at, (a, b) in enumerate(zip(before, after, strict=False)) if a != b),
            min(len(before), len(after)),
        )
        self.lines, cursor, self.is_modified = state
        self.go(cursor)
        count = len(after) - len(before)
        word = "restored" if count >= 0 else "deleted"
        return f"{word} {abs(count)} chars at position {place}"
