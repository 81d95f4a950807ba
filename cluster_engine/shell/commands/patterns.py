"""POSIX regular expressions as Python ones, for grep, sed, awk and find.

Python's engine backtracks, so patterns and lines are bounded.
"""

from __future__ import annotations

import re

from cluster_engine.shell.commands.command import UsageError

PATTERN_CHARACTERS_MAX = 1000
LINE_CHARACTERS_MAX = 100_000
_CLASSES = {
    "[:alpha:]": "a-zA-Z",
    "[:digit:]": "0-9",
    "[:alnum:]": "a-zA-Z0-9",
    "[:upper:]": "A-Z",
    "[:lower:]": "a-z",
    "[:space:]": r"\s",
    "[:blank:]": r" \t",
    "[:punct:]": r"!-/:-@\[-`{-~",
    "[:xdigit:]": "0-9A-Fa-f",
    "[:print:]": r"\x20-\x7e",
}
#: Nested repeats such as (a+)+ can take for ever in a backtracking engine.
_EXPLOSIVE = re.compile(r"\([^()]*[+*][^()]*\)\s*[+*{]")


def compile_pattern(
    pattern: str, *, is_extended: bool, ignores_case: bool = False
) -> re.Pattern[str]:
    """The pattern compiled. Raises UsageError."""
    if len(pattern) > PATTERN_CHARACTERS_MAX:
        raise UsageError("Regular expression too big", 2)
    text = translate(pattern, is_extended=is_extended)
    if _EXPLOSIVE.search(text):
        raise UsageError("Regular expression too complex: a repeat inside a repeat", 2)
    try:
        return re.compile(text, re.IGNORECASE if ignores_case else 0)
    except re.error as error:
        raise UsageError(f"Invalid regular expression: {error.msg}", 2) from None


def translate(pattern: str, *, is_extended: bool) -> str:
    """A basic or extended expression in Python's syntax."""
    result, at = "", 0
    while at < len(pattern):
        letter = pattern[at]
        if letter == "[":
            part, at = _bracket(pattern, at)
            result += part
        elif letter == "\\" and at + 1 < len(pattern):
            result += _escaped(pattern[at + 1], is_extended)
            at += 2
        elif not is_extended and letter in "+?|(){}":
            result += "\\" + letter
            at += 1
        elif letter == "*" and (not result or result[-1] in "(|^"):
            result += r"\*"
            at += 1
        elif not is_extended and letter == "^" and at > 0 and not pattern[:at].endswith("\\("):
            result += r"\^"
            at += 1
        elif (
            not is_extended
            and letter == "$"
            and at + 1 < len(pattern)
            and pattern[at + 1 : at + 3] != "\\)"
        ):
            result += r"\$"
            at += 1
        else:
            result += letter
            at += 1
    return result


def _escaped(letter: str, is_extended: bool) -> str:
    if letter in "<>":
        return r"\b"
    if not is_extended and letter in "+?|(){}":
        return letter
    if letter in "wWsSbB" or letter.isdigit():
        return "\\" + letter
    if letter == "n":
        return r"\n"
    if letter == "t":
        return r"\t"
    return re.escape(letter)


def _bracket(pattern: str, at: int) -> tuple[str, int]:
    end = at + 1
    if pattern[end : end + 1] == "^":
        end += 1
    if pattern[end : end + 1] == "]":
        end += 1
    while end < len(pattern) and pattern[end] != "]":
        if pattern[end : end + 2] == "[:":
            closing = pattern.find(":]", end)
            end = closing + 2 if closing > 0 else end + 1
        else:
            end += 1
    if end >= len(pattern):
        raise UsageError("Unmatched [, [^, [:, [., or [=", 2)
    inside = pattern[at + 1 : end]
    negation = "^" if inside.startswith("^") else ""
    inside = inside[len(negation) :].replace("\\", "\\\\")
    if inside.startswith("]"):
        inside = "\\]" + inside[1:]
    for name, letters in _CLASSES.items():
        inside = inside.replace(name, letters)
    inside = inside.replace("[", "\\[") if "\\[" not in inside else inside
    return f"[{negation}{inside}]", end + 1
