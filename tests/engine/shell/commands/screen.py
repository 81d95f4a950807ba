"""What a terminal shows: the few sequences that full-screen programs here use."""

from __future__ import annotations

import re

_SEQUENCE = re.compile(r"\x1b\[([?>]?)([\d;]*)([A-Za-z@])|\x1b([()][0-9A-B]|[=>78cM])")


class Screen:
    """A grid of characters and a cursor."""

    def __init__(self, columns: int = 80, rows: int = 24) -> None:
        self.columns, self.rows = columns, rows
        self.cells = [[" "] * columns for _ in range(rows)]
        self.row = self.column = 0
        self.is_alternate = False
        self.is_inverse = False
        #: Which cells are shown in reverse.
        self.inverse: set[tuple[int, int]] = set()
        self._normal = self.cells
        self._rest = ""

    @property
    def lines(self) -> list[str]:
        """The rows, without blanks at their ends."""
        return ["".join(row).rstrip() for row in self.cells]

    @property
    def text(self) -> str:
        """All rows, without empty ones at the end."""
        return "\n".join(self.lines).rstrip("\n")

    @property
    def cursor(self) -> tuple[int, int]:
        """Row and column, from 0."""
        return self.row, self.column

    def feed(self, data: bytes) -> None:
        """Show what a program has written."""
        text = self._rest + data.decode("utf-8", "replace")
        self._rest = ""
        at = 0
        while at < len(text):
            if text[at] == "\x1b":
                found = _SEQUENCE.match(text, at)
                if found is None:
                    self._rest = text[at:]
                    assert len(self._rest) < 20, self._rest
                    return
                if found[3]:
                    self._act(found[1], found[2], found[3])
                at = found.end()
                continue
            self._put(text[at])
            at += 1

    def _put(self, letter: str) -> None:
        if letter == "\r":
            self.column = 0
        elif letter == "\n":
            self._down()
        elif letter == "\b":
            self.column = max(self.column - 1, 0)
        elif letter == "\t":
            self.column = min((self.column // 8 + 1) * 8, self.columns - 1)
        elif letter >= " ":
            if self.column >= self.columns:
                self.column = 0
                self._down()
            self.cells[self.row][self.column] = letter
            place = (self.row, self.column)
            (self.inverse.add if self.is_inverse else self.inverse.discard)(place)
            self.column += 1

    def _down(self) -> None:
        if self.row < self.rows - 1:
            self.row += 1
        else:
            self.cells.append([" "] * self.columns)
            del self.cells[0]
            self.inverse = {(row - 1, column) for row, column in self.inverse if row}

    def _act(self, private: str, parameters: str, letter: str) -> None:
        numbers = [int(part or 0) for part in parameters.split(";")] if parameters else []
        first = numbers[0] if numbers else 0
        if private:
            if first == 1049 and letter in "hl":
                self._alternate(letter == "h")
        elif letter in "Hf":
            row, column = (numbers + [0, 0])[:2] if numbers else (1, 1)
            self.row = min(max(row, 1), self.rows) - 1
            self.column = min(max(column, 1), self.columns) - 1
        elif letter in "ABCD":
            self._move(letter, max(first, 1))
        elif letter == "G":
            self.column = max(first, 1) - 1
        elif letter == "J":
            self._erase_screen(first)
        elif letter == "K":
            self._erase_line(first)
        elif letter == "m":
            for number in numbers or [0]:
                if number in (0, 7, 27):
                    self.is_inverse = number == 7

    def _alternate(self, is_on: bool) -> None:
        if is_on and not self.is_alternate:
            self._normal = self.cells
            self.cells = [[" "] * self.columns for _ in range(self.rows)]
        elif not is_on and self.is_alternate:
            self.cells = self._normal
        self.is_alternate = is_on

    def _move(self, letter: str, count: int) -> None:
        if letter in "AB":
            self.row = min(max(self.row + (count if letter == "B" else -count), 0), self.rows - 1)
        else:
            moved = self.column + (count if letter == "C" else -count)
            self.column = min(max(moved, 0), self.columns - 1)

    def _erase_screen(self, how: int) -> None:
        if how in (2, 3):
            self.cells[:] = [[" "] * self.columns for _ in range(self.rows)]
            self.inverse.clear()
            return
        self._erase_line(0)
        for row in range(self.row + 1, self.rows):
            self.cells[row] = [" "] * self.columns
            self.inverse = {place for place in self.inverse if place[0] != row}

    def _erase_line(self, how: int) -> None:
        first = 0 if how in (1, 2) else self.column
        last = self.column + 1 if how == 1 else self.columns
        for column in range(first, min(last, self.columns)):
            self.cells[self.row][column] = " "
            self.inverse.discard((self.row, column))
