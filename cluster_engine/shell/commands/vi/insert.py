"""Typing text: the modes insert and replace."""

from __future__ import annotations

from cluster_engine.shell.commands.vi.editor import Editor
from cluster_engine.shell.commands.vi.motions import MOTIONS

_MOVES = ("<Up>", "<Down>", "<Left>", "<Home>")
_KEYS_MAX = 5000


def press_insert(editor: Editor, key: str) -> None:
    """A key was pressed while text is typed."""
    if editor.changing is not None and len(editor.changing) < _KEYS_MAX:
        editor.changing.append(key)
    text = editor.text
    if key in ("<Esc>", "<C-c>"):
        editor.mode = "normal"
        text.column = max(text.column - 1, 0)
        if editor.changing is not None:
            editor.change, editor.changing = editor.changing, None
    elif key == "<Enter>":
        _new_line(editor)
    elif key in ("<Backspace>", "<C-h>"):
        _rub_out(editor)
    elif key == "<Delete>":
        _delete(editor)
    elif key in ("<C-w>", "<C-u>"):
        _rub_out_more(editor, key)
    elif key == "<End>":
        text.column = len(text.line)
    elif key == "<Right>":
        text.column += 1
    elif key in ("<PageUp>", "<PageDown>"):
        by = editor.height if key == "<PageDown>" else -editor.height
        text.go((text.row + by, text.column), is_inserting=True)
    elif key in _MOVES:
        lead = MOTIONS[key](text, 1)
        if lead is not None:
            text.go(lead.place, is_inserting=True)
    elif key == "<Tab>":
        _type(editor, " " * _to_stop(editor) if editor.settings.expandtab else "\t")
    elif len(key) == 1:
        _type(editor, key)


def _to_stop(editor: Editor) -> int:
    stop = editor.settings.tabstop
    column = len(editor.text.line[: editor.text.column].expandtabs(stop))
    return stop - column % stop


def _type(editor: Editor, letters: str) -> None:
    text = editor.text
    if editor.mode == "replace" and text.column < len(text.line):
        text.delete(text.place, (text.row, text.column + 1))
    text.go(text.insert(text.place, letters), is_inserting=True)


def _new_line(editor: Editor) -> None:
    text = editor.text
    line = text.line
    indent = line[: len(line) - len(line.lstrip())] if editor.settings.autoindent else ""
    place = text.insert(text.place, f"\n{indent[: text.column]}")
    text.go(place, is_inserting=True)


def _rub_out(editor: Editor) -> None:
    text = editor.text
    if text.column:
        text.delete((text.row, text.column - 1), text.place)
        text.column -= 1
    elif text.row:
        place = text.row - 1, len(text.lines[text.row - 1])
        text.delete(place, text.place)
        text.go(place, is_inserting=True)


def _rub_out_more(editor: Editor, key: str) -> None:
    """A word, or the line so far."""
    text = editor.text
    before = text.line[: text.column]
    kept = ""
    if key == "<C-w>":
        kept = before.rstrip()
        while kept and not kept[-1].isspace():
            kept = kept[:-1]
    text.delete((text.row, len(kept)), text.place)
    text.column = len(kept)


def _delete(editor: Editor) -> None:
    text = editor.text
    if text.column < len(text.line):
        text.delete(text.place, (text.row, text.column + 1))
    elif text.row < len(text.lines) - 1:
        text.delete(text.place, (text.row + 1, 0))
