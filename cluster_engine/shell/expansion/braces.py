"""Brace expansion: `a{b,c}d` and `{1..5..2}`, before everything else. Bounded."""

from __future__ import annotations

import re

from cluster_engine.shell.syntax.nodes import Literal, Part, Word

WORDS_MAX = 10_000
_RANGE = re.compile(r"(-?\d+)\.\.(-?\d+)(?:\.\.(-?\d+))?\Z")
_LETTERS = re.compile(r"([A-Za-z])\.\.([A-Za-z])(?:\.\.(-?\d+))?\Z")

#: A word as single signs: unquoted characters, and parts that stay as they are.
_Signs = list["str | Part"]


def expand_braces(word: Word) -> list[Word]:
    """The words that a word stands for."""
    if "{" not in word.source:
        return [word]
    signs: _Signs = []
    for part in word.parts:
        if isinstance(part, Literal) and not part.is_quoted:
            signs.extend(part.text)
        else:
            signs.append(part)
    found = _expand(signs)
    if len(found) == 1:
        return [word]
    return [_word(each) for each in found]


def _expand(signs: _Signs) -> list[_Signs]:
    opening = 0
    while True:
        try:
            opening = signs.index("{", opening)
        except ValueError:
            return [signs]
        if opening and signs[opening - 1] == "$":
            opening += 1
            continue
        closing, commas = _matching(signs, opening)
        if closing < 0:
            opening += 1
            continue
        inside = signs[opening + 1 : closing]
        choices = _choices(signs, opening, closing, commas) if commas else _sequence(inside)
        if choices is None:
            opening += 1
            continue
        return _combined(signs[:opening], choices, signs[closing + 1 :])


def _combined(before: _Signs, choices: list[_Signs], after: _Signs) -> list[_Signs]:
    found: list[_Signs] = []
    ends = _expand(after)
    for choice in choices:
        for middle in _expand(choice):
            for end in ends:
                if len(found) < WORDS_MAX:
                    found.append([*before, *middle, *end])
    return found


def _matching(signs: _Signs, opening: int) -> tuple[int, list[int]]:
    """The closing brace (-1: none) and the commas between, at this level."""
    depth = 0
    commas: list[int] = []
    for position in range(opening, len(signs)):
        sign = signs[position]
        if sign == "{":
            depth += 1
        elif sign == "}":
            depth -= 1
            if depth == 0:
                return position, commas
        elif sign == "," and depth == 1:
            commas.append(position)
    return -1, []


def _choices(signs: _Signs, opening: int, closing: int, commas: list[int]) -> list[_Signs]:
    edges = [opening, *commas, closing]
    return [signs[edges[i] + 1 : edges[i + 1]] for i in range(len(edges) - 1)]


def _sequence(inside: _Signs) -> list[_Signs] | None:
    if not all(isinstance(sign, str) for sign in inside):
        return None
    text = "".join(sign for sign in inside if isinstance(sign, str))
    letters = _LETTERS.match(text)
    if letters:
        first, last = ord(letters[1]), ord(letters[2])
        return [[chr(number)] for number in _steps(first, last, letters[3])]
    numbers = _RANGE.match(text)
    if not numbers:
        return None
    width = 0
    if any(re.match(r"-?0\d", numbers[group]) for group in (1, 2)):
        width = max(len(numbers[1]), len(numbers[2]))
    steps = _steps(int(numbers[1][:18]), int(numbers[2][:18]), numbers[3])
    return [list(str(number).zfill(width)) for number in steps]


def _steps(first: int, last: int, by: str | None) -> range:
    step = abs(int(by[:18])) if by else 1
    step = max(step, 1)
    if first <= last:
        return range(first, min(last, first + step * WORDS_MAX) + 1, step)
    return range(first, max(last, first - step * WORDS_MAX) - 1, -step)


def _word(signs: _Signs) -> Word:
    parts: list[Part] = []
    text: list[str] = []
    for sign in signs:
        if isinstance(sign, str):
            text.append(sign)
            continue
        if text:
            parts.append(Literal("".join(text)))
            text.clear()
        parts.append(sign)
    if text:
        parts.append(Literal("".join(text)))
    source = "".join(part.text for part in parts if isinstance(part, Literal))
    return Word(tuple(parts), source)
