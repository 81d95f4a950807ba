"""Command-line options the way getopt takes them.

options, operands = parse(invocation, "alh", "w", {"all": "a", "width": "w"})
if "a" in options: ...
width = options.get("w")
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from cluster_engine.shell.commands.command import Invocation, UsageError

#: Letter (or long name without one) to value; flags have the value "".
Options: TypeAlias = dict[str, str]


def parse(
    invocation: Invocation,
    flags: str,
    valued: str = "",
    long: Mapping[str, str] | None = None,
    *,
    code: int = 1,
    stops_early: bool = False,
) -> tuple[Options, list[str]]:
    """Options and operands. Raises UsageError with GNU's text.

    `long` maps long names to letters; a name that maps to itself and ends with "=" takes a value.
    With `stops_early` everything after the first operand is an operand.
    """
    return parse_words(
        invocation.name, invocation.arguments[1:], flags, valued, long, code, stops_early
    )


def parse_words(
    name: str,
    words: list[str],
    flags: str,
    valued: str = "",
    long: Mapping[str, str] | None = None,
    code: int = 1,
    stops_early: bool = False,
) -> tuple[Options, list[str]]:
    """`parse` for words without an invocation."""
    options: Options = {}
    operands: list[str] = []
    waiting = list(words)
    while waiting:
        word = waiting.pop(0)
        if word == "--":
            operands += waiting
            break
        if word.startswith("--"):
            _take_long(name, word[2:], waiting, options, valued, long or {}, code)
        elif word.startswith("-") and len(word) > 1:
            _take_short(name, word[1:], waiting, options, flags, valued, code)
        else:
            operands.append(word)
            if stops_early:
                operands += waiting
                break
    return options, operands


def _take_long(
    name: str,
    word: str,
    waiting: list[str],
    options: Options,
    valued: str,
    long: Mapping[str, str],
    code: int,
) -> None:
    key, equals, value = word.partition("=")
    letter = long.get(key)
    if letter is None:
        matches = [full for full in long if full.startswith(key)]
        if len(matches) != 1:
            raise UsageError(f"unrecognized option '--{key}'\n{_hint(name)}", code)
        letter = long[matches[0]]
    if letter in valued or letter.endswith("="):
        if not equals:
            if not waiting:
                raise UsageError(f"option '--{key}' requires an argument\n{_hint(name)}", code)
            value = waiting.pop(0)
        options[letter.rstrip("=")] = value
    else:
        options[letter] = value


def _take_short(
    name: str,
    word: str,
    waiting: list[str],
    options: Options,
    flags: str,
    valued: str,
    code: int,
) -> None:
    while word:
        letter, word = word[0], word[1:]
        if letter in valued:
            if not word and not waiting:
                raise UsageError(f"option requires an argument -- '{letter}'\n{_hint(name)}", code)
            options[letter] = word or waiting.pop(0)
            return
        if letter not in flags:
            raise UsageError(f"invalid option -- '{letter}'\n{_hint(name)}", code)
        options[letter] = ""


def _hint(name: str) -> str:
    return f"Try '{name} --help' for more information."
