"""Where vi's keys lead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from cluster_engine.shell.commands.vi.text import Place, Text

#: Up to the place; with its character; whole lines.
Kind: TypeAlias = Literal["before", "with", "lines"]
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_CLOSING = {close: open_ for open_, close in _PAIRS.items()}


@dataclass(frozen=True, slots=True)
class Lead:
    """Where a motion leads."""

    place: Place
    kind: Kind


Motion: TypeAlias = Callable[[Text, int], "Lead | None"]


def _class(letter: str, is_big: bool) -> int:
    """0 for blanks, else what kind of word a character is of."""
    if letter.isspace():
        return 0
    return 1 if is_big or letter.isalnum() or letter == "_" else 2


def _next_word(text: Text, count: int, *, is_big: bool) -> Lead:
    row, column = text.place
    for _ in range(count):
        line = text.lines[row]
        kind = _class(line[column], is_big) if column < len(line) else 0
        while column < len(line) and kind and _class(line[column], is_big) == kind:
            column += 1
        while True:
            while column < len(line) and not _class(line[column], is_big):
                column += 1
            if column < len(line) or row == len(text.lines) - 1:
                break
            row, column, line = row + 1, 0, text.lines[row + 1]
            if not line:
                break
    return Lead((row, column), "before")


def _word_end(text: Text, count: int, *, is_big: bool) -> Lead:
    row, column = text.place
    for _ in range(count):
        column += 1
        line = text.lines[row]
        while column >= len(line) or not _class(line[column], is_big):
            if column < len(line):
                column += 1
            elif row == len(text.lines) - 1:
                return Lead((row, max(len(line) - 1, 0)), "with")
            else:
                row, column, line = row + 1, 0, text.lines[row + 1]
        kind = _class(line[column], is_big)
        while column + 1 < len(line) and _class(line[column + 1], is_big) == kind:
            column += 1
    return Lead((row, column), "with")


def _word_back(text: Text, count: int, *, is_big: bool) -> Lead:
    row, column = text.place
    for _ in range(count):
        column -= 1
        while column < 0 or not _class(text.lines[row][column : column + 1] or " ", is_big):
            if column > 0:
                column -= 1
            elif row == 0:
                return Lead((0, 0), "before")
            else:
                row -= 1
                column = len(text.lines[row]) - 1
                if column < 0:
                    break
        column = max(column, 0)
        line = text.lines[row]
        kind = _class(line[column], is_big) if line else 0
        while column > 0 and _class(line[column - 1], is_big) == kind:
            column -= 1
    return Lead((row, column), "before")


def _left(text: Text, count: int) -> Lead:
    return Lead((text.row, max(text.column - count, 0)), "before")


def _right(text: Text, count: int) -> Lead:
    return Lead((text.row, min(text.column + count, len(text.line))), "before")


def _down(text: Text, count: int) -> Lead | None:
    return _vertical(text, min(text.row + count, len(text.lines) - 1))


def _up(text: Text, count: int) -> Lead | None:
    return _vertical(text, max(text.row - count, 0))


def _vertical(text: Text, row: int) -> Lead | None:
    return None if row == text.row else Lead((row, text.column), "lines")


def _first_letter(text: Text, row: int) -> int:
    line = text.lines[row]
    return len(line) - len(line.lstrip()) if line.strip() else max(len(line) - 1, 0)


def _line_below(text: Text, count: int) -> Lead:
    row = min(text.row + count, len(text.lines) - 1)
    return Lead((row, _first_letter(text, row)), "lines")


def _line_above(text: Text, count: int) -> Lead:
    row = max(text.row - count, 0)
    return Lead((row, _first_letter(text, row)), "lines")


def _line_start(text: Text, count: int) -> Lead:
    return Lead((text.row, 0), "before")


def _line_letter(text: Text, count: int) -> Lead:
    return Lead((text.row, _first_letter(text, text.row)), "before")


def _line_end(text: Text, count: int) -> Lead:
    row = min(text.row + count - 1, len(text.lines) - 1)
    return Lead((row, max(len(text.lines[row]) - 1, 0)), "with")


def _column(text: Text, count: int) -> Lead:
    return Lead((text.row, min(count - 1, max(len(text.line) - 1, 0))), "before")


def _paragraph_down(text: Text, count: int) -> Lead:
    row = text.row
    for _ in range(count):
        while row < len(text.lines) - 1 and not text.lines[row]:
            row += 1
        while row < len(text.lines) - 1 and text.lines[row]:
            row += 1
    is_last = row == len(text.lines) - 1 and bool(text.lines[row])
    return Lead((row, len(text.lines[row]) - 1 if is_last else 0), "with" if is_last else "before")


def _paragraph_up(text: Text, count: int) -> Lead:
    row = text.row
    for _ in range(count):
        while row > 0 and not text.lines[row]:
            row -= 1
        while row > 0 and text.lines[row]:
            row -= 1
    return Lead((row, 0), "before")


def _match(text: Text, count: int) -> Lead | None:
    """The bracket that belongs to the next one in the line."""
    line = text.line
    column = next((at for at in range(text.column, len(line)) if line[at] in "()[]{}"), -1)
    if column < 0:
        return None
    letter = line[column]
    other, by = (_PAIRS[letter], 1) if letter in _PAIRS else (_CLOSING[letter], -1)
    depth, row = 0, text.row
    while True:
        line = text.lines[row]
        while 0 <= column < len(line):
            depth += 1 if line[column] == letter else -1 if line[column] == other else 0
            if depth == 0:
                return Lead((row, column), "with")
            column += by
        row += by
        if not 0 <= row < len(text.lines):
            return None
        column = 0 if by > 0 else len(text.lines[row]) - 1


def _small_word(text: Text, count: int) -> Lead:
    return _next_word(text, count, is_big=False)


def _big_word(text: Text, count: int) -> Lead:
    return _next_word(text, count, is_big=True)


def _small_end(text: Text, count: int) -> Lead:
    return _word_end(text, count, is_big=False)


def _big_end(text: Text, count: int) -> Lead:
    return _word_end(text, count, is_big=True)


def _small_back(text: Text, count: int) -> Lead:
    return _word_back(text, count, is_big=False)


def _big_back(text: Text, count: int) -> Lead:
    return _word_back(text, count, is_big=True)


#: Keys that lead somewhere by themselves. Those that need more are in `normal`.
MOTIONS: dict[str, Motion] = {
    "h": _left,
    "<Left>": _left,
    "<Backspace>": _left,
    "<C-h>": _left,
    "l": _right,
    "<Right>": _right,
    " ": _right,
    "j": _down,
    "<Down>": _down,
    "<C-j>": _down,
    "<C-n>": _down,
    "k": _up,
    "<Up>": _up,
    "<C-p>": _up,
    "+": _line_below,
    "<Enter>": _line_below,
    "-": _line_above,
    "w": _small_word,
    "W": _big_word,
    "e": _small_end,
    "E": _big_end,
    "b": _small_back,
    "B": _big_back,
    "0": _line_start,
    "<Home>": _line_start,
    "^": _line_letter,
    "_": _line_letter,
    "$": _line_end,
    "<End>": _line_end,
    "|": _column,
    "}": _paragraph_down,
    "{": _paragraph_up,
    "%": _match,
}


def find_letter(text: Text, how: str, letter: str, count: int) -> Lead | None:
    """f, F, t and T: a character of the line, or the place beside it."""
    column, line = text.column, text.line
    for number in range(count):
        if how in "ft":
            start = column + 1 + (1 if how == "t" and number == 0 else 0)
            column = line.find(letter, start)
        else:
            end = column - (1 if how == "T" and number == 0 else 0)
            column = line.rfind(letter, 0, max(end, 0))
        if column < 0:
            return None
    if how in "ft":
        return Lead((text.row, column - (how == "t")), "with")
    return Lead((text.row, column + (how == "T")), "before")


def inner_word(text: Text, has_blanks: bool) -> tuple[Place, Place]:
    """`iw` and `aw`: the word around the cursor, with the blanks after it."""
    line, first = text.line, text.column
    if not line:
        return text.place, text.place
    last = first
    kind = _class(line[first], False)
    while first > 0 and _class(line[first - 1], False) == kind:
        first -= 1
    while last < len(line) and _class(line[last], False) == kind:
        last += 1
    while has_blanks and last < len(line) and line[last].isspace():
        last += 1
    return (text.row, first), (text.row, last)
