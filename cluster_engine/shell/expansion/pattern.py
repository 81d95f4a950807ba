"""Shell patterns (`*`, `?`, `[…]`), matched in time linear in pattern and text.

A pattern is simulated as a set of positions kept in the bits of an int, so no pattern is slow.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

_CLASSES: dict[str, Callable[[str], bool]] = {
    "alpha": str.isalpha,
    "digit": str.isdigit,
    "alnum": str.isalnum,
    "upper": str.isupper,
    "lower": str.islower,
    "space": str.isspace,
    "blank": lambda char: char in " \t",
    "punct": lambda char: char.isprintable() and not char.isalnum() and not char.isspace(),
    "print": str.isprintable,
    "graph": lambda char: char.isprintable() and char != " ",
    "cntrl": lambda char: ord(char) < 32 or ord(char) == 127,
    "xdigit": lambda char: char in "0123456789abcdefABCDEF",
}
_ANY, _MANY = "?", "*"


def escape(text: str) -> str:
    """The pattern that matches exactly `text`."""
    return "".join(f"\\{char}" if char in "*?[]\\" else char for char in text)


def has_magic(pattern: str) -> bool:
    """Whether a pattern is more than text (escaped signs aside)."""
    at = 0
    while at < len(pattern):
        if pattern[at] == "\\":
            at += 1
        elif pattern[at] in "*?[":
            return True
        at += 1
    return False


class Pattern:
    """A compiled pattern."""

    __slots__ = ("_accept", "_masks", "_stars", "_tokens")

    def __init__(self, pattern: str) -> None:
        self._tokens = _tokens(pattern)
        self._stars = 0
        for position, (kind, _) in enumerate(self._tokens):
            if kind == _MANY:
                self._stars |= 1 << position
        self._accept = 1 << len(self._tokens)
        self._masks: dict[str, int] = {}

    def matches(self, text: str) -> bool:
        """Whether it matches all of `text`."""
        states = self._closed(1)
        for char in text:
            states = self._step(states, char)
            if not states:
                return False
        return bool(states & self._accept)

    def ends(self, text: str, start: int = 0) -> list[int]:
        """Where matches that begin at `start` end, ascending."""
        states = self._closed(1)
        found = [start] if states & self._accept else []
        for position in range(start, len(text)):
            states = self._step(states, text[position])
            if not states:
                break
            if states & self._accept:
                found.append(position + 1)
        return found

    def begins(self, text: str) -> bytearray:
        """For each position of `text`, 1 where a match of at least one character begins."""
        backwards = self.reversed()
        found = bytearray(len(text))
        states = 0
        for position in range(len(text) - 1, -1, -1):
            states = backwards._step(states | backwards._closed(1), text[position])
            found[position] = 1 if states & backwards._accept else 0
        return found

    def reversed(self) -> Pattern:
        """The pattern of the reversed texts."""
        twin = Pattern("")
        twin._tokens = self._tokens[::-1]
        count = len(twin._tokens)
        twin._stars = sum(1 << p for p, (kind, _) in enumerate(twin._tokens) if kind == _MANY)
        twin._accept = 1 << count
        twin._masks = {}
        return twin

    def _step(self, states: int, char: str) -> int:
        mask = self._masks.get(char)
        if mask is None:
            mask = 0
            for position, (kind, value) in enumerate(self._tokens):
                if kind == _ANY or (kind != _MANY and _accepts(kind, value, char)):
                    mask |= 1 << position
            self._masks[char] = mask
        return self._closed(((states & mask) << 1) | (states & self._stars))

    def _closed(self, states: int) -> int:
        return states | ((states & self._stars) << 1)


def _accepts(kind: str, value: str, char: str) -> bool:
    if kind == "text":
        return char == value
    return _in_set(value, char)


def _tokens(pattern: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        if char == "*":
            if not found or found[-1][0] != _MANY:
                found.append((_MANY, ""))
        elif char == "?":
            found.append((_ANY, ""))
        elif char == "[" and (end := _set_end(pattern, at)) > 0:
            found.append(("set", pattern[at + 1 : end]))
            at = end
        else:
            if char == "\\" and at + 1 < len(pattern):
                at += 1
                char = pattern[at]
            found.append(("text", char))
        at += 1
    return found


def _set_end(pattern: str, start: int) -> int:
    """Where a bracket expression ends, 0 when it does not."""
    at = start + 1
    if at < len(pattern) and pattern[at] in "!^":
        at += 1
    if at < len(pattern) and pattern[at] == "]":
        at += 1
    while at < len(pattern):
        if pattern.startswith("[:", at):
            end = pattern.find(":]", at + 2)
            at = end + 2 if end > 0 else at + 2
            continue
        if pattern[at] == "\\":
            at += 1
        elif pattern[at] == "]":
            return at
        at += 1
    return 0


def _in_set(text: str, char: str) -> bool:
    is_negated = text[:1] in ("!", "^")
    at = 1 if is_negated else 0
    found = False
    first = True
    while at < len(text):
        if text.startswith("[:", at) and (end := text.find(":]", at + 2)) > 0:
            test = _CLASSES.get(text[at + 2 : end])
            found = found or (test is not None and test(char))
            at = end + 2
            continue
        if text[at] == "\\" and at + 1 < len(text):
            at += 1
        low = text[at]
        if text[at + 1 : at + 2] == "-" and at + 2 < len(text) and (not first or low != "]"):
            found = found or low <= char <= text[at + 2]
            at += 3
        else:
            found = found or char == low
            at += 1
        first = False
    return found != is_negated


@lru_cache(maxsize=512)
def compile_pattern(pattern: str) -> Pattern:
    """The compiled pattern; kept for the next time."""
    return Pattern(pattern)
