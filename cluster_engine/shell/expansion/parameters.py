"""`${…}`: defaults, lengths, trimming, substrings, replacement, arrays."""

from __future__ import annotations

from typing import NoReturn

from cluster_engine.shell.expansion.fields import Piece, joined, joined_pattern
from cluster_engine.shell.expansion.lookup import Lookup
from cluster_engine.shell.expansion.pattern import Pattern, compile_pattern
from cluster_engine.shell.quoting import quote
from cluster_engine.shell.state import State
from cluster_engine.shell.syntax.nodes import Parameter, Part, Word

#: Longer texts are left as they are.
REPLACED_BYTES_MAX = 200_000
_DEFAULTS = frozenset((":-", "-", ":=", "=", ":?", "?", ":+", "+"))


class ExpansionProblem(Exception):
    """A word cannot be expanded: the command is not run, a script ends."""

    def __init__(self, text: str, *, status: int = 0, ends_line: bool = False) -> None:
        super().__init__(text)
        #: The status of a script that it ends; 0: the dialect's.
        self.status = status
        #: bash only gives up the present line.
        self.ends_line = ends_line


def unset_text(name: str, state: State) -> str:
    """What is said of an unset parameter under `set -u`."""
    is_bash = state.dialect.name == "bash"
    return f"{name}: {'unbound variable' if is_bash else 'parameter not set'}"


