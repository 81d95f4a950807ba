"""A matcher that tries one way after the other: for groups, backreferences and Perl's patterns.

No way is tried twice from the same place, except where backreferences make that matter; then a
number of steps is the limit.
"""

from __future__ import annotations

from cluster_engine.shell.commands.regex.characters import is_word
from cluster_engine.shell.commands.regex.problems import TOO_LONG, PatternProblem
from cluster_engine.shell.commands.regex.program import (
    ACCEPT,
    ASSERT,
    BACK,
    JUMP,
    LOOK,
    MATCH,
    SAVE,
    SPLIT,
    Inner,
    Instruction,
)

STEPS_MAX = 400_000


class Meter:
    """Counts steps of one search."""

    __slots__ = ("steps",)

    def __init__(self) -> None:
        self.steps = 0

    def step(self) -> None:
        """One more. Raises PatternProblem when there have been too many."""
        self.steps += 1
        if self.steps > STEPS_MAX:
            raise PatternProblem(TOO_LONG)


def match_at(
    program: tuple[Instruction, ...],
    text: str,
    start: int,
    groups: int,
    meter: Meter,
    end: int | None = None,
) -> list[int] | None:
    """The places of the groups (two each, -1 when unset) of the first match at `start`.

    With `end` only a match that ends there counts.
    """
    has_memory = not any(instruction.code == BACK for instruction in program)
    tried: set[tuple[int, int]] = set()
    slots = [-1] * (2 * groups + 2)
    slots[0] = start
    #: Ways left to try: (instruction, place), or (-slot - 1, what it held) to be put back.
    waiting: list[tuple[int, int]] = [(0, start)]
    while waiting:
        at, place = waiting.pop()
        if at < 0:
            slots[-at - 1] = place
            continue
        while True:
            meter.step()
            if has_memory:
                if (at, place) in tried:
                    break
                tried.add((at, place))
            instruction = program[at]
            code = instruction.code
            if code == MATCH:
                if end is not None and place != end:
                    break
                slots[1] = place
                return slots
            if code == ACCEPT:
                characters = instruction.characters
                if place == len(text) or characters is None or text[place] not in characters:
                    break
                place += 1
            elif code == SPLIT:
                waiting.append((instruction.other, place))
                at = instruction.target
                continue
            elif code == JUMP:
                at = instruction.target
                continue
            elif code == SAVE:
                waiting.append((-instruction.target - 1, slots[instruction.target]))
                slots[instruction.target] = place
            elif code == BACK:
                length = _repeated(instruction, text, place, slots)
                if length < 0:
                    break
                place += length
            elif not _holds(instruction, text, place, groups, meter):
                break
            at += 1
    return None


def _repeated(instruction: Instruction, text: str, place: int, slots: list[int]) -> int:
    """How long the group's text is when it stands here again, else -1."""
    first, last = slots[2 * instruction.target], slots[2 * instruction.target + 1]
    if first < 0 or last < 0:
        return -1
    wanted, held = text[first:last], text[place : place + last - first]
    if instruction.ignores_case:
        wanted, held = wanted.lower(), held.lower()
    return last - first if wanted == held else -1


def _holds(instruction: Instruction, text: str, place: int, groups: int, meter: Meter) -> bool:
    if instruction.code == LOOK:
        inner = instruction.inner
        return inner is not None and _looks(inner, text, place, groups, meter)
    assert instruction.code == ASSERT
    after = place > 0 and is_word(text[place - 1])
    before = place < len(text) and is_word(text[place])
    return {
        "^": place == 0,
        "$": place == len(text),
        "b": after != before,
        "B": after == before,
        "<": before and not after,
        ">": after and not before,
        "(": not after,
        ")": not before,
    }[instruction.kind]


def _looks(inner: Inner, text: str, place: int, groups: int, meter: Meter) -> bool:
    if inner.is_ahead:
        found = match_at(inner.program, text, place, groups, meter) is not None
    else:
        found = any(
            match_at(inner.program, text, start, groups, meter, end=place) is not None
            for start in range(place, -1, -1)
        )
    return found != inner.is_negated
