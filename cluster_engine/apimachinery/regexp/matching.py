"""Whether a text contains a match: an automaton that is made as texts are read.

A state is the set of instructions that may come next. What it leads to is remembered per sign, so
that each sign of a text costs one look-up; states are forgotten when there are too many.

Models: regexp of Go (RE2).
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from cluster_engine.apimachinery.regexp.syntax import (
    Assertion,
    Choice,
    Node,
    RegexpError,
    Repeat,
    Sequence,
    Signs,
    Test,
    is_word,
    parse,
)

_INSTRUCTIONS_MAX = 5_000
_STATES_MAX = 500
#: Instructions looked at for one text, beyond which it counts as no match.
_WORK_MAX = 2_000_000

_SIGN, _ASSERT, _SPLIT, _ACCEPT = range(4)


class _Instruction(NamedTuple):
    """`code` says what counts: a test of a sign, an assertion, or two ways to go on."""

    code: int
    test: Test | None = None
    kind: str = ""
    ways: tuple[int, ...] = ()


class Regexp:
    """A compiled expression; make it with `compile_regexp`."""

    def __init__(self, program: tuple[_Instruction, ...]) -> None:
        self._program = program
        self._moves: dict[tuple[frozenset[int], str, str], frozenset[int] | None] = {}

    def matches(self, text: str) -> bool:
        """Whether the expression matches anywhere in the text."""
        state: frozenset[int] = frozenset()
        before, work = "", 0
        for sign in (*text, ""):
            key = (state, before[-1:] if before else "", sign)
            following = self._moves.get(key, _UNKNOWN)
            if following is _UNKNOWN:
                work += len(self._program)
                if work > _WORK_MAX:
                    return False
                following = self._step(state, before, sign)
                if len(self._moves) >= _STATES_MAX * 8:
                    self._moves.clear()
                self._moves[key] = following
            if following is None:
                return True
            state, before = following, sign
        return False

    def _step(self, state: frozenset[int], before: str, sign: str) -> frozenset[int] | None:
        """The state after `sign` ("" is the end of the text); None when a match ends before it."""
        reached: set[int] = set()
        waiting = [0, *sorted(state)]
        while waiting:
            at = waiting.pop()
            if at in reached:
                continue
            reached.add(at)
            instruction = self._program[at]
            if instruction.code == _ACCEPT:
                return None
            if instruction.code == _SPLIT or (
                instruction.code == _ASSERT and _holds(instruction.kind, before, sign)
            ):
                waiting.extend(instruction.ways)
        if not sign:
            return frozenset()
        following: set[int] = set()
        for at in reached:
            instruction = self._program[at]
            if instruction.test is not None and instruction.test(sign):
                following.update(instruction.ways)
        return frozenset(following)


_UNKNOWN: frozenset[int] = frozenset((-1,))


def _holds(kind: str, before: str, after: str) -> bool:
    if kind == "A":
        return not before
    if kind == "z":
        return not after
    if kind == "^":
        return before in ("", "\n")
    if kind == "$":
        return after in ("", "\n")
    return (is_word(before) != is_word(after)) == (kind == "b")


@lru_cache(maxsize=1024)
def compile_regexp(text: str) -> Regexp:
    """The expression, ready to match. Raises RegexpError with Go's text."""
    program: list[_Instruction] = []
    start = _emit(program, parse(text), _emit_one(program, _Instruction(_ACCEPT)))
    # Instruction 0 begins a match anywhere: it stands before all others.
    shifted = [
        instruction._replace(ways=tuple(way + 1 for way in instruction.ways))
        for instruction in program
    ]
    return Regexp((_Instruction(_SPLIT, ways=(start + 1,)), *shifted))


def _emit_one(program: list[_Instruction], instruction: _Instruction) -> int:
    if len(program) >= _INSTRUCTIONS_MAX:
        raise RegexpError("error parsing regexp: expression too large")
    program.append(instruction)
    return len(program) - 1


def _emit(program: list[_Instruction], node: Node, following: int) -> int:
    """Append what matches `node` and goes on at `following`; gives where it begins."""
    if isinstance(node, Signs):
        return _emit_one(program, _Instruction(_SIGN, test=node.test, ways=(following,)))
    if isinstance(node, Assertion):
        return _emit_one(program, _Instruction(_ASSERT, kind=node.kind, ways=(following,)))
    if isinstance(node, Sequence):
        for part in reversed(node.parts):
            following = _emit(program, part, following)
        return following
    if isinstance(node, Choice):
        ways = tuple(_emit(program, part, following) for part in node.parts)
        return _emit_one(program, _Instruction(_SPLIT, ways=ways))
    return _emit_repeat(program, node, following)


def _emit_repeat(program: list[_Instruction], node: Repeat, following: int) -> int:
    if node.most is None:
        loop = _emit_one(program, _Instruction(_SPLIT))
        again = _emit(program, node.part, loop)
        program[loop] = _Instruction(_SPLIT, ways=(again, following))
        following = loop
    else:
        for _ in range(node.most - node.least):
            inner = _emit(program, node.part, following)
            # Each optional turn may also end the whole repeat: what follows is the same for all.
            following = _emit_one(program, _Instruction(_SPLIT, ways=(inner, following)))
    for _ in range(node.least):
        following = _emit(program, node.part, following)
    return following
