"""A deterministic automaton built as texts are read: linear time whatever the expression.

A state is the set of instructions that may come next, before assertions are looked at; those are
decided when the next character is known. States are kept, up to a limit, then forgotten.
"""

from __future__ import annotations

from cluster_engine.shell.commands.regex.characters import is_word
from cluster_engine.shell.commands.regex.problems import TOO_LONG, PatternProblem
from cluster_engine.shell.commands.regex.program import (
    ACCEPT,
    ASSERT,
    JUMP,
    MATCH,
    SPLIT,
    Instruction,
)

STATES_MAX = 400
#: Instructions looked at for one text, beyond which it takes too long.
WORK_MAX = 1_000_000


class _State:
    """`is_accepting`: a match ended before the character that led here."""

    __slots__ = ("after_word", "at_start", "is_accepting", "is_dead", "members", "moves", "places")

    def __init__(
        self, members: tuple[int, ...], after_word: bool, at_start: bool, is_accepting: bool
    ) -> None:
        self.members = members
        self.after_word = after_word
        self.at_start = at_start
        self.is_accepting = is_accepting
        self.is_dead = not members
        self.moves: dict[str, _State] = {}
        #: By what comes next (a word's character, another, the end): see `Automaton._places`.
        self.places: dict[bool | None, tuple[tuple[int, ...], bool]] = {}


class Automaton:
    """Runs a program over texts. `is_searching`: a match may begin anywhere."""

    def __init__(self, program: tuple[Instruction, ...], *, is_searching: bool) -> None:
        self._program = program
        self._is_searching = is_searching
        self._states: dict[tuple[object, ...], _State] = {}
        #: Work done since it was made; see WORK_MAX.
        self.work = 0
        #: Characters that `longest` has looked at.
        self.scanned = 0

    def finds(self, text: str) -> bool:
        """Whether there is a match."""
        most = self.work + WORK_MAX
        state = self._state((0,), False, True, False)
        for letter in text:
            known = state.moves.get(letter)
            if known is None:
                known = self._move(state, letter, most)
            state = known
            if state.is_accepting:
                return True
            if state.is_dead and not self._is_searching:
                return False
        return self._places(state, None)[1]

    def longest(self, text: str, start: int) -> int:
        """Where the longest match that begins at `start` ends; -1 without one."""
        most = self.work + WORK_MAX
        after_word = start > 0 and is_word(text[start - 1])
        state = self._state((0,), after_word, start == 0, False)
        end = -1
        for at in range(start, len(text)):
            letter = text[at]
            known = state.moves.get(letter)
            if known is None:
                known = self._move(state, letter, most)
            state = known
            if state.is_accepting:
                end = at
            if state.is_dead:
                self.scanned += at + 1 - start
                return end
        self.scanned += len(text) - start
        return len(text) if self._places(state, None)[1] else end

    def ends(self, text: str) -> bytearray:
        """For each place of the text (its end included) whether some match ends there."""
        most = self.work + WORK_MAX
        state = self._state((0,), False, True, False)
        found = bytearray(len(text) + 1)
        for at, letter in enumerate(text):
            known = state.moves.get(letter)
            if known is None:
                known = self._move(state, letter, most)
            state = known
            found[at] = state.is_accepting
        found[len(text)] = self._places(state, None)[1]
        return found

    def _move(self, state: _State, letter: str, most: int) -> _State:
        places, is_match = self._places(state, is_word(letter))
        program = self._program
        targets = [0] if self._is_searching else []
        for place in places:
            characters = program[place].characters
            if characters is not None and letter in characters:
                targets.append(place + 1)
        self.work += len(places) + 1
        if self.work > most:
            raise PatternProblem(TOO_LONG)
        members = tuple(sorted(set(targets)))
        following = self._state(members, is_word(letter), False, is_match)
        if len(state.moves) < 256:
            state.moves[letter] = following
        return following

    def _state(
        self, members: tuple[int, ...], after_word: bool, at_start: bool, is_accepting: bool
    ) -> _State:
        key = (members, after_word, at_start, is_accepting)
        known = self._states.get(key)
        if known is None:
            if len(self._states) >= STATES_MAX:
                self._forget()
            known = self._states[key] = _State(members, after_word, at_start, is_accepting)
        return known

    def _forget(self) -> None:
        for state in self._states.values():
            state.moves = {}
        self._states = {}

    def _places(self, state: _State, before_word: bool | None) -> tuple[tuple[int, ...], bool]:
        """The ACCEPTs that can be reached without a character, and whether MATCH can be."""
        known = state.places.get(before_word)
        if known is not None:
            return known
        program, seen = self._program, set(state.members)
        waiting = list(state.members)
        places, is_match = [], False
        while waiting:
            at = waiting.pop()
            instruction = program[at]
            code = instruction.code
            following: tuple[int, ...] = (at + 1,)
            if code == ACCEPT:
                places.append(at)
                continue
            if code == MATCH:
                is_match = True
                continue
            if code == SPLIT:
                following = (instruction.target, instruction.other)
            elif code == JUMP:
                following = (instruction.target,)
            elif code == ASSERT and not self._holds(instruction.kind, state, before_word):
                continue
            for target in following:
                if target not in seen:
                    seen.add(target)
                    waiting.append(target)
        self.work += len(seen)
        found = state.places[before_word] = (tuple(sorted(places)), is_match)
        return found

    @staticmethod
    def _holds(kind: str, state: _State, before_word: bool | None) -> bool:
        after = state.after_word
        before = bool(before_word)
        return {
            "^": state.at_start,
            "$": before_word is None,
            "b": after != before,
            "B": after == before,
            "<": before and not after,
            ">": after and not before,
            "(": not after,
            ")": not before,
        }[kind]
