"""What d, c, y, < and > do to a part of the text, and how it is put back."""

from __future__ import annotations

from cluster_engine.shell.commands.vi.editor import Editor
from cluster_engine.shell.commands.vi.text import Place

_DEFAULT = "D"


def operate(
    editor: Editor,
    operator: str,
    register: str,
    start: Place,
    end: Place,
    *,
    is_rows: bool = False,
) -> None:
    """Apply an operator to the text from a place up to another, or to whole lines."""
    text = editor.text
    if is_rows:
        first, last = sorted((start[0], end[0]))
        _operate_rows(editor, operator, register, first, last)
        return
    if operator in "<>":
        shift(editor, operator, start[0], end[0])
        return
    if operator == "y":
        keep(editor, register, text.between(start, end), "Yank")
        text.go(start)
        return
    found = text.delete(start, end)
    if operator == "c":
        text.registers[register or _DEFAULT] = found
        text.go(start, is_inserting=True)
        editor.mode = "insert"
    else:
        keep(editor, register, found, "Delete")
        text.go(start)


def _operate_rows(editor: Editor, operator: str, register: str, first: int, last: int) -> None:
    text = editor.text
    if operator in "<>":
        shift(editor, operator, first, last)
    elif operator == "y":
        keep(editor, register, text.rows(first, last), "Yank")
        text.go((first, text.column))
    elif operator == "d":
        keep(editor, register, text.delete_rows(first, last), "Delete")
    else:
        text.registers[register or _DEFAULT] = text.rows(first, last)
        line = text.lines[first]
        indent = line[: len(line) - len(line.lstrip())] if editor.settings.autoindent else ""
        text.lines[first : last + 1] = [indent]
        text.is_modified = True
        text.go((first, len(indent)), is_inserting=True)
        editor.mode = "insert"


def keep(editor: Editor, register: str, found: str, verb: str, *, joint: str = "from") -> None:
    """Put a text into a register and say so."""
    name = register or _DEFAULT
    editor.text.registers[name] = found
    lines = found.count("\n")
    editor.say(f"{verb} {lines} lines ({len(found)} chars) {joint} [{name}]")


def shift(editor: Editor, direction: str, first: int, last: int) -> None:
    """Move lines by a tab stop."""
    text, stop = editor.text, editor.settings.tabstop
    for row in range(first, min(last + 1, len(text.lines))):
        line = text.lines[row]
        if direction == ">":
            added = " " * stop if editor.settings.expandtab else "\t"
            text.lines[row] = added + line if line else line
        elif line.startswith("\t"):
            text.lines[row] = line[1:]
        else:
            text.lines[row] = line[min(len(line) - len(line.lstrip(" ")), stop) :]
    text.is_modified = True
    line = text.lines[first]
    text.go((first, len(line) - len(line.lstrip())))


def put(editor: Editor, register: str, count: int, *, is_after: bool) -> None:
    """Put what a register holds into the text."""
    text, name = editor.text, register or _DEFAULT
    held = text.registers.get(name)
    if not held:
        editor.alarm(f"Nothing in register {name}")
        return
    held *= count
    if held.endswith("\n"):
        row = text.row + is_after
        text.insert_rows(row, held)
        line = text.lines[row]
        text.go((row, len(line) - len(line.lstrip())))
    else:
        at = text.row, min(text.column + is_after, len(text.line))
        end = text.insert(at, held)
        text.go((end[0], max(end[1] - 1, 0)))
    lines = held.count("\n")
    editor.say(f"Put {lines} lines ({len(held)} chars) from [{name}]")
