"""Bracket expressions: "[a-z]", "[^[:space:]_]"."""

from __future__ import annotations

from cluster_engine.shell.commands.regex.characters import CLASSES, Characters
from cluster_engine.shell.commands.regex.problems import PatternProblem

_UNMATCHED = "Unmatched [, [^, [:, [., or [="
_PERL_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "e": "\x1b"}
_PERL_CLASSES = {"d": "digit", "w": "alnum", "s": "space", "h": "blank"}


def read_bracket(
    pattern: str, at: int, *, ignores_case: bool, has_escapes: bool
) -> tuple[Characters, int]:
    """The set that begins with the "[" at that place, and where the pattern goes on.

    With `has_escapes` (Perl, awk) a backslash escapes; else it stands for itself.
    """
    at += 1
    is_negated = pattern[at : at + 1] == "^"
    at += is_negated
    ranges: list[tuple[str, str]] = []
    start = at
    while True:
        if at >= len(pattern):
            raise PatternProblem(_UNMATCHED)
        if pattern[at] == "]" and at > start:
            return Characters(tuple(ranges), is_negated, ignores_case), at + 1
        if pattern[at : at + 2] == "[:":
            name, at = _named(pattern, at)
            ranges += name
            continue
        if has_escapes and pattern[at] == "\\" and pattern[at + 1 : at + 2] in _PERL_CLASSES:
            ranges += _perl_class(pattern[at + 1])
            at += 2
            continue
        first, at = _element(pattern, at, has_escapes)
        last = first
        if pattern[at : at + 1] == "-" and pattern[at + 1 : at + 2] not in ("]", ""):
            last, at = _element(pattern, at + 1, has_escapes)
        if last < first:
            raise PatternProblem("Invalid range end")
        ranges.append((first, last))


def _named(pattern: str, at: int) -> tuple[tuple[tuple[str, str], ...], int]:
    end = pattern.find(":]", at + 2)
    if end < 0:
        raise PatternProblem(_UNMATCHED)
    name = pattern[at + 2 : end]
    if name not in CLASSES:
        raise PatternProblem("Invalid character class name")
    return CLASSES[name], end + 2


def _perl_class(letter: str) -> tuple[tuple[str, str], ...]:
    ranges = CLASSES[_PERL_CLASSES[letter]]
    return (*ranges, ("_", "_")) if letter == "w" else ranges


def _element(pattern: str, at: int, has_escapes: bool) -> tuple[str, int]:
    """A single character, also as "[.x.]" or "[=x=]"."""
    for mark in (".", "="):
        if pattern[at : at + 2] == f"[{mark}":
            end = pattern.find(f"{mark}]", at + 2)
            if end != at + 3:
                raise PatternProblem(_UNMATCHED if end < 0 else "Invalid collation character")
            return pattern[at + 2], end + 2
    if has_escapes and pattern[at] == "\\" and at + 1 < len(pattern):
        letter = pattern[at + 1]
        return _PERL_ESCAPES.get(letter, letter), at + 2
    return pattern[at], at + 1
