"""Commands of the line at the bottom: :w, :q, :s and the others."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from cluster_engine.runtime.system import System
from cluster_engine.shell.commands.patterns import PatternProblem
from cluster_engine.shell.commands.vi.editor import Editor
from cluster_engine.shell.commands.vi.files import open_file, read_into, save
from cluster_engine.shell.commands.vi.operators import keep, shift
from cluster_engine.shell.commands.vi.search import compiled

_NAME = re.compile(r"([a-z]+|[<>=!])(!?)\s*(.*)", re.DOTALL)
_ROW_OF_COMMANDS = re.compile(r"[a-z]+!?(?:\|[a-z]+!?)+")
_UNSAVED = "No write since last change (:{}! overrides)"
_CHANGES_MAX = 100_000


class _Wrong(Exception):
    """The line cannot be understood; the text is what is said."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it was typed: rows (from 0), what to do, "!" or not, the rest."""

    first: int
    last: int
    has_range: bool
    name: str
    is_forced: bool
    rest: str
    whole: str


def run_line(editor: Editor, system: System, typed: str) -> None:
    """Do what a line says."""
    try:
        for text in _commands(typed.strip().lstrip(":")):
            line = _read(editor, text)
            if line.name:
                _do(editor, system, line)
            elif text:
                editor.text.go((line.last, 0))
    except _Wrong as wrong:
        editor.alarm(str(wrong))
    except PatternProblem as problem:
        editor.alarm(str(problem))


def _commands(typed: str) -> list[str]:
    """The commands between "|", where that is none of a command's own."""
    return typed.split("|") if _ROW_OF_COMMANDS.fullmatch(typed) else [typed]


def _do(editor: Editor, system: System, line: Line) -> None:
    for full, shortest, action in _COMMANDS:
        if len(line.name) >= shortest and full.startswith(line.name):
            action(editor, system, line)
            return
    raise _Wrong(f"'{line.whole}' is not implemented")


# Reading the line


def _read(editor: Editor, text: str) -> Line:
    last = len(editor.text.lines) - 1
    if text.startswith("%"):
        first, end, has_range, rest = 0, last, True, text[1:]
    else:
        start, rest = _address(editor, text)
        second = None
        if rest[:1] == ",":
            second, rest = _address(editor, rest[1:])
        has_range = start is not None
        first = editor.text.row if start is None else start
        end = first if second is None else second
    if not 0 <= first <= end <= last:
        if has_range and rest and not rest.strip():
            raise _Wrong("invalid range")
        first, end = max(0, min(first, last)), max(0, min(end, last))
        if first > end:
            raise _Wrong("invalid range")
    rest = rest.strip()
    found = _NAME.fullmatch(rest)
    if rest and found is None:
        raise _Wrong(f"'{rest}' is not implemented")
    name, force, after = (found[1], found[2], found[3]) if found else ("", "", "")
    substitution = re.match(r"s(?:ubstitute)?(?=[^a-z\s])", rest)
    if substitution is not None:
        name, force, after = "s", "", rest[substitution.end() :]
    return Line(first, end, has_range, name, bool(force), after, rest)


def _address(editor: Editor, text: str) -> tuple[int | None, str]:
    """A row and what follows it; None when the text does not begin with one."""
    row: int | None = None
    rest = text.lstrip()
    digits = re.match(r"\d{1,7}", rest)
    if digits is not None:
        row, rest = int(digits[0]) - 1, rest[digits.end() :]
    elif rest[:1] == ".":
        row, rest = editor.text.row, rest[1:]
    elif rest[:1] == "$":
        row, rest = len(editor.text.lines) - 1, rest[1:]
    elif rest[:1] == "'" and len(rest) > 1:
        mark = editor.text.marks.get(rest[1])
        if mark is None:
            raise _Wrong(f"Mark not set: {rest[1]}")
        row, rest = mark[0], rest[2:]
    elif rest[:1] in ("/", "?"):
        row, rest = _address_by_pattern(editor, rest)
    while (step := re.match(r"\s*([-+])(\d*)", rest)) is not None:
        row = editor.text.row if row is None else row
        row += int(step[1] + (step[2] or "1"))
        rest = rest[step.end() :]
    return row, rest


