"""What keys do in the text: commands with counts, registers and motions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cluster_engine.shell.commands.vi.editor import Editor
from cluster_engine.shell.commands.vi.motions import (
    MOTIONS,
    Lead,
    find_letter,
    inner_word,
)
from cluster_engine.shell.commands.vi.operators import operate, put, shift
from cluster_engine.shell.commands.vi.search import search
from cluster_engine.shell.commands.vi.text import Place, Text

_OPERATORS = "dcy<>"
_WITH_LETTER = "rmZzfFtT'`g"
_COUNT_MAX = 10_000
#: Commands that "." makes again.
_CHANGES = frozenset("dc<>iIaAoOxXDCsSpPJr~R") | {"<Delete>", "<Insert>"}


@dataclass(frozen=True, slots=True)
class Command:
    """Complete keys."""

    key: str
    count: int = 0
    register: str = ""
    #: The key after r, f, g …
    letter: str = ""
    #: d, c, y, < or >, with the motion that the rest is.
    operator: str = ""

    @property
    def times(self) -> int:
        """The count, 1 when none was given."""
        return self.count or 1


def read_keys(keys: list[str]) -> Command | None:
    """The command that the keys are; None while more keys are needed."""
    at, register = 0, ""
    if keys[0] == '"':
        if len(keys) < 3:
            return None
        register, at = keys[1], 2
    count, at = _count(keys, at)
    if at >= len(keys):
        return None
    operator = ""
    if keys[at] in _OPERATORS:
        operator, at = keys[at], at + 1
        second, at = _count(keys, at)
        count = min(max(count, 1) * second, _COUNT_MAX) if second else count
        if at >= len(keys):
            return None
        if keys[at] == operator:
            return Command("line", count, register, operator=operator)
    key = keys[at]
    if key in _WITH_LETTER or (operator and key in "ia"):
        if at + 1 >= len(keys):
            return None
        return Command(key, count, register, keys[at + 1], operator)
    return Command(key, count, register, operator=operator)


def _count(keys: list[str], at: int) -> tuple[int, int]:
    digits = ""
    while at < len(keys) and keys[at] in "0123456789" and (digits or keys[at] != "0"):
        digits, at = digits + keys[at], at + 1
    return min(int(digits[:6] or 0), _COUNT_MAX), at


def press_normal(editor: Editor, key: str) -> None:
    """A key was pressed in the text."""
    if key in ("<Esc>", "<C-c>") and editor.pending:
        editor.pending = []
        return
    editor.pending.append(key)
    command = read_keys(editor.pending)
    if command is None:
        return
    keys, editor.pending = editor.pending, []
    is_change = (command.operator or command.key) in _CHANGES
    if is_change:
        editor.text.remember()
    _run(editor, command)
    if is_change and editor.mode in ("insert", "replace"):
        editor.changing = keys
    elif is_change:
        editor.change = keys


def _run(editor: Editor, command: Command) -> None:
    if command.operator:
        _operate(editor, command)
        return
    action = _ACTIONS.get(command.key)
    if action is not None:
        action(editor, command)
        return
    lead = _lead(editor, command)
    if lead is not None:
        editor.text.go(lead.place)
    elif command.key not in _LEADING and command.key not in ("<Esc>", "<C-c>"):
        editor.alarm(f"'{command.key}' is not implemented")


# Motions


def _lead(editor: Editor, command: Command) -> Lead | None:
    """Where a command leads; None: nowhere."""
    text, key = editor.text, command.key
    if key in MOTIONS:
        return MOTIONS[key](text, command.times)
    if key in "fFtT":
        editor.last_find = key, command.letter
        return find_letter(text, key, command.letter, command.times)
    if key in ";," and editor.last_find[0]:
        how, letter = editor.last_find
        return find_letter(text, how if key == ";" else how.swapcase(), letter, command.times)
    if key == "G" or (key == "g" and command.letter == "g"):
        last = len(text.lines) if key == "G" else 1
        row = min(command.count or last, len(text.lines)) - 1
        return Lead((row, _indent(text, row)), "lines")
    if key in "HML":
        return _on_screen(editor, key, command.times)
    if key in "'`" and command.letter in text.marks:
        row, column = text.marks[command.letter]
        row = min(row, len(text.lines) - 1)
        return Lead((row, column if key == "`" else _indent(text, row)), "lines")
    if key in "nN":
        return _searched(editor, command)
    return None


_LEADING = frozenset("fFtT;,gG'`HMLnN") | frozenset(MOTIONS)


def _indent(text: Text, row: int) -> int:
    line = text.lines[row]
    return len(line) - len(line.lstrip())


def _on_screen(editor: Editor, key: str, count: int) -> Lead:
    last = min(editor.top + editor.height, len(editor.text.lines)) - 1
    row = (editor.top + last) // 2
    if key != "M":
        row = min(editor.top + count - 1, last) if key == "H" else max(last - count + 1, editor.top)
    return Lead((row, _indent(editor.text, row)), "lines")


def _searched(editor: Editor, command: Command) -> Lead | None:
    before = editor.text.place
    search(editor, is_reversed=command.key == "N", count=command.times)
    found = editor.text.place
    editor.text.go(before)
    return Lead(found, "before") if found != before else None


# Operators


def _operate(editor: Editor, command: Command) -> None:
    text = editor.text
    if command.key == "line":
        last = min(text.row + command.times, len(text.lines)) - 1
        operate(editor, command.operator, command.register, (text.row, 0), (last, 0), is_rows=True)
        return
    if command.key in "ia":
        if command.letter in "wW":
            start, end = inner_word(text, has_blanks=command.key == "a")
            operate(editor, command.operator, command.register, start, end)
        return
    key = command.key
    if command.operator == "c" and key in "wW" and not text.line[text.column :][:1].isspace():
        key = "e" if key == "w" else "E"
        command = Command(key, command.count, command.register, operator="c")
        if _ends_word(text) and command.times == 1:
            operate(editor, "c", command.register, text.place, (text.row, text.column + 1))
            return
    lead = _lead(editor, command)
    if lead is None:
        return
    start, end = _extent(text, lead, is_word=key in "wW")
    operate(editor, command.operator, command.register, start, end, is_rows=lead.kind == "lines")


def _ends_word(text: Text) -> bool:
    """Whether the character under the cursor is all that is left of its word."""
    following = text.line[text.column + 1 : text.column + 2]
    here = text.line[text.column : text.column + 1]
    return not following or following.isspace() or (following.isalnum() != here.isalnum())


def _extent(text: Text, lead: Lead, *, is_word: bool) -> tuple[Place, Place]:
    start, end = sorted((text.place, lead.place))
    if lead.kind == "with":
        return start, (end[0], end[1] + 1)
    if is_word and end[0] > start[0]:
        # The end of a line is not part of its last word.
        return start, (start[0], len(text.lines[start[0]]))
    return start, end


# Other commands


def _insert(editor: Editor, command: Command) -> None:
    text = editor.text
    if command.key in ("a", "<Insert>"):
        text.column += 1 if command.key == "a" and text.line else 0
    elif command.key == "A":
        text.column = len(text.line)
    elif command.key == "I":
        text.column = _indent(text, text.row)
    elif command.key in "oO":
        row = text.row + (command.key == "o")
        indent = text.line[: _indent(text, text.row)] if editor.settings.autoindent else ""
        text.insert_rows(row, f"{indent}\n")
        text.row, text.column = row, len(indent)
    editor.mode = "replace" if command.key == "R" else "insert"


def _delete_letters(editor: Editor, command: Command) -> None:
    text = editor.text
    first, last = text.column, text.column + command.times
    if command.key == "X":
        first, last = max(text.column - command.times, 0), text.column
    last = min(last, len(text.line))
    if first < last:
        found = text.delete((text.row, first), (text.row, last))
        text.registers[command.register or "D"] = found
        text.column = first
    if command.key == "s":
        editor.mode = "insert"


def _to_end(editor: Editor, command: Command) -> None:
    """D and C."""
    text = editor.text
    if text.column < len(text.line):
        found = text.delete(text.place, (text.row, len(text.line)))
        text.registers[command.register or "D"] = found
    if command.key == "C":
        text.column = len(text.line)
        editor.mode = "insert"


def _whole_lines(editor: Editor, command: Command) -> None:
    """Y and S are yy and cc."""
    operator = "y" if command.key == "Y" else "c"
    _operate(editor, Command("line", command.count, command.register, operator=operator))


def _put(editor: Editor, command: Command) -> None:
    put(editor, command.register, command.times, is_after=command.key == "p")


def _join(editor: Editor, command: Command) -> None:
    text = editor.text
    for _ in range(command.times):
        if text.row == len(text.lines) - 1:
            break
        following = text.lines[text.row + 1].lstrip()
        line = text.line.rstrip() if following else text.line
        joint = " " if line and following and not following.startswith(")") else ""
        text.column = len(line) + (1 if joint else 0)
        text.lines[text.row : text.row + 2] = [line + joint + following]
        text.is_modified = True


def _replace_letter(editor: Editor, command: Command) -> None:
    text, letter = editor.text, command.letter
    letter = {"<Enter>": "\n", "<Tab>": "\t"}.get(letter, letter)
    if len(letter) != 1 or text.column + command.times > len(text.line):
        return
    text.delete(text.place, (text.row, text.column + command.times))
    end = text.insert(text.place, letter if letter == "\n" else letter * command.times)
    text.go(end if letter == "\n" else (end[0], end[1] - 1))


def _swap_case(editor: Editor, command: Command) -> None:
    text = editor.text
    last = min(text.column + command.times, len(text.line))
    changed = text.between(text.place, (text.row, last)).swapcase()
    text.delete(text.place, (text.row, last))
    text.go(text.insert(text.place, changed))


def _undo(editor: Editor, command: Command) -> None:
    for _ in range(command.times):
        editor.say(editor.text.undo() if command.key == "u" else editor.text.redo())


def _mark(editor: Editor, command: Command) -> None:
    if len(command.letter) == 1 and command.letter.isalpha():
        editor.text.marks[command.letter] = editor.text.place


def _repeat(editor: Editor, command: Command) -> None:
    editor.repeats = command.times


def _begin_line(editor: Editor, command: Command) -> None:
    editor.mode = "line"
    editor.typed = command.key
    if command.key == ":" and command.count:
        editor.typed = f":.,.+{command.count - 1}"


def _leave(editor: Editor, command: Command) -> None:
    """ZZ and ZQ."""
    if command.letter == "Z":
        editor.queued = "x"
    elif command.letter == "Q":
        editor.is_over = True


def _scroll(editor: Editor, command: Command) -> None:
    text, height, key = editor.text, editor.height, command.key
    whole, half = max(height - 1, 1), max(height // 2, 1)
    by = {"<C-f>": whole, "<PageDown>": whole, "<C-b>": -whole, "<PageUp>": -whole}
    by |= {"<C-d>": half, "<C-u>": -half, "<C-e>": 1, "<C-y>": -1}
    moved = by[key] * command.times
    editor.top = max(0, min(editor.top + moved, len(text.lines) - 1))
    row = max(editor.top, min(text.row, editor.top + height - 1))
    text.go((row, text.column))


def _place_line(editor: Editor, command: Command) -> None:
    """z: put the line with the cursor at the top, in the middle, at the bottom."""
    row, height = editor.text.row, editor.height
    top = {"<Enter>": row, "t": row, ".": row - height // 2, "z": row - height // 2}
    top |= {"-": row - height + 1, "b": row - height + 1}
    editor.top = max(top.get(command.letter, editor.top), 0)


def _show_status(editor: Editor, command: Command) -> None:
    editor.message = ""


_ACTIONS: dict[str, Callable[[Editor, Command], None]] = {
    **dict.fromkeys(("i", "a", "I", "A", "o", "O", "R", "<Insert>"), _insert),
    **dict.fromkeys(("x", "X", "s", "<Delete>"), _delete_letters),
    **dict.fromkeys("DC", _to_end),
    **dict.fromkeys("YS", _whole_lines),
    **dict.fromkeys("pP", _put),
    **dict.fromkeys(("u", "<C-r>"), _undo),
    **dict.fromkeys(":/?", _begin_line),
    **dict.fromkeys(
        ("<C-f>", "<PageDown>", "<C-b>", "<PageUp>", "<C-d>", "<C-u>", "<C-e>", "<C-y>"), _scroll
    ),
    "J": _join,
    "r": _replace_letter,
    "~": _swap_case,
    "m": _mark,
    ".": _repeat,
    "Z": _leave,
    "z": _place_line,
    "<C-g>": _show_status,
    "<C-l>": _show_status,
}
__all__ = ["Command", "press_normal", "read_keys", "shift"]
