"""Expansion of words: a pure function of the shell's state and of what commands have printed.

An `Expander` is made for one command. When it meets `$(…)` whose output is not known yet it raises
NeedsCommand; the interpreter runs the commands, notes the output in `results` and expands again
from the start. Assignments made on the way (`${x:=y}`, `$((i++))`) take effect by `commit`.

Models: POSIX.1-2024 Shell Command Language 2.6, bash's additions.
"""

from __future__ import annotations

from cluster_engine.runtime.system import System
from cluster_engine.shell.expansion.arithmetic import ArithmeticProblem, UnsetName, evaluate
from cluster_engine.shell.expansion.braces import expand_braces
from cluster_engine.shell.expansion.fields import (
    Piece,
    joined,
    joined_pattern,
    pattern_of,
    split,
    text_of,
)
from cluster_engine.shell.expansion.lookup import Lookup
from cluster_engine.shell.expansion.parameters import ExpansionProblem, Parameters, unset_text
from cluster_engine.shell.expansion.pathnames import find_paths
from cluster_engine.shell.expansion.pattern import has_magic
from cluster_engine.shell.state import State
from cluster_engine.shell.syntax.nodes import (
    Arithmetic,
    Literal,
    Parameter,
    Part,
    ProcessSubstitution,
    Quoted,
    Substitution,
    Word,
)
from cluster_engine.shell.variables import VariableProblem

DEFAULT_SEPARATORS = " \t\n"


class NeedsCommand(Exception):
    """The output of these commands is needed to go on."""

    def __init__(self, node: Substitution | ProcessSubstitution) -> None:
        super().__init__()
        self.node = node


def arithmetic_problem(problem: ArithmeticProblem, text: str, state: State) -> ExpansionProblem:
    """What the dialect says of a wrong expression."""
    if isinstance(problem, UnsetName):
        return ExpansionProblem(unset_text(str(problem), state))
    is_zero = "division by 0" in str(problem)
    if state.dialect.name == "bash":
        return ExpansionProblem(str(problem), status=1, ends_line=True)
    if state.dialect.name == "dash":
        what = "division by zero" if is_zero else "expecting primary"
        return ExpansionProblem(f'arithmetic expression: {what}: "{text}"', status=2)
    return ExpansionProblem("divide by zero" if is_zero else "arithmetic syntax error", status=2)


