"""Text as cells of a terminal: tabs, control characters, wide characters."""

from __future__ import annotations

import unicodedata


def cells_of(text: str, tabstop: int = 8) -> tuple[list[str], list[int]]:
    """What each cell shows ("" is the second half of a wide character), and where each character
    of the text begins; one more tells where the text ends."""
    cells: list[str] = []
    starts: list[int] = []
    for letter in text:
        starts.append(len(cells))
        if letter == "\t":
            cells += [" "] * (tabstop - len(cells) % tabstop)
        elif letter < " " or letter == "\x7f":
            cells += ["^", chr(ord(letter) ^ 0x40)]
        elif "\ud800" <= letter <= "\udfff":
            cells.append("?")
        elif letter.isascii():
            cells.append(letter)
        elif unicodedata.combining(letter):
            if cells:
                cells[-1] += letter
        else:
            cells.append(letter)
            if unicodedata.east_asian_width(letter) in "WF":
                cells.append("")
    starts.append(len(cells))
    return cells, starts


def fitted(text: str, columns: int) -> str:
    """The beginning of a text, as much as fits into so many columns."""
    if len(text) <= columns and text.isascii() and text.isprintable():
        return text
    return "".join(cells_of(text)[0][:columns])
