"""sort: lines in order."""

from __future__ import annotations

from cluster_engine.runtime.errors import Errno
from cluster_engine.shell.commands.command import (
    Command,
    Invocation,
    UsageError,
    decoded,
    encoded,
)
from cluster_engine.shell.commands.options import Options, parse
from cluster_engine.shell.commands.sort_keys import Key, Value, parse_key

_LONG = {
    "reverse": "r",
    "unique": "u",
    "numeric-sort": "n",
    "general-numeric-sort": "g",
    "human-numeric-sort": "h",
    "version-sort": "V",
    "month-sort": "M",
    "random-sort": "R",
    "dictionary-order": "d",
    "ignore-case": "f",
    "ignore-leading-blanks": "b",
    "ignore-nonprinting": "i",
    "key": "k",
    "field-separator": "t",
    "output": "o",
    "check": "c?",
    "merge": "m",
    "stable": "s",
    "zero-terminated": "z",
    "buffer-size": "S",
    "temporary-directory": "T",
    "parallel": "parallel=",
    "sort": "sort=",
}
_ORDERS = "bdfghiMnRrV"
_SORTS = {"numeric": "n", "human-numeric": "h", "version": "V", "month": "M", "random": "R"}
_LINES_MAX = 400_000


def run(invocation: Invocation) -> int:
    """Sort all lines of all files."""
    code = 2
    options, files = parse(invocation, "runhVfbcCsdiMmgRz", "ktoST", _LONG, code=code)
    keys = _keys(invocation, options)
    end = "\0" if "z" in options else "\n"
    lines: list[str] = []
    for name in files or ["-"]:
        lines += _lines(decoded(_content(invocation, name, code)), end)
    if len(lines) > _LINES_MAX:
        raise UsageError("memory exhausted", code)
    if "c" in options or "C" in options:
        return _check(invocation, files, lines, keys, options)
    ordered = _ordered(lines, keys, options)
    text = "".join(line + end for line in ordered)
    target = options.get("o")
    if target is None:
        invocation.say(text)
        return 0
    try:
        invocation.system.write_file(target, encoded(text))
    except Errno as error:
        invocation.complain(f"open failed: {target}: {error.text}")
        return code
    return 0


def _content(invocation: Invocation, name: str, code: int) -> bytes:
    if name == "-":
        return invocation.stdin
    try:
        return invocation.system.read_file(name)
    except Errno as error:
        what = "read failed" if error.name == "EISDIR" else "cannot read"
        text = f"{name}: {error.text}"
        raise UsageError(invocation.either(f"{what}: {text}", text), code) from None


def _lines(text: str, end: str) -> list[str]:
    lines = text.split(end)
    if not lines[-1]:
        lines.pop()
    return lines


def _keys(invocation: Invocation, options: Options) -> list[Key]:
    usual = "".join(letter for letter in options if letter in _ORDERS and len(letter) == 1)
    usual += _SORTS.get(options.get("sort", ""), "")
    separator = options.get("t")
    if separator is not None:
        separator = "\0" if separator == "\\0" else separator
        if len(separator) != 1:
            what = f"multi-character tab '{separator}'" if separator else "empty tab"
            raise UsageError(what, 2)
    salt = invocation.system.random(8) if "R" in usual or options.all("k") else b""
    keys = [parse_key(wish, usual, separator, salt) for wish in options.all("k")]
    return keys or [Key(kinds=usual, skips_first="b" in usual, salt=salt)]


def _ordered(lines: list[str], keys: list[Key], options: Options) -> list[str]:
    ordered = list(lines)
    if "s" not in options and "u" not in options:
        ordered.sort(reverse="r" in options)
    for key in reversed(keys):
        ordered.sort(key=key.value, reverse=key.is_reversed)
    return _unique(ordered, keys) if "u" in options else ordered


def _unique(lines: list[str], keys: list[Key]) -> list[str]:
    kept: list[str] = []
    last: list[Value] | None = None
    for line in lines:
        values = [key.value(line) for key in keys]
        if values != last:
            kept.append(line)
            last = values
    return kept


def _check(
    invocation: Invocation, files: list[str], lines: list[str], keys: list[Key], options: Options
) -> int:
    for number in range(1, len(lines)):
        before, line = lines[number - 1], lines[number]
        order = _compared(before, line, keys, options)
        if order > 0 or (order == 0 and "u" in options):
            if "C" not in options:
                name = files[0] if files else "-"
                invocation.complain(f"{name}:{number + 1}: disorder: {line}")
            return 1
    return 0


def _compared(one: str, other: str, keys: list[Key], options: Options) -> int:
    for key in keys:
        a, b = key.value(one), key.value(other)
        if a != b:
            is_less = sorted([a, b])[0] is a
            return (1 if is_less else -1) if key.is_reversed else (-1 if is_less else 1)
    if "s" in options or "u" in options or one == other:
        return 0
    return (-1 if one < other else 1) * (-1 if "r" in options else 1)


COMMAND = Command("sort", run)