class Expander(Parameters):
    """Expands the words of one command."""

    def __init__(self, state: State, system: System, results: list[str]) -> None:
        super().__init__(Lookup(state, system))
        self._state = state
        self._system = system
        self._results = results
        self._used = 0

    def commit(self) -> None:
        """Let the assignments take effect. Raises ExpansionProblem."""
        try:
            self.lookup.commit()
        except VariableProblem as problem:
            raise ExpansionProblem(str(problem)) from None

    def fields(self, words: tuple[Word, ...]) -> list[str]:
        """The arguments that words stand for."""
        found: list[str] = []
        for word in words:
            if self._is_simple(word):
                found.append(word.source)
                continue
            candidates = expand_braces(word) if self._state.dialect.has_braces else [word]
            for each in candidates:
                found.extend(self._fields_of(each))
        self.lookup.charge(len(found) + sum(map(len, found)) // 64)
        return found

    def text(self, word: Word) -> str:
        """A word as one text, not split: an assignment's value, a redirect's target."""
        found = joined(self._pieces(word, is_assignment=True))
        self.lookup.charge(len(found) // 64)
        return found

    def pattern(self, word: Word) -> str:
        """A word as a pattern: quoted parts stand for themselves."""
        return joined_pattern(self._pieces(word))

    def regex(self, word: Word) -> str:
        """A word as an extended regular expression: quoted parts stand for themselves."""
        pieces = self._pieces(word)
        return "".join(
            "".join(f"\\{c}" if c in ".[]{}()*+?^$|\\" else c for c in piece.text)
            if piece.is_quoted
            else piece.text
            for piece in pieces
        )

    def body(self, word: Word) -> str:
        """The body of a here-document."""
        return joined(self._pieces(word))

    def arithmetic(self, word: Word) -> int:
        """The value of an arithmetic expression. Raises ExpansionProblem."""
        return self.calculate(self.text(word).replace('"', ""))

    def calculate(self, text: str) -> int:
        try:
            return evaluate(text, self.lookup)
        except ArithmeticProblem as problem:
            raise arithmetic_problem(problem, text, self._state) from None

    def separators(self) -> str:
        """The signs of IFS."""
        held = self.lookup.get("IFS")
        return DEFAULT_SEPARATORS if held is None else held

    def _is_simple(self, word: Word) -> bool:
        parts = word.parts
        if len(parts) != 1:
            return False
        part = parts[0]
        if not isinstance(part, Literal) or part.is_quoted:
            return False
        return not any(sign in part.text for sign in "*?[{~")

    def _fields_of(self, word: Word) -> list[str]:
        fields = split(self._pieces(word), self.separators())
        found: list[str] = []
        options = self._state.options
        for field in fields:
            pattern = pattern_of(field)
            text = text_of(field)
            if options.noglob or not has_magic(pattern):
                found.append(text)
                continue
            paths = find_paths(
                self._system,
                pattern,
                shows_hidden=options.dotglob,
                has_globstar=options.globstar,
            )
            found.extend(paths or ([] if options.nullglob else [text]))
        return found

    # Parts to pieces

    def _pieces(self, word: Word, *, is_assignment: bool = False) -> list[Piece]:
        pieces: list[Piece] = []
        for position, part in enumerate(word.parts):
            if isinstance(part, Literal) and not part.is_quoted and "~" in part.text:
                is_alone = position == len(word.parts) - 1
                pieces += self._tilde(part.text, position == 0, is_alone, is_assignment)
            else:
                pieces += self.part_pieces(part, is_quoted=False)
        return pieces

    def part_pieces(self, part: Part, *, is_quoted: bool) -> list[Piece]:
        """What one part becomes."""
        if isinstance(part, Literal):
            return [Piece(part.text, part.is_quoted or is_quoted)]
        if isinstance(part, Quoted):
            return self._quoted(part)
        if isinstance(part, Parameter):
            return self.parameter(part, is_quoted=is_quoted)
        if isinstance(part, Arithmetic):
            value = str(self.arithmetic(part.expression))
            return [Piece(value, is_quoted, not is_quoted)]
        return [Piece(self._output(part), is_quoted, not is_quoted)]

    def word_pieces(self, word: Word, *, is_quoted: bool) -> list[Piece]:
        """The word of `${x:-word}`."""
        if not is_quoted:
            pieces = self._pieces(word)
            return [
                piece if piece.is_quoted or piece.is_break else Piece(piece.text, False, True)
                for piece in pieces
            ]
        pieces = []
        for part in word.parts:
            pieces += self.part_pieces(part, is_quoted=True)
        return pieces

    def _quoted(self, quoted: Quoted) -> list[Piece]:
        pieces: list[Piece] = []
        has_list = False
        for part in quoted.parts:
            if isinstance(part, Parameter) and self.is_list(part):
                has_list = True
            pieces += self.part_pieces(part, is_quoted=True)
        if not pieces and not has_list:
            pieces.append(Piece("", True))
        return pieces

    def _output(self, node: Substitution | ProcessSubstitution) -> str:
        if self._used >= len(self._results):
            raise NeedsCommand(node)
        self._used += 1
        return self._results[self._used - 1]

    def _tilde(self, text: str, is_first: bool, is_alone: bool, is_assignment: bool) -> list[Piece]:
        pieces: list[Piece] = []
        segments = text.split(":") if is_assignment else [text]
        for position, segment in enumerate(segments):
            if position:
                pieces.append(Piece(":"))
            may_begin = is_first if position == 0 else True
            if may_begin and segment.startswith("~"):
                name, slash, rest = segment[1:].partition("/")
                is_whole = bool(slash) or is_alone or position < len(segments) - 1
                home = self.lookup.home(name) if is_whole else None
                if home is not None:
                    pieces.append(Piece(home, True))
                    pieces.append(Piece(slash + rest))
                    continue
            pieces.append(Piece(segment))
        return pieces
