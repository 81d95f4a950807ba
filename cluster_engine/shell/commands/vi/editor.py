"""vi's state: the text, the mode, what is shown. `press` is told the keys."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from cluster_engine.shell.commands.screens.canvas import NORMAL, REVERSE
from cluster_engine.shell.commands.screens.cells import cells_of, fitted
from cluster_engine.shell.commands.vi.text import Text

Mode: TypeAlias = Literal["normal", "insert", "replace", "line"]
_INDICATORS = {"normal": "-", "insert": "I", "replace": "R", "line": "-"}


@dataclass(slots=True)
class Settings:
    """What `:set` sets."""

    tabstop: int = 8
    autoindent: bool = False
    expandtab: bool = False
    ignorecase: bool = False
    number: bool = False


@dataclass(slots=True)
class Editor:
    """One vi."""

    files: list[str] = field(default_factory=list)
    file_number: int = 0
    name: str = ""
    is_readonly: bool = False
    text: Text = field(default_factory=Text)
    mode: Mode = "normal"
    settings: Settings = field(default_factory=Settings)
    columns: int = 80
    rows: int = 24
    #: The first row and column of the text that are shown.
    top: int = 0
    left: int = 0
    message: str = ""
    is_alarm: bool = False
    #: What is typed on the line at the bottom, with what it begins with.
    typed: str = ""
    #: The keys of a command that is not complete.
    pending: list[str] = field(default_factory=list)
    #: The last pattern and whether it is looked for backwards.
    pattern: str = ""
    is_backwards: bool = False
    #: f, t … and their letter.
    last_find: tuple[str, str] = ("", "")
    #: The keys of the last change, and of the one under way.
    change: list[str] = field(default_factory=list)
    changing: list[str] | None = None
    #: How many times the last change is to be made again.
    repeats: int = 0
    is_over: bool = False
    code: int = 0
    #: A line for ":" that a key stands for.
    queued: str = ""
    #: A command to be run outside.
    outside: str = ""
    #: Lines shown instead of the text until a key is pressed.
    page: list[str] = field(default_factory=list)

    @property
    def height(self) -> int:
        """How many lines of the text are shown."""
        return max(self.rows - 1, 1)

    def say(self, message: str) -> None:
        """Show a message instead of the status."""
        self.message, self.is_alarm = message, False

    def alarm(self, message: str) -> None:
        """Show a message in reverse: something cannot be done."""
        self.message, self.is_alarm = message, True

    # Drawing

    def status(self) -> str:
        """The line at the bottom."""
        if self.mode == "line":
            return fitted(self.typed, self.columns - 1)
        if self.message:
            shown = fitted(self.message, self.columns - 1)
            return f"{REVERSE}{shown}{NORMAL}" if self.is_alarm else shown
        total, at = len(self.text.lines), self.text.row + 1
        words = [
            _INDICATORS[self.mode],
            self.name or "No file",
            *(["[Readonly]"] if self.is_readonly else []),
            *(["[Modified]"] if self.text.is_modified else []),
            f"{at}/{total}",
            f"{100 * at // total}%",
        ]
        return fitted(" ".join(words), self.columns - 1)

    def drawn(self) -> tuple[list[str], tuple[int, int]]:
        """The rows of the screen, and where the cursor is."""
        if self.page:
            rows = [fitted(line, self.columns) for line in self.page[-self.rows :]]
            return rows, (min(len(rows), self.rows) - 1, min(len(rows[-1]), self.columns - 1))
        self._scroll()
        margin = 8 if self.settings.number else 0
        room = max(self.columns - margin, 1)
        cells, starts = cells_of(self.text.line, self.settings.tabstop)
        column = self._cursor_cell(starts)
        if column < self.left:
            self.left = column
        elif column >= self.left + room:
            self.left = column - room + 1
        rows = []
        for number in range(self.top, self.top + self.height):
            if number >= len(self.text.lines):
                rows.append("~")
                continue
            cells, _ = cells_of(self.text.lines[number], self.settings.tabstop)
            lead = f"{number + 1:>6}  " if margin else ""
            rows.append(lead + "".join(cells[self.left : self.left + room]))
        rows.append(self.status())
        if self.mode == "line":
            return rows, (self.rows - 1, min(len(self.typed), self.columns - 1))
        return rows, (self.text.row - self.top, margin + column - self.left)

    def _cursor_cell(self, starts: list[int]) -> int:
        column = min(self.text.column, len(starts) - 1)
        if self.mode == "normal" and column < len(starts) - 1:
            is_tab = self.text.line[column] == "\t"
            return starts[column + 1] - 1 if is_tab else starts[column]
        return starts[column]

    def _scroll(self) -> None:
        """Show the line with the cursor: by little when it is near, else in the middle."""
        row, last = self.text.row, self.top + self.height - 1
        far = (self.rows - 1) // 2
        if row < self.top:
            self.top = row if self.top - row < far else max(row - far, 0)
        elif row > last:
            self.top = row - self.height + 1 if row - last < far else max(row - far, 0)
