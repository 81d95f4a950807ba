"""The sets of tr: "a-z", "[:upper:]", "\\n", "[x*3]"."""

from __future__ import annotations

import re

from cluster_engine.shell.commands.command import UsageError, encoded
from cluster_engine.shell.commands.regex.characters import CLASSES

_ESCAPES = {"a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11, "\\": 92}
_OCTAL = re.compile(r"\\([0-7]{1,3})")
_CLASS = re.compile(r"\[:(\w+):\]")
_SAME = re.compile(r"\[=(.)=\]")
_REPEAT = re.compile(r"\[(\\?.)\*([0-9]*)\]", re.DOTALL)
_BYTES_MAX = 4096


def expand_set(text: str, fill: int = 0) -> list[int]:
    """The bytes of a set in order. `[x*]` repeats up to `fill` bytes. Raises UsageError."""
    found: list[int] = []
    at = 0
    while at < len(text) and len(found) < _BYTES_MAX:
        special = _special(text, at, found, fill)
        if special:
            at += special
            continue
        first, at = _single(text, at)
        if text[at : at + 1] == "-" and at + 1 < len(text):
            last, after = _single(text, at + 1)
            if last[0] < first[0]:
                shown = text[at - 1 : after]
                raise UsageError(
                    f"range-endpoints of '{shown}' are in reverse collating sequence order"
                )
            found += range(first[0], last[0] + 1)
            at = after
        else:
            found += first
    return found


def _special(text: str, at: int, found: list[int], fill: int) -> int:
    """Take a class, an equivalence or a repetition; its length, 0 when there is none."""
    if match := _CLASS.match(text, at):
        ranges = CLASSES.get(match[1])
        if ranges is None:
            raise UsageError(f"invalid character class '{match[1]}'")
        for first, last in ranges:
            found += range(ord(first), ord(last) + 1)
        return len(match[0])
    if match := _SAME.match(text, at):
        found += encoded(match[1])
        return len(match[0])
    if match := _REPEAT.match(text, at):
        digits = match[2]
        count = int(digits, 8 if digits.startswith("0") else 10) if digits else 0
        letters, _ = _single(match[1], 0)
        found += letters * (min(count, _BYTES_MAX) or max(fill - len(found), 0))
        return len(match[0])
    return 0


def _single(text: str, at: int) -> tuple[list[int], int]:
    """The bytes of one character, and where the text goes on."""
    if text[at] == "\\" and at + 1 < len(text):
        if octal := _OCTAL.match(text, at):
            return [int(octal[1], 8) & 0xFF], octal.end()
        letter = text[at + 1]
        known = _ESCAPES.get(letter)
        return ([known] if known is not None else list(encoded(letter))), at + 2
    return list(encoded(text[at])), at + 1


def pair(first: list[int], wish: str, *, is_truncated: bool) -> bytes:
    """The table that turns each byte of the first set into one of the second."""
    second = expand_set(wish, len(first))
    if not second:
        if is_truncated:
            return bytes(range(256))
        raise UsageError("when not truncating set1, string2 must be non-empty")
    table = bytearray(range(256))
    for position, byte in enumerate(first):
        if position < len(second):
            table[byte] = second[position]
        elif not is_truncated:
            table[byte] = second[-1]
    return bytes(table)
