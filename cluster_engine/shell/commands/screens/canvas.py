"""Draws rows on a terminal: only those that have changed since they were drawn last."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import System

#: Programs go by these when the terminal does not know its size.
_COLUMNS, _ROWS = 80, 24
_ROWS_MAX, _COLUMNS_MAX = 200, 500
REVERSE, BOLD, NORMAL = "\x1b[7m", "\x1b[1m", "\x1b[m"


class Canvas:
    """The screen of one terminal."""

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self.columns, self.rows = _COLUMNS, _ROWS
        self.is_open = False
        self._drawn: list[str] = []

    def open(self, system: System) -> None:
        """Take the terminal: key by key, on a screen of its own."""
        system.set_raw(self.fd, True)
        self.is_open = True
        self.measure(system)

    def measure(self, system: System) -> bool:
        """Look how large the terminal is; True when that has changed."""
        try:
            columns, rows = system.window_size(self.fd)
        except Errno:
            columns, rows = _COLUMNS, _ROWS
        size = min(columns or _COLUMNS, _COLUMNS_MAX), min(rows or _ROWS, _ROWS_MAX)
        if size == (self.columns, self.rows) and self._drawn:
            return False
        self.columns, self.rows = size
        self._drawn = []
        return True

    def close(self, system: System) -> None:
        """Give the terminal back."""
        if self.is_open:
            system.set_raw(self.fd, False)
            self.is_open = False

    def forget(self) -> None:
        """Something else was drawn: draw everything anew."""
        self._drawn = []

    def draw(self, rows: list[str], cursor: tuple[int, int] | None) -> str:
        """What to write so that the screen shows these rows. They fit (see `columns`)."""
        rows = rows[: self.rows] + [""] * (self.rows - len(rows))
        pieces = []
        if not self._drawn:
            pieces.append("\x1b[H\x1b[2J")
            self._drawn = [""] * self.rows
        for number, (row, drawn) in enumerate(zip(rows, self._drawn, strict=True), 1):
            if row != drawn:
                pieces.append(f"\x1b[{number};1H{row}\x1b[K")
        self._drawn = rows
        if cursor is not None:
            pieces.append(f"\x1b[{cursor[0] + 1};{cursor[1] + 1}H")
        return "".join(pieces)
