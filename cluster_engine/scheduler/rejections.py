"""Who is still in the race, and why the others are not: the answers of the filters, per node.

Models: pkg/scheduler/framework/interface.go, NodeToStatus, and types.go, FitError (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from cluster_engine.scheduler.counters import BoolRow, IntRow
from cluster_engine.scheduler.statuses import Code, Status, unresolvable

_ABSENT = unresolvable()


class Rejections:
    """A status per row of the node table, as numbers into a short list of distinct answers."""

    __slots__ = ("absent", "alive", "answers", "codes", "plugin", "rows")

    def __init__(self, alive: BoolRow) -> None:
        #: Rows that no filter has rejected yet. Changed by `reject`.
        self.alive = alive
        #: The rejecting filter and its answer; `codes` holds positions in this list.
        self.answers: list[tuple[str, Status]] = []
        self.codes: IntRow = np.full(len(alive), -1, np.int64)
        #: What holds for rows without an answer, where there are any.
        self.absent: Status = _ABSENT
        self.plugin = ""
        self.rows = len(alive)

    def reject(self, mask: BoolRow, status: Status) -> None:
        """The filter at work turns down these rows, as far as they are still alive."""
        hit = self.alive & mask
        if hit.any():
            self.codes[hit] = self._answer(status)
            self.alive &= ~hit

    def reject_row(self, row: int, status: Status) -> None:
        """The filter at work turns down one row."""
        self.codes[row] = self._answer(status)
        self.alive[row] = False

    def accept_row(self, row: int) -> None:
        """Put back a row that was set aside."""
        self.alive[row] = True

    def forget_rows(self, rows: IntRow) -> None:
        """Rows that would not have been looked at."""
        self.codes[rows] = -1

    def __len__(self) -> int:
        """How many rows have an answer of their own."""
        return int(np.count_nonzero(self.codes >= 0))

    def status(self, row: int) -> Status:
        """The answer for a row."""
        code = self.codes[row]
        return self.absent if code < 0 else self.answers[code][1]

    def rows_with(self, code: Code) -> list[int]:
        """Rows with that kind of answer, in order."""
        matching = [n for n, (_, status) in enumerate(self.answers) if status.code == code]
        mask = np.isin(self.codes, matching)
        if self.absent.code == code:
            mask |= self.codes < 0
        return [int(row) for row in np.flatnonzero(mask)]

    def plugins(self) -> list[str]:
        """The filters that rejected a node, in order of first rejection."""
        seen = set(self.codes.tolist())
        names = [name for n, (name, _) in enumerate(self.answers) if n in seen]
        return list(dict.fromkeys(names))

    def histogram(self) -> dict[str, int]:
        """How many nodes each reason was given for."""
        found: dict[str, int] = {}
        answered = self.codes[self.codes >= 0]
        counts = np.bincount(answered, minlength=len(self.answers)) if len(answered) else ()
        for (_, status), count in zip(self.answers, counts):
            for reason in status.reasons if count else ():
                found[reason] = found.get(reason, 0) + int(count)
        absent = self.rows - len(answered)
        for reason in self.absent.reasons if absent else ():
            found[reason] = found.get(reason, 0) + absent
        return found

    def items(self) -> Iterator[tuple[int, str, Status]]:
        """Row, filter and answer of each row that has one."""
        for row in np.flatnonzero(self.codes >= 0):
            name, status = self.answers[self.codes[row]]
            yield int(row), name, status

    def _answer(self, status: Status) -> int:
        answer = (self.plugin, status)
        for position, held in enumerate(self.answers):
            if held == answer:
                return position
        self.answers.append(answer)
        return len(self.answers) - 1


def fit_message(nodes: int, prefilter: str, histogram: Mapping[str, int], postfilter: str) -> str:
    """`0/3 nodes are available: 1 Insufficient cpu, 2 node(s) … . preemption: …`"""
    text = f"0/{nodes} nodes are available:"
    if prefilter:
        text += f" {prefilter}."
    elif histogram:
        text += f" {', '.join(sorted(f'{n} {reason}' for reason, n in histogram.items()))}."
    return f"{text} {postfilter}" if postfilter else text