class Parameters:
    """Expands parameters; the expander provides the rest."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup

    def word_pieces(self, word: Word, *, is_quoted: bool) -> list[Piece]:
        raise NotImplementedError

    def part_pieces(self, part: Part, *, is_quoted: bool) -> list[Piece]:
        raise NotImplementedError

    def calculate(self, text: str) -> int:
        raise NotImplementedError

    def is_list(self, parameter: Parameter) -> bool:
        """Whether it may be several fields, or none: `$@`, `${a[@]}`."""
        if parameter.name == "@" and parameter.operator != "length":
            return True
        if parameter.operator in ("prefix", "keys"):
            return True
        return self._index_source(parameter) == "@" and parameter.operator != "length"

    def parameter(self, parameter: Parameter, *, is_quoted: bool) -> list[Piece]:
        """What `${…}` becomes."""
        operator = parameter.operator
        if operator == "bad":
            is_bash = self.lookup.state.dialect.name == "bash"
            text = f"{parameter.source}: bad" if is_bash else "Bad"
            if self.lookup.state.dialect.name == "ash":
                text = "syntax error: bad"
            raise ExpansionProblem(f"{text} substitution", status=1 if is_bash else 2)
        if operator == "length":
            return [Piece(str(self._length(parameter)), is_quoted, not is_quoted)]
        if operator == "prefix":
            names = [n for n in self.lookup.state.variables.names() if n.startswith(parameter.name)]
            return self._list(names, is_quoted, "@")
        if operator == "keys":
            elements = self.lookup.elements(parameter.name) or {}
            return self._list([str(key) for key in elements], is_quoted, "@")
        values = self._values(parameter)
        if operator in _DEFAULTS:
            assert parameter.argument is not None
            found = self._with_default(parameter, values, is_quoted)
            if found is not None:
                return found
        if values is None:
            self._check_set(parameter)
            values = [] if self._mark(parameter) else [""]
        elif operator and operator not in _DEFAULTS and operator != "indirect":
            values = self._operated(parameter, values)
        return self._list(values, is_quoted, self._mark(parameter))

    # Values

    def _mark(self, parameter: Parameter) -> str:
        """ "@" or "*" when it is a list, else ""."""
        if parameter.name in ("@", "*"):
            return parameter.name
        source = self._index_source(parameter)
        return source if source in ("@", "*") else ""

    def _index_source(self, parameter: Parameter) -> str:
        return parameter.index.source if parameter.index is not None else ""

    def _values(self, parameter: Parameter) -> list[str] | None:
        """The text or texts; None when it is unset."""
        name = parameter.name
        if parameter.operator == "indirect" or (name.startswith("!") and len(name) > 1):
            target = self.lookup.get(name.removeprefix("!"))
            if not target:
                text = f"{name.removeprefix('!')}: invalid indirect expansion"
                raise ExpansionProblem(text, status=1, ends_line=True)
            if target.endswith("]") and "[" in target:
                array, _, key = target[:-1].partition("[")
                return self._elements(array, key)
            name = target
        if name in ("@", "*"):
            return list(self.lookup.state.positional) or None
        if parameter.index is not None:
            source = parameter.index.source
            if source in ("@", "*"):
                return self._elements(name, source)
            value = self.lookup.element(name, self._key(name, parameter.index))
        else:
            value = self.lookup.get(name)
        return None if value is None else [value]

    def _elements(self, name: str, key: str) -> list[str] | None:
        elements = self.lookup.elements(name)
        if elements is None:
            return None
        if key in ("@", "*"):
            numbered = all(isinstance(number, int) for number in elements)
            keys = sorted(elements) if numbered else list(elements)
            return [elements[each] for each in keys] or None
        index: int | str = key if self.lookup.is_associative(name) else self.calculate(key)
        value = self.lookup.element(name, index)
        return None if value is None else [value]

    def _key(self, name: str, index: Word) -> int | str:
        text = joined(self.word_pieces(index, is_quoted=True))
        return text if self.lookup.is_associative(name) else self.calculate(text)

    def _list(self, values: list[str], is_quoted: bool, mark: str) -> list[Piece]:
        if mark == "*" and is_quoted:
            separator = self.lookup.get("IFS")
            return [Piece((" " if separator is None else separator[:1]).join(values), True)]
        pieces: list[Piece] = []
        for position, value in enumerate(values):
            if position:
                pieces.append(Piece("", is_break=True))
            pieces.append(Piece(value, is_quoted, not is_quoted))
        return pieces

    def _check_set(self, parameter: Parameter) -> None:
        if not self.lookup.state.options.nounset or self._mark(parameter):
            return
        name = parameter.name
        if parameter.index is not None:
            name = f"{name}[{parameter.index.source}]"
        self._fail(unset_text(name, self.lookup.state))

    def _fail(self, text: str) -> NoReturn:
        raise ExpansionProblem(text)

    # Operators

    def _length(self, parameter: Parameter) -> int:
        if parameter.name in ("@", "*"):
            return len(self.lookup.state.positional)
        if self._index_source(parameter) in ("@", "*"):
            return len(self.lookup.elements(parameter.name) or {})
        values = self._values(parameter)
        if values is None:
            self._check_set(parameter)
            return 0
        return len(values[0])

    def _with_default(
        self, parameter: Parameter, values: list[str] | None, is_quoted: bool
    ) -> list[Piece] | None:
        """What `:-` and its like put in place of the value; None: the value itself."""
        operator = parameter.operator
        word = parameter.argument
        assert word is not None
        is_missing = values is None or (operator[0] == ":" and not any(values))
        if operator[-1] == "+":
            if is_missing:
                return [] if self.is_list(parameter) else [Piece("", is_quoted)]
            return self.word_pieces(word, is_quoted=is_quoted)
        if not is_missing:
            return None
        if operator[-1] == "-":
            return self.word_pieces(word, is_quoted=is_quoted)
        text = joined(self.word_pieces(word, is_quoted=is_quoted))
        if operator[-1] == "=":
            if not (parameter.name[0].isalpha() or parameter.name[0] == "_"):
                self._fail(f"${parameter.name}: cannot assign in this way")
            self.lookup.assign(parameter.name, text)
            return [Piece(text, is_quoted, not is_quoted)]
        self._fail(f"{parameter.name}: {text or self._unset_text(operator)}")

    def _unset_text(self, operator: str) -> str:
        if self.lookup.state.dialect.name == "bash":
            return "parameter null or not set" if operator[0] == ":" else "parameter not set"
        return "parameter not set or null" if operator[0] == ":" else "parameter not set"

    def _operated(self, parameter: Parameter, values: list[str]) -> list[str]:
        operator = parameter.operator
        word = parameter.argument
        self.lookup.charge(sum(map(len, values)) // 4)
        if operator == ":":
            return self._substring(parameter, values)
        if operator == "@":
            letter = word.source if word is not None else ""
            return [_transformed(value, letter) for value in values]
        pattern = joined_pattern(self._argument_pieces(word)) if word is not None else ""
        if operator in ("#", "##", "%", "%%"):
            compiled = compile_pattern(pattern)
            return [_trimmed(value, compiled, operator) for value in values]
        if operator[0] == "/":
            second = parameter.second
            text = joined(self.word_pieces(second, is_quoted=True)) if second is not None else ""
            return [_replaced(value, pattern, operator, text) for value in values]
        return [_cased(value, pattern, operator) for value in values]

    def _argument_pieces(self, word: Word) -> list[Piece]:
        pieces: list[Piece] = []
        for part in word.parts:
            pieces += self.part_pieces(part, is_quoted=False)
        return pieces

    def _substring(self, parameter: Parameter, values: list[str]) -> list[str]:
        assert parameter.argument is not None
        offset = self.calculate(joined(self.word_pieces(parameter.argument, is_quoted=True)))
        length = None
        if parameter.second is not None:
            length = self.calculate(joined(self.word_pieces(parameter.second, is_quoted=True)))
        if self._mark(parameter):
            whole = values
            if parameter.name in ("@", "*"):
                whole = [self.lookup.state.name, *values]
            return whole[_slice(len(whole), offset, length)]
        for value in values:
            if length is not None and length < 0 and len(value) + length < max(offset, 0):
                text = f"{length}: substring expression < 0"
                raise ExpansionProblem(text, status=1, ends_line=True)
        return [value[_slice(len(value), offset, length)] for value in values]


def _slice(size: int, offset: int, length: int | None) -> slice:
    start = max(size + offset, 0) if offset < 0 else offset
    if offset < 0 and size + offset < 0:
        return slice(0, 0)
    if length is None:
        return slice(start, size)
    end = size + length if length < 0 else start + length
    return slice(start, max(end, start))


def _trimmed(value: str, pattern: Pattern, operator: str) -> str:
    """Without the shortest or longest beginning (or end) that matches."""
    is_longest = len(operator) == 2
    if operator[0] == "#":
        ends = pattern.ends(value)
        if not ends:
            return value
        return value[ends[-1] if is_longest else ends[0] :]
    ends = pattern.reversed().ends(value[::-1])
    if not ends:
        return value
    return value[: len(value) - (ends[-1] if is_longest else ends[0])]


def _replaced(value: str, pattern: str, operator: str, text: str) -> str:
    """With the longest match (or all, or one at an end) replaced."""
    compiled = compile_pattern(pattern)
    if operator in ("/#", "/%"):
        if operator == "/#":
            ends = compiled.ends(value)
            return text + value[ends[-1] :] if ends else value
        ends = compiled.reversed().ends(value[::-1])
        return value[: len(value) - ends[-1]] + text if ends else value
    if not pattern or len(value) > REPLACED_BYTES_MAX:
        return value
    begins = compiled.begins(value)
    result: list[str] = []
    at = 0
    while (start := begins.find(1, at)) >= 0:
        result += (value[at:start], text)
        at = compiled.ends(value, start)[-1]
        if operator == "/":
            break
    return "".join(result) + value[at:]


def _cased(value: str, pattern: str, operator: str) -> str:
    """`^`, `^^`, `,` and `,,`."""
    compiled = compile_pattern(pattern or "?")
    change = str.upper if operator[0] == "^" else str.lower
    if len(operator) == 1:
        return change(value[:1]) + value[1:] if compiled.matches(value[:1]) else value
    return "".join(change(char) if compiled.matches(char) else char for char in value)


def _transformed(value: str, letter: str) -> str:
    if letter == "Q":
        found = quote(value)
        return found if found.startswith(("'", "$'")) else f"'{found}'"
    if letter == "U":
        return value.upper()
    if letter == "L":
        return value.lower()
    return value[:1].upper() + value[1:] if letter == "u" else value
