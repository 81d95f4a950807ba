"""Words in columns, as ls and completion show them."""

from __future__ import annotations

import re

_GAP = 2
_INVISIBLE = re.compile(r"\x1b\[[0-9;]*m")


def in_columns(words: list[str], width: int, *, is_even: bool = False) -> str:
    """The words in as few lines as fit into `width`, filled downwards, each line ended.

    With `is_even` all columns are as wide as the longest word.
    """
    if not words:
        return ""
    sizes = [visible(word) for word in words]
    lines, widths = _even(sizes, width) if is_even else _fewest_lines(sizes, width)
    rows = [list(range(line, len(words), lines)) for line in range(lines)]
    return _drawn(words, sizes, rows, widths)


def in_rows(words: list[str], width: int, *, is_even: bool = False) -> str:
    """The same, filled line by line."""
    if not words:
        return ""
    sizes = [visible(word) for word in words]
    widths = _even(sizes, width)[1] if is_even else _widest_row(sizes, width)
    count = len(widths)
    rows = [list(range(at, min(at + count, len(words)))) for at in range(0, len(words), count)]
    return _drawn(words, sizes, rows, widths)


def _fewest_lines(sizes: list[int], width: int) -> tuple[int, list[int]]:
    widths: list[int] = []
    for lines in range(1, len(sizes) + 1):
        widths = [max(sizes[at : at + lines]) + _GAP for at in range(0, len(sizes), lines)]
        if sum(widths) - _GAP < width:
            return lines, widths
    return len(sizes), widths


def _widest_row(sizes: list[int], width: int) -> list[int]:
    for count in range(len(sizes), 1, -1):
        widths = [max(sizes[column::count]) + _GAP for column in range(count)]
        if sum(widths) - _GAP < width:
            return widths
    return [max(sizes) + _GAP]


def _even(sizes: list[int], width: int) -> tuple[int, list[int]]:
    size = max(sizes) + _GAP
    count = max(width // size, 1)
    return -(-len(sizes) // count), [size] * count


def visible(word: str) -> int:
    """How many columns a word takes: colors take none."""
    return len(_INVISIBLE.sub("", word)) if "\x1b" in word else len(word)


def _drawn(words: list[str], sizes: list[int], rows: list[list[int]], widths: list[int]) -> str:
    lines = []
    for row in rows:
        cells = [words[at] + " " * (widths[n] - sizes[at]) for n, at in enumerate(row[:-1])]
        lines.append("".join(cells) + words[row[-1]])
    return "\n".join(lines) + "\n"
