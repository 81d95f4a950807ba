"""Files into vi and out of it."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.runtime.system import System
from cluster_engine.shell.commands.command import decoded, encoded
from cluster_engine.shell.commands.vi.editor import Editor
from cluster_engine.shell.commands.vi.text import CHARACTERS_MAX, Text


def open_file(editor: Editor, system: System, name: str, *, says_size: bool = False) -> None:
    """Edit a file instead of what was edited."""
    editor.name = name
    registers = editor.text.registers
    content = _content(editor, system, name, may_be_new=True)
    editor.text = Text.of(decoded(content or b""))
    editor.text.registers = registers
    editor.top = editor.left = 0
    if content is not None:
        writable = system.access(name, 2) or system.uid == 0
        editor.is_readonly = editor.is_readonly or not writable
    if says_size and not editor.message:
        shown = decoded(content) if content is not None else "\n"
        what = "" if content is not None else " [New file]"
        editor.say(f"'{name}'{what} {max(shown.count(chr(10)), 1)}L, {len(shown)}C")


def _content(editor: Editor, system: System, name: str, *, may_be_new: bool) -> bytes | None:
    """What is in a file; None when it cannot be read, after an alarm unless it may be new."""
    try:
        if system.stat(name).kind != "file":
            editor.alarm(f"'{name}' is not a regular file")
            return None
        content = system.read_file(name)
    except Errno as error:
        if error.name != "ENOENT" or not may_be_new:
            editor.alarm(f"'{name}' {error.text}")
        return None
    if len(content) > CHARACTERS_MAX:
        editor.alarm(f"'{name}' is too big")
        return None
    return content


def read_into(editor: Editor, system: System, name: str, row: int) -> None:
    """Put the lines of a file after a row."""
    content = _content(editor, system, name, may_be_new=False)
    if content is None:
        return
    text = decoded(content)
    if text:
        editor.text.insert_rows(row + 1, text if text.endswith("\n") else f"{text}\n")
        editor.text.go((row + 1, 0))
    editor.say(f"'{name}' {text.removesuffix(chr(10)).count(chr(10)) + 1}L, {len(text)}C")


def save(editor: Editor, system: System, name: str, rows: tuple[int, int]) -> bool:
    """Write rows to a file; False after an alarm."""
    text = editor.text
    content = encoded(text.rows(*rows))
    try:
        system.write_file(name, content)
    except Errno as error:
        editor.alarm(f"'{name}' {error.text}")
        return False
    editor.say(f"'{name}' {rows[1] - rows[0] + 1}L, {len(content)}C")
    if rows == (0, len(text.lines) - 1):
        if name == editor.name or not editor.name:
            text.is_modified = False
        editor.name = editor.name or name
    return True
