"""comm and join: two sorted files."""

from __future__ import annotations

from itertools import pairwise

from cluster_engine.shell.commands.command import Command, Invocation, UsageError, lines_of
from cluster_engine.shell.commands.options import Options, parse

_LONG = {"check-order": "check-order", "nocheck-order": "nocheck-order", "total": "total"}
_PAIRS_MAX = 200_000


def run(invocation: Invocation) -> int:
    """Print lines only in the first, only in the second, and in both, in three columns."""
    options, files = parse(invocation, "123z", "", _LONG)
    found = _two(invocation, files)
    if found is None:
        return 1
    one, other = found
    gaps = ["" if "1" in options else "\t", "" if "2" in options else "\t"]
    a = b = 0
    while a < len(one) or b < len(other):
        if a < len(one) and (b >= len(other) or one[a] < other[b]):
            _print(invocation, "1", options, "", one[a])
            a += 1
        elif b < len(other) and (a >= len(one) or other[b] < one[a]):
            _print(invocation, "2", options, gaps[0], other[b])
            b += 1
        else:
            _print(invocation, "3", options, "".join(gaps), one[a])
            a, b = a + 1, b + 1
    return _order(invocation, (one, other), options)


def _two(invocation: Invocation, files: list[str]) -> tuple[list[str], list[str]] | None:
    if not files:
        raise UsageError("missing operand", has_hint=True)
    if len(files) == 1:
        raise UsageError(f"missing operand after '{files[0]}'", has_hint=True)
    if len(files) > 2:
        raise UsageError(f"extra operand '{files[2]}'", has_hint=True)
    contents = [invocation.stdin if name == "-" else invocation.read(name) for name in files]
    one, other = contents
    if one is None or other is None:
        return None
    return lines_of(one), lines_of(other)


def _print(invocation: Invocation, column: str, options: Options, gap: str, line: str) -> None:
    if column not in options:
        invocation.line(gap + line)


def _order(invocation: Invocation, both: tuple[list[str], list[str]], options: Options) -> int:
    if "nocheck-order" in options:
        return 0
    for number, lines in enumerate(both, 1):
        if any(a > b for a, b in pairwise(lines)):
            invocation.complain(f"file {number} is not in sorted order")
    if invocation.err:
        invocation.complain("input is not in sorted order")
        return 1
    return 0


class _Joiner:
    """How lines are taken apart and put together."""

    def __init__(self, options: Options) -> None:
        common = options.get("j", "1")
        self.fields = (int(options.get("1", common)) - 1, int(options.get("2", common)) - 1)
        self.separator = options.get("t")
        self.joint = self.separator if self.separator is not None else " "
        self.empty = options.get("e", "")
        self.ignores_case = "i" in options
        self.output = [
            (0, 0) if part == "0" else (int(part.split(".")[0]), int(part.split(".")[1]) - 1)
            for wish in options.all("o")
            for part in wish.replace(",", " ").split()
        ]

    def split(self, line: str) -> list[str]:
        return line.split(self.separator) if self.separator is not None else line.split()

    def key(self, parts: list[str], side: int) -> str:
        field = self.fields[side]
        text = parts[field] if 0 <= field < len(parts) else ""
        return text.lower() if self.ignores_case else text

    def row(self, one: list[str] | None, other: list[str] | None) -> str:
        """A line of output: of a pair, or of a line without a partner."""
        sides = (one, other)
        shown = next(
            parts[self.fields[side]] for side, parts in enumerate(sides) if parts is not None
        )
        if self.output:
            return self.joint.join(
                shown if side == 0 else self._cell(sides[side - 1], field)
                for side, field in self.output
            )
        cells = [shown]
        for side, parts in enumerate(sides):
            if parts is not None:
                cells += [cell for at, cell in enumerate(parts) if at != self.fields[side]]
        return self.joint.join(cells)

    def _cell(self, parts: list[str] | None, field: int) -> str:
        held = parts[field] if parts is not None and field < len(parts) else ""
        return held or self.empty


def join(invocation: Invocation) -> int:
    """Print the lines of two files that have the same key, together."""
    options, files = parse(invocation, "i", "12jtoeav")
    try:
        joiner = _Joiner(options)
    except (ValueError, IndexError):
        raise UsageError("invalid field number", has_hint=True) from None
    found = _two(invocation, files)
    if found is None:
        return 1
    one, other = ([joiner.split(line) for line in lines] for lines in found)
    partners: dict[str, list[list[str]]] = {}
    for parts in other:
        partners.setdefault(joiner.key(parts, 1), []).append(parts)
    unpaired = options.all("a") + options.all("v")
    rows: list[tuple[str, str]] = []
    used: set[str] = set()
    for parts in one:
        key = joiner.key(parts, 0)
        if key in partners:
            used.add(key)
            if "v" not in options:
                rows += [(key, joiner.row(parts, partner)) for partner in partners[key]]
        elif "1" in unpaired:
            rows.append((key, joiner.row(parts, None)))
        if len(rows) > _PAIRS_MAX:
            raise UsageError("memory exhausted")
    if "2" in unpaired:
        rows += [
            (joiner.key(parts, 1), joiner.row(None, parts))
            for parts in other
            if joiner.key(parts, 1) not in used
        ]
        rows.sort(key=_first)
    for _, row in rows:
        invocation.line(row)
    return 0


def _first(row: tuple[str, str]) -> str:
    return row[0]


COMMAND = Command("comm", run)
JOIN = Command("join", join)
