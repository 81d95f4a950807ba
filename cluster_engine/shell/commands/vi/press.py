"""What a key does: in the text, while text is typed, on the line at the bottom."""

from __future__ import annotations

from cluster_engine.runtime.system import System
from cluster_engine.shell.commands.vi.colon import run_line
from cluster_engine.shell.commands.vi.editor import Editor
from cluster_engine.shell.commands.vi.insert import press_insert
from cluster_engine.shell.commands.vi.normal import press_normal
from cluster_engine.shell.commands.vi.search import search
from cluster_engine.shell.commands.vi.text import TooBig

_LINE_CHARACTERS_MAX = 1000
_REPEATS_MAX = 1000


def press(editor: Editor, system: System, key: str) -> None:
    """A key was pressed."""
    if editor.page:
        editor.page = []
        return
    editor.message = ""
    _press(editor, system, key)
    if editor.queued:
        line, editor.queued = editor.queued, ""
        run_line(editor, system, line)
    repeats, editor.repeats = min(editor.repeats, _REPEATS_MAX), 0
    for _ in range(repeats):
        kept = list(editor.change)
        editor.changing = None
        for again in kept:
            _press(editor, system, again)
        editor.change, editor.repeats = kept, 0


def _press(editor: Editor, system: System, key: str) -> None:
    try:
        if editor.mode == "line":
            _press_line(editor, system, key)
        elif editor.mode == "normal":
            press_normal(editor, key)
        else:
            press_insert(editor, key)
    except TooBig:
        editor.alarm("The text is too big")
    editor.text.go(editor.text.place, is_inserting=editor.mode in ("insert", "replace"))


def _press_line(editor: Editor, system: System, key: str) -> None:
    """The line at the bottom: a command after ":", a pattern after "/" or "?"."""
    if key in ("<Esc>", "<C-c>"):
        editor.mode, editor.typed = "normal", ""
    elif key == "<Backspace>":
        editor.typed = editor.typed[:-1]
        if not editor.typed:
            editor.mode = "normal"
    elif key == "<C-u>":
        editor.typed = editor.typed[:1]
    elif key == "<Enter>":
        typed, editor.typed, editor.mode = editor.typed, "", "normal"
        if typed[0] == ":":
            run_line(editor, system, typed[1:])
        else:
            editor.is_backwards = typed[0] == "?"
            if typed[1:]:
                editor.pattern = typed[1:]
            search(editor, is_reversed=False)
    elif key == "<Tab>" or (len(key) == 1 and len(editor.typed) < _LINE_CHARACTERS_MAX):
        editor.typed += "\t" if key == "<Tab>" else key
