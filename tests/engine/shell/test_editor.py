"""The line editor: keys change the line, and the screen always shows it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cluster_engine.shell.interactive.editor import Editor, width

PROMPT = "$ "


class Screen:
    """A terminal of a few lines of code."""

    def __init__(self, columns):
        self.columns = columns
        self.cells = {}
        self.row = self.column = 0

    def show(self, text):
        at = 0
        while at < len(text):
            char = text[at]
            at += 1
            if char == "\r":
                self.column = 0
            elif char == "\n":
                self.row, self.column = self.row + 1, 0
            elif char == "\b":
                self.column = max(self.column - 1, 0)
            elif char == "\x1b":
                end = next(i for i in range(at + 1, len(text)) if text[i].isalpha())
                self._control(text[end], text[at + 1 : end])
                at = end + 1
            elif char != "\a":
                if self.column >= self.columns:
                    self.row, self.column = self.row + 1, 0
                self.cells[self.row, self.column] = char
                self.column += 1

    def _control(self, letter, number):
        count = int(number or 1) if letter in "ACD" else 0
        if letter == "A":
            self.row -= count
        elif letter == "C":
            self.column = min(self.column + count, self.columns - 1)
        elif letter in "JK":
            for row, column in list(self.cells):
                after = row == self.row and column >= self.column
                if after or (letter == "J" and row > self.row):
                    del self.cells[row, column]

    def text(self):
        last = max((row for row, _ in self.cells), default=0)
        return "".join(
            self.cells.get((row, column), " ")
            for row in range(last + 1)
            for column in range(self.columns)
        ).rstrip()


def typed(keys, columns=40, history=()):
    """An editor after those keys, and its screen."""
    editor, screen = Editor(PROMPT, columns, list(history)), Screen(columns)
    screen.show(editor.take_screen())
    for byte in keys.encode():
        editor.feed(byte)
        screen.show(editor.take_screen())
    return editor, screen


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ("abc\x7f", "ab"),
        ("bc\x01a", "abc"),
        ("ac\x1b[Db", "abc"),
        ("one two\x17three", "one three"),
        ("gone\x15kept", "kept"),
        ("ab\x02\x0bc", "ac"),
        ("a b\x01\x0bz \x19", "z a b"),
        ("ba\x14", "ab"),
        ("x\x1b[H\x1b[3~y", "y"),
        ("ä\x7fö", "ö"),
        ("word one\x1bb\x1bbX", "Xword one"),
        ("a\x1b[1;5Cb", "ab"),
        ("\x1b[200~a\tb\x1b[201~c", "a\tbc"),
    ],
    ids=[
        "erase",
        "to the start",
        "arrow left",
        "a word back",
        "all before the cursor",
        "all after it",
        "yank",
        "transpose",
        "home and delete",
        "letters of two bytes",
        "words back",
        "control and arrow",
        "a tab that is pasted",
    ],
)
def test_keys_change_the_line(keys, line):
    assert typed(keys)[0].line == line


KEYS = st.sampled_from(
    [*"ab ", "xyzxyzxyz", "\x7f", "\x01", "\x05", "\x02", "\x06", "\x0b", "\x15", "\x17", "\x19"]
    + ["\x14", "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[3~", "\x1bb", "\x1bf", "\x1bd"]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(KEYS, max_size=40), st.integers(5, 30))
def test_the_screen_shows_the_line_and_the_cursor_where_it_is(keys, columns):
    editor, screen = typed("".join(keys), columns, ["older command", "another"])
    assert screen.text() == (PROMPT + editor.line).rstrip()
    place = width(PROMPT + editor.line[: editor.cursor])
    assert divmod(place, columns) == divmod(screen.row * columns + screen.column, columns)
