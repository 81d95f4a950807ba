"""Columns from tab-separated text, as Go's tabwriter lays them out.

Models: github.com/liggitt/tabwriter and text/tabwriter.
"""

from __future__ import annotations

from collections.abc import Sequence


class TabWriter:
    """Collects lines and aligns their cells. A cell ends with a tab; what follows the last tab of
    a line stands free. With `remembers`, widths only grow from one flush to the next."""

    def __init__(self, *, minimum: int = 6, padding: int = 3, remembers: bool = False) -> None:
        self._minimum = minimum
        self._padding = padding
        self._remembers = remembers
        self._text: list[str] = []
        self._remembered: list[int] = []

    def write(self, text: str) -> None:
        self._text.append(text)

    def line(self, *cells: str) -> None:
        """A line of those cells."""
        self._text.append("\t".join(cells) + "\n")

    def flush(self) -> str:
        """What has been written, aligned."""
        text = "".join(self._text)
        self._text.clear()
        if not text:
            return ""
        lines = [line.split("\t") for line in text.split("\n")]
        widths = self._widths(lines)
        out = []
        for cells, columns in zip(lines, widths, strict=True):
            padded = [cell.ljust(width) for cell, width in zip(cells, columns)]
            out.append("".join(padded) + cells[-1])
        return "\n".join(out)

    def _widths(self, lines: Sequence[list[str]]) -> list[list[int]]:
        """The width of every cell that a tab ends: shared by neighbours in a column."""
        widths: list[list[int]] = [[0] * (len(cells) - 1) for cells in lines]
        deepest = max(len(cells) for cells in lines) - 1
        for column in range(deepest):
            start = 0
            while start < len(lines):
                if len(lines[start]) - 1 <= column:
                    start += 1
                    continue
                end = start
                while end < len(lines) and len(lines[end]) - 1 > column:
                    end += 1
                width = max(len(lines[row][column]) for row in range(start, end))
                width = self._remember(column, max(width + self._padding, self._minimum))
                for row in range(start, end):
                    widths[row][column] = width
                start = end
        return widths

    def _remember(self, column: int, width: int) -> int:
        if not self._remembers:
            return width
        while len(self._remembered) <= column:
            self._remembered.append(0)
        self._remembered[column] = max(self._remembered[column], width)
        return self._remembered[column]