def _address_by_pattern(editor: Editor, text: str) -> tuple[int, str]:
    source, _, rest = text[1:].partition(text[0])
    pattern = compiled(editor, source or editor.pattern)
    lines, row = editor.text.lines, editor.text.row
    order = [*range(row + 1, len(lines)), *range(row + 1)]
    if text[0] == "?":
        order = [*range(row - 1, -1, -1), *range(len(lines) - 1, row - 1, -1)]
    for number in order if pattern is not None else ():
        if pattern is not None and pattern.finds(lines[number]):
            return number, rest
    raise _Wrong("Pattern not found")


# Leaving and files


def _quit(editor: Editor, system: System, line: Line) -> None:
    if not line.is_forced and editor.text.is_modified:
        raise _Wrong(_UNSAVED.format(line.name))
    more = len(editor.files) - editor.file_number - 1
    if not line.is_forced and more > 0:
        raise _Wrong(f"{more} more file(s) to edit")
    editor.is_over = True


def _write(editor: Editor, system: System, line: Line) -> None:
    _save(editor, system, line)


def _save(editor: Editor, system: System, line: Line) -> bool:
    name = line.rest or editor.name
    if not name:
        raise _Wrong("No current filename")
    if editor.is_readonly and name == editor.name and not line.is_forced:
        raise _Wrong(f"'{name}' is read only")
    rows = (line.first, line.last) if line.has_range else (0, len(editor.text.lines) - 1)
    return save(editor, system, name, rows)


def _write_and_quit(editor: Editor, system: System, line: Line) -> None:
    is_needed = line.name != "x" or editor.text.is_modified or bool(line.rest)
    if not is_needed or _save(editor, system, line):
        editor.is_over = True


def _write_and_next(editor: Editor, system: System, line: Line) -> None:
    if _save(editor, system, line):
        if editor.file_number + 1 < len(editor.files):
            editor.file_number += 1
            open_file(editor, system, editor.files[editor.file_number])
        else:
            editor.is_over = True


def _edit(editor: Editor, system: System, line: Line) -> None:
    if editor.text.is_modified and not line.is_forced:
        raise _Wrong(_UNSAVED.format(line.name))
    name = line.rest or editor.name
    if not name:
        raise _Wrong("No current filename")
    open_file(editor, system, name, says_size=True)


def _next(editor: Editor, system: System, line: Line) -> None:
    if editor.text.is_modified and not line.is_forced:
        raise _Wrong(_UNSAVED.format(line.name))
    by = {"n": 1, "p": -1}.get(line.name[0], -editor.file_number)
    number = editor.file_number + by
    if number >= len(editor.files):
        raise _Wrong("No more files to edit")
    if number < 0:
        raise _Wrong("No previous files to edit")
    editor.file_number = number
    open_file(editor, system, editor.files[number])


def _read_file(editor: Editor, system: System, line: Line) -> None:
    if not line.rest and not editor.name:
        raise _Wrong("No current filename")
    editor.text.remember()
    row = line.last if line.has_range else editor.text.row
    read_into(editor, system, line.rest or editor.name, row)


def _file(editor: Editor, system: System, line: Line) -> None:
    if line.rest:
        editor.name = line.rest


def _outside(editor: Editor, system: System, line: Line) -> None:
    editor.outside = line.rest


# Text


def _delete(editor: Editor, system: System, line: Line) -> None:
    editor.text.remember()
    editor.text.registers["D"] = editor.text.delete_rows(line.first, line.last)


def _yank(editor: Editor, system: System, line: Line) -> None:
    keep(editor, line.rest[:1], editor.text.rows(line.first, line.last), "Yank", joint="into")


def _shift(editor: Editor, system: System, line: Line) -> None:
    editor.text.remember()
    shift(editor, line.name, line.first, line.last)


def _number(editor: Editor, system: System, line: Line) -> None:
    editor.say(str((line.last if line.has_range else editor.text.row) + 1))


def _version(editor: Editor, system: System, line: Line) -> None:
    editor.say("1.37.0")


