"""Words in columns, filled downwards, as ls and completion show them."""

from __future__ import annotations


def in_columns(words: list[str], width: int) -> str:
    """The words in as few lines as fit into `width`, each line ended."""
    if not words:
        return ""
    for lines in range(1, len(words) + 1):
        columns = [words[at : at + lines] for at in range(0, len(words), lines)]
        widths = [max(map(len, column)) + 2 for column in columns]
        if sum(widths) - 2 <= width or lines == len(words):
            break
    rows = []
    for line in range(lines):
        cells = [column[line] for column in columns if line < len(column)]
        padded = [cell.ljust(size) for cell, size in zip(cells[:-1], widths, strict=False)]
        rows.append("".join(padded) + cells[-1])
    return "\n".join(rows) + "\n"
