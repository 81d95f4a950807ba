"""The line editor: keys in, changes of the screen out. Data only.

`feed` takes one byte and says when something is to be done; what is to be shown is gathered in
`screen`. Emacs keys as readline and BusyBox have them.

Models: GNU readline 8.2 (emacs mode), as far as people use it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

LINE_CHARACTERS_MAX = 8_192
KILLED_MAX = 8_192
_ESCAPES = re.compile(r"\x01.*?\x02|\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07")
_WORD = re.compile(r"[A-Za-z0-9_]")

ACCEPT, INTERRUPT, END, COMPLETE = "accept", "interrupt", "end", "complete"


def width(text: str) -> int:
    """How many columns a text takes."""
    columns = 0
    for char in text:
        if unicodedata.combining(char) or char in "\u200d\ufe0f":
            continue
        columns += 2 if unicodedata.east_asian_width(char) in "WF" else 1
    return columns


class Editor:
    """One line that is being typed, and the lines before it."""

    def __init__(self, prompt: str, columns: int, history: list[str]) -> None:
        self.screen: list[str] = []
        self.line = ""
        self.cursor = 0
        self.killed = ""
        self.columns = max(columns, 2)
        self.history = history
        #: Where in the history the line comes from; its length: the line being typed.
        self.place = len(history)
        self._typed = ""
        self._bytes = b""
        self._escape = ""
        self._row = 0
        self._search: str | None = None
        self._found = -1
        self._is_pasting = False
        self._was_tab = False
        self._show_prompt(prompt)

    @property
    def is_second_tab(self) -> bool:
        """Whether the key before the last one was TAB as well."""
        return self._was_tab

    def take_screen(self) -> str:
        """What is to be written to the terminal."""
        text = "".join(self.screen)
        self.screen.clear()
        return text

    # Keys

    def feed(self, byte: int) -> str:
        """Take a byte; ACCEPT, INTERRUPT, END or COMPLETE when something is to be done."""
        if self._escape or byte == 0x1B:
            self._feed_escape(byte)
            return ""
        if byte >= 0x80 or self._bytes:
            self._feed_utf8(byte)
            return ""
        was_tab, self._was_tab = self._was_tab, False
        if self._search is not None:
            return self._feed_search(byte)
        if byte in (0x0D, 0x0A):
            return self._accept()
        if byte == 0x03:
            self._to_end()
            self.screen.append("^C\n")
            return INTERRUPT
        if byte == 0x04 and not self.line:
            return END
        if byte == 0x09 and not self._is_pasting:
            self._was_tab = True
            self.is_repeated_tab = was_tab
            return COMPLETE
        action = _KEYS.get(byte)
        if action is not None:
            action(self)
        elif byte >= 32 or byte == 9:
            self.insert(chr(byte))
        return ""

    is_repeated_tab = False

    def insert(self, text: str) -> None:
        """Put text where the cursor is."""
        if len(self.line) + len(text) > LINE_CHARACTERS_MAX:
            self.screen.append("\a")
            return
        at_end = self.cursor == len(self.line)
        self.line = self.line[: self.cursor] + text + self.line[self.cursor :]
        self.cursor += len(text)
        end = self._prompt_width + width(self.line)
        if at_end and "\n" not in text and end % self.columns and end // self.columns == self._row:
            self.screen.append(text)
        else:
            self.redraw()

    def replace(self, line: str) -> None:
        """Another line, the cursor at its end."""
        self.line = line
        self.cursor = len(line)
        self.redraw()

    def show_below(self, text: str) -> None:
        """Write lines below (the choices of a completion), then the line again."""
        self._to_end()
        self.screen.append("\n" + text)
        self._row = 0
        self.screen.append(self._last_prompt)
        self._draw_line()

    def resize(self, columns: int) -> None:
        """The window has another width."""
        self.columns = max(columns, 2)
        self.redraw()

    def redraw(self) -> None:
        """Draw the line again."""
        self._to_start()
        self.screen.append(self._last_prompt)
        self._draw_line()

    # Drawing

    def _show_prompt(self, prompt: str) -> None:
        visible = prompt.replace("\x01", "").replace("\x02", "")
        self._last_prompt = visible.rpartition("\n")[2]
        self._prompt_width = width(_ESCAPES.sub("", prompt.rpartition("\n")[2]))
        self.screen.append(visible)
        self._row = self._prompt_width // self.columns

    def _to_start(self) -> None:
        if self._row:
            self.screen.append(f"\x1b[{self._row}A")
        self.screen.append("\r")
        self._row = 0

    def _draw_line(self) -> None:
        """The line after the prompt; the cursor goes where it belongs."""
        shown = self.line.replace("\n", " ")
        self.screen.append(shown + "\x1b[J")
        end = self._prompt_width + width(shown)
        if end and end % self.columns == 0:
            self.screen.append(" \r")
        target = self._prompt_width + width(shown[: self.cursor])
        end_row, target_row = end // self.columns, target // self.columns
        if target != end:
            if end_row > target_row:
                self.screen.append(f"\x1b[{end_row - target_row}A")
            self.screen.append("\r")
            if target % self.columns:
                self.screen.append(f"\x1b[{target % self.columns}C")
        self._row = target_row

    def _to_end(self) -> None:
        if self.cursor != len(self.line):
            self.cursor = len(self.line)
            self.redraw()

    # Bytes to keys

    def _feed_utf8(self, byte: int) -> None:
        self._bytes += bytes([byte])
        try:
            text = self._bytes.decode()
        except UnicodeDecodeError:
            if len(self._bytes) >= 4 or byte < 0x80:
                self._bytes = b""
            return
        self._bytes = b""
        self.insert(text)

    def _feed_escape(self, byte: int) -> None:
        self._escape += chr(byte)
        sequence = self._escape[1:]
        if not sequence:
            return
        if sequence in ("[", "O"):
            return
        if sequence[0] in "[O" and len(sequence) < 12 and not 0x40 <= byte <= 0x7E:
            return
        self._escape = ""
        if sequence == "[200~":
            self._is_pasting = True
        elif sequence == "[201~":
            self._is_pasting = False
        else:
            action = _SEQUENCES.get(sequence)
            if action is not None:
                self._search = None
                action(self)

    def _accept(self) -> str:
        self._to_end()
        self.screen.append("\n")
        return ACCEPT

    # Moving and changing

    def _left(self) -> None:
        if self.cursor:
            self._move(self.cursor - 1)

    def _right(self) -> None:
        if self.cursor < len(self.line):
            self._move(self.cursor + 1)

    def _home(self) -> None:
        self._move(0)

    def _end(self) -> None:
        self._move(len(self.line))

    def _move(self, cursor: int) -> None:
        before, self.cursor = self.cursor, cursor
        one_step = {before - 1: "\b", before + 1: "\x1b[C"}.get(cursor)
        moved = self.line[min(before, cursor) : max(before, cursor)]
        start = self._prompt_width + width(self.line[: min(before, cursor)])
        is_same_row = start % self.columns + width(moved) < self.columns
        if one_step and is_same_row and width(moved) == 1:
            self.screen.append(one_step)
        elif cursor != before:
            self.redraw()

    def _word_start(self) -> int:
        at = self.cursor
        while at and not _WORD.match(self.line[at - 1]):
            at -= 1
        while at and _WORD.match(self.line[at - 1]):
            at -= 1
        return at

    def _word_end(self) -> int:
        at = self.cursor
        while at < len(self.line) and not _WORD.match(self.line[at]):
            at += 1
        while at < len(self.line) and _WORD.match(self.line[at]):
            at += 1
        return at

    def _word_left(self) -> None:
        self._move(self._word_start())

    def _word_right(self) -> None:
        self._move(self._word_end())

    def _rub_out(self) -> None:
        if self.cursor:
            is_end = self.cursor == len(self.line)
            gone = self.line[self.cursor - 1]
            self.line = self.line[: self.cursor - 1] + self.line[self.cursor :]
            self.cursor -= 1
            end = self._prompt_width + width(self.line)
            if is_end and width(gone) == 1 and (end + 1) % self.columns and end % self.columns:
                self.screen.append("\b\x1b[K")
            else:
                self.redraw()
        else:
            self.screen.append("\a")

    def _delete(self) -> None:
        if self.cursor < len(self.line):
            self.line = self.line[: self.cursor] + self.line[self.cursor + 1 :]
            self.redraw()

    def _kill(self, start: int, end: int) -> None:
        if start < end:
            self.killed = self.line[start:end][:KILLED_MAX]
            self.line = self.line[:start] + self.line[end:]
            self.cursor = start
            self.redraw()

    def _kill_to_end(self) -> None:
        self._kill(self.cursor, len(self.line))

    def _kill_to_start(self) -> None:
        self._kill(0, self.cursor)

    def _kill_blank_word(self) -> None:
        at = self.cursor
        while at and self.line[at - 1].isspace():
            at -= 1
        while at and not self.line[at - 1].isspace():
            at -= 1
        self._kill(at, self.cursor)

    def _kill_word_left(self) -> None:
        self._kill(self._word_start(), self.cursor)

    def _kill_word_right(self) -> None:
        self._kill(self.cursor, self._word_end())

    def _yank(self) -> None:
        if self.killed:
            self.insert(self.killed)

    def _transpose(self) -> None:
        at = min(self.cursor, len(self.line) - 1)
        if at > 0:
            swapped = self.line[at] + self.line[at - 1]
            self.line = self.line[: at - 1] + swapped + self.line[at + 1 :]
            self.cursor = at + 1
            self.redraw()

    def _clear(self) -> None:
        self.screen.append("\x1b[H\x1b[2J")
        self._row = 0
        self.redraw()

    # History

    def _older(self) -> None:
        self._go_to(self.place - 1)

    def _newer(self) -> None:
        self._go_to(self.place + 1)

    def _oldest(self) -> None:
        self._go_to(0)

    def _newest(self) -> None:
        self._go_to(len(self.history))

    def _go_to(self, place: int) -> None:
        if not 0 <= place <= len(self.history) or place == self.place:
            return
        if self.place == len(self.history):
            self._typed = self.line
        self.place = place
        self.replace(self._typed if place == len(self.history) else self.history[place])

    def _last_argument(self) -> None:
        if self.history:
            words = self.history[-1].split()
            if words:
                self.insert(words[-1])

    # Searching backwards

    def _begin_search(self) -> None:
        self._search = ""
        self._found = len(self.history)
        self._show_search()

    def _feed_search(self, byte: int) -> str:
        search = self._search or ""
        if byte == 0x12:
            self._find(self._found - 1)
        elif byte in (0x7F, 0x08):
            self._search = search[:-1]
            self._find(len(self.history) - 1)
        elif byte >= 32:
            self._search = search + chr(byte)
            self._find(min(self._found, len(self.history) - 1))
        elif byte in (0x07, 0x03):
            self._search = None
            self.replace("")
        else:
            self._search = None
            self.replace(self.line)
            return self.feed(byte)
        return ""

    def _find(self, place: int) -> None:
        search = self._search or ""
        while place >= 0:
            if search in self.history[place]:
                self._found = place
                self.line = self.history[place]
                self.cursor = len(self.line)
                break
            place -= 1
        else:
            self.screen.append("\a")
        self._show_search()

    def _show_search(self) -> None:
        self._to_start()
        text = f"(reverse-i-search)`{self._search}': {self.line}"
        self.screen.append(text + "\x1b[J")
        self._row = (width(text) - 1) // self.columns if text else 0


_KEYS: dict[int, Callable[[Editor], None]] = {
    0x01: Editor._home,
    0x02: Editor._left,
    0x04: Editor._delete,
    0x05: Editor._end,
    0x06: Editor._right,
    0x08: Editor._rub_out,
    0x0B: Editor._kill_to_end,
    0x0C: Editor._clear,
    0x0E: Editor._newer,
    0x10: Editor._older,
    0x12: Editor._begin_search,
    0x14: Editor._transpose,
    0x15: Editor._kill_to_start,
    0x17: Editor._kill_blank_word,
    0x19: Editor._yank,
    0x7F: Editor._rub_out,
}
_SEQUENCES: dict[str, Callable[[Editor], None]] = {
    "[A": Editor._older,
    "[B": Editor._newer,
    "[C": Editor._right,
    "[D": Editor._left,
    "OA": Editor._older,
    "OB": Editor._newer,
    "OC": Editor._right,
    "OD": Editor._left,
    "[H": Editor._home,
    "[F": Editor._end,
    "OH": Editor._home,
    "OF": Editor._end,
    "[1~": Editor._home,
    "[7~": Editor._home,
    "[4~": Editor._end,
    "[8~": Editor._end,
    "[3~": Editor._delete,
    "[1;5C": Editor._word_right,
    "[1;5D": Editor._word_left,
    "[1;3C": Editor._word_right,
    "[1;3D": Editor._word_left,
    "b": Editor._word_left,
    "f": Editor._word_right,
    "d": Editor._kill_word_right,
    "\x7f": Editor._kill_word_left,
    ".": Editor._last_argument,
    "<": Editor._oldest,
    ">": Editor._newest,
}