def _substitute(editor: Editor, system: System, line: Line) -> None:
    delimiter = line.rest[:1]
    if not delimiter:
        raise _Wrong("No previous substitute")
    parts = _split(line.rest[1:], delimiter)
    source, replacement = parts[0] or editor.pattern, parts[1] if len(parts) > 1 else ""
    flags = parts[2] if len(parts) > 2 else ""
    pattern = compiled(editor, source)
    if pattern is None:
        return
    editor.pattern = source
    text = editor.text
    text.remember()
    count = lines = 0
    for row in range(line.last, line.first - 1, -1):
        found: list[str] = []
        at = here = 0
        for match in pattern.finditer(text.lines[row]):
            found += [text.lines[row][at : match.start()], _filled(replacement, match.group)]
            at, here = match.end(), here + 1
            if "g" not in flags or count + here > _CHANGES_MAX:
                break
        if here:
            changed = "".join([*found, text.lines[row][at:]])
            text.delete((row, 0), (row, len(text.lines[row])))
            text.insert((row, 0), changed)
            if not lines:
                text.go((row, 0))
            count, lines = count + here, lines + 1
    if not count:
        raise _Wrong("No match")
    if lines > 1:
        editor.say(f"{count} substitutions on {lines} lines")


def _split(text: str, delimiter: str) -> list[str]:
    """The parts between delimiters that have no backslash before them."""
    parts, at = [""], 0
    while at < len(text):
        if text[at] == "\\" and at + 1 < len(text):
            is_delimiter = text[at + 1] == delimiter
            parts[-1] += text[at + 1] if is_delimiter else text[at : at + 2]
            at += 2
            continue
        if text[at] == delimiter and len(parts) < 3:
            parts.append("")
        else:
            parts[-1] += text[at]
        at += 1
    return parts


def _filled(replacement: str, group: Callable[[int], str | None]) -> str:
    """The replacement with "&" and "\\1" filled in."""
    pieces, at = [], 0
    while at < len(replacement):
        letter, following = replacement[at], replacement[at + 1 : at + 2]
        if letter == "\\" and following:
            if following.isdigit():
                pieces.append(_group(group, int(following)))
            else:
                pieces.append({"n": "\n", "t": "\t", "r": "\n"}.get(following, following))
            at += 2
            continue
        pieces.append(_group(group, 0) if letter == "&" else letter)
        at += 1
    return "".join(pieces)


def _group(group: Callable[[int], str | None], number: int) -> str:
    try:
        return group(number) or ""
    except IndexError:
        return ""


# Settings

_SWITCHES = {
    "ai": "autoindent",
    "autoindent": "autoindent",
    "et": "expandtab",
    "expandtab": "expandtab",
    "ic": "ignorecase",
    "ignorecase": "ignorecase",
    "nu": "number",
    "number": "number",
}
_IGNORED = ("fl", "flash", "sm", "showmatch")


def _set(editor: Editor, system: System, line: Line) -> None:
    settings = editor.settings
    if not line.rest:
        shown = [
            f"{'' if getattr(settings, name) else 'no'}{name}"
            for name in ("autoindent", "expandtab", "ignorecase", "number")
        ]
        shown.append(f"tabstop={settings.tabstop}")
        editor.page = ["", " ".join(shown), "[Hit return to continue]"]
        return
    for word in line.rest.split():
        name, equals, value = word.partition("=")
        if name in ("ts", "tabstop") and equals:
            if not value.isdecimal() or not 0 < int(value[:4]) <= 32:
                raise _Wrong(f"bad option: {word}")
            settings.tabstop = int(value)
            continue
        is_off = name.startswith("no") and name not in _SWITCHES
        name = name[2:] if is_off else name
        if name in _IGNORED:
            continue
        if name not in _SWITCHES or equals:
            raise _Wrong(f"bad option: {word}")
        setattr(settings, _SWITCHES[name], not is_off)


#: Name, how much of it is enough, what it does.
_COMMANDS: tuple[tuple[str, int, Callable[[Editor, System, Line], None]], ...] = (
    ("!", 1, _outside),
    ("<", 1, _shift),
    ("=", 1, _number),
    (">", 1, _shift),
    ("delete", 1, _delete),
    ("edit", 1, _edit),
    ("file", 1, _file),
    ("next", 1, _next),
    ("prev", 1, _next),
    ("quit", 1, _quit),
    ("read", 1, _read_file),
    ("rewind", 3, _next),
    ("set", 2, _set),
    ("s", 1, _substitute),
    ("version", 3, _version),
    ("wn", 2, _write_and_next),
    ("wq", 2, _write_and_quit),
    ("write", 1, _write),
    ("x", 1, _write_and_quit),
    ("yank", 1, _yank),
)
