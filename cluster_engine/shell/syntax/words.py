"""Scanning words: quotes, parameters, substitutions. The lower half of the parser.

A `Scanner` goes through a text once; what lies inside `$(…)` is read by the parser itself, which
extends this class.
"""

from __future__ import annotations

import re

from cluster_engine.shell.commands.escapes import expand as expand_escapes
from cluster_engine.shell.syntax.dialect import Dialect
from cluster_engine.shell.syntax.nodes import (
    Arithmetic,
    Command,
    Literal,
    Parameter,
    Part,
    ProcessSubstitution,
    Quoted,
    Substitution,
    Word,
)
from cluster_engine.shell.syntax.problems import Incomplete, SyntaxProblem

DEPTH_MAX = 60
_BACKQUOTED_ESCAPE = re.compile(r"\\([`$\\])")
_METACHARACTERS = frozenset(" \t\n;&|<>()")
_SPECIAL = frozenset("@*#?-$!0123456789")
_ARRAYS_AND_STATUS = frozenset("@*?!$")
_IN_QUOTES = frozenset('$`"\\')
_NAME_START = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")
_NAME = _NAME_START | frozenset("0123456789")
#: Longest first.
_OPERATORS = (
    ":-", ":=", ":?", ":+", "##", "%%", "//", "/#", "/%", "^^", ",,",
    "-", "=", "?", "+", "#", "%", "/", "^", ",", ":", "@",
)  # fmt: skip


class _BadParameter(Exception):
    """`${…}` is none."""


class Scanner:
    """A text and a position in it."""

    def __init__(self, text: str, dialect: Dialect, position: int = 0, line: int = 1) -> None:
        self.text = text
        self.dialect = dialect
        self.position = position
        self.line = line
        self.depth = 0

    # To be provided by the parser

    def commands_until(self, end: str) -> Command | None:
        """Read commands up to the operator `end`, which is taken as well."""
        raise NotImplementedError

    # Words

    def scan_word(self, stops: frozenset[str] = _METACHARACTERS) -> Word:
        """The word that begins here; it may be empty."""
        start = self.position
        parts: list[Part] = []
        literal: list[str] = []
        text = self.text
        while self.position < len(text):
            char = text[self.position]
            if char in stops:
                break
            if char not in "\\'\"$`":
                literal.append(char)
                self.position += 1
                continue
            if char == "\\" and text[self.position + 1 : self.position + 2] == "\n":
                self.position += 2
                self.line += 1
                continue
            if literal:
                parts.append(Literal("".join(literal)))
                literal.clear()
            parts.append(self._special(char))
        if literal:
            parts.append(Literal("".join(literal)))
        return Word(tuple(parts), text[start : self.position])

    def _special(self, char: str) -> Part:
        """What begins with a quote, a dollar sign or a backslash."""
        if char == "\\":
            self.position += 1
            if self.position >= len(self.text):
                return Literal("\\", True)
            self.position += 1
            return Literal(self.text[self.position - 1], True)
        if char == "'":
            return Literal(self._single_quoted(), True)
        if char == '"':
            self.position += 1
            return Quoted(self.quoted_parts('"'))
        if char == "`":
            return self._backquoted()
        return self._dollar(is_quoted=False)

    def _single_quoted(self) -> str:
        end = self.text.find("'", self.position + 1)
        if end < 0:
            raise Incomplete("'", self.line)
        found = self.text[self.position + 1 : end]
        self.line += found.count("\n")
        self.position = end + 1
        return found

    def quoted_parts(self, end: str) -> tuple[Part, ...]:
        """Parts as between double quotes, up to the sign `end` (taken); "" for all of the text."""
        self._enter()
        parts: list[Part] = []
        literal: list[str] = []
        text = self.text
        while True:
            if self.position >= len(text):
                if end:
                    raise Incomplete(end, self.line)
                break
            char = text[self.position]
            if char == end:
                self.position += 1
                break
            if char not in _IN_QUOTES or (char == '"' and end != '"'):
                self.line += char == "\n"
                literal.append(char)
                self.position += 1
            elif char == "\\":
                literal.append(self._escape_in_quotes(end))
            else:
                if literal:
                    parts.append(Literal("".join(literal), True))
                    literal.clear()
                parts.append(self._backquoted() if char == "`" else self._dollar(is_quoted=True))
        if literal or not parts:
            parts.append(Literal("".join(literal), True))
        self.depth -= 1
        return tuple(parts)

    def _escape_in_quotes(self, end: str) -> str:
        following = self.text[self.position + 1 : self.position + 2]
        if following == "\n":
            self.position += 2
            self.line += 1
            return ""
        if following and (following in "$`\\" or (following == '"' and end == '"')):
            self.position += 2
            return following
        if following and following == end:
            self.position += 2
            return following
        self.position += 1
        return "\\"

    # What begins with a dollar sign

    def _dollar(self, *, is_quoted: bool) -> Part:
        text, start = self.text, self.position
        following = text[start + 1 : start + 2]
        if following == "(":
            if text.startswith("((", start + 1):
                found = self._arithmetic()
                if found is not None:
                    return found
            self.position = start + 2
            body = self.commands_until(")")
            return Substitution(body, text[start + 2 : self.position - 1])
        if following == "{":
            self.position = start + 2
            return self._parameter(start, is_quoted)
        if following in _NAME_START and following:
            end = start + 2
            while end < len(text) and text[end] in _NAME:
                end += 1
            self.position = end
            return Parameter(text[start + 1 : end], source=text[start:end])
        if following in _SPECIAL and following:
            self.position = start + 2
            return Parameter(following, source=text[start : start + 2])
        if not is_quoted and self.dialect.has_ansi_quotes and following == "'":
            self.position = start + 1
            return Literal(self._ansi_quoted(), True)
        if not is_quoted and self.dialect.name == "bash" and following == '"':
            self.position = start + 2
            return Quoted(self.quoted_parts('"'))
        self.position = start + 1
        return Literal("$", is_quoted)

    def _ansi_quoted(self) -> str:
        """The inside of `$'…'`, escapes expanded."""
        end = self.position + 1
        text = self.text
        while end < len(text) and text[end] != "'":
            end += 2 if text[end] == "\\" else 1
        if end >= len(text):
            raise Incomplete("'", self.line)
        inside = text[self.position + 1 : end]
        self.line += inside.count("\n")
        self.position = end + 1
        return expand_escapes(inside)[0]

    def _backquoted(self) -> Substitution:
        end = self.position + 1
        text = self.text
        while end < len(text) and text[end] != "`":
            end += 2 if text[end] == "\\" else 1
        if end >= len(text):
            raise Incomplete("`", self.line)
        inside = text[self.position + 1 : end]
        self.position = end + 1
        inside = _BACKQUOTED_ESCAPE.sub(r"\1", inside)
        return Substitution(self._parsed(inside), inside)

    def _parsed(self, text: str) -> Command | None:
        """The commands of another text."""
        self._enter()
        inner = type(self)(text, self.dialect, 0, self.line)
        inner.depth = self.depth
        body = inner.commands_until("")
        self.depth -= 1
        return body

    def _arithmetic(self) -> Arithmetic | None:
        """`$((…))` from here, or None when it is `$( (…) )`."""
        start = self.position
        self.position += 3
        expression = self.arithmetic_until("))")
        if expression is None:
            self.position = start
            return None
        return Arithmetic(expression)

    def arithmetic_until(self, end: str) -> Word | None:
        """An expression up to `end` (taken), parentheses balanced; None when it is none."""
        at = start = self.position
        depth = 0
        text = self.text
        while at < len(text):
            if depth == 0 and text.startswith(end, at):
                inner = type(self)(text[start:at], self.dialect, 0, self.line)
                inner.depth = self.depth
                word = Word(inner.quoted_parts(""), text[start:at])
                self.position = at + len(end)
                return word
            if text[at] == "(":
                depth += 1
            elif text[at] == ")":
                depth -= 1
                if depth < 0:
                    return None
            at += 1
        raise Incomplete(end[0], self.line)

    # ${…}

    def _parameter(self, start: int, is_quoted: bool) -> Parameter:
        """`${…}`; one that means nothing fails when it is expanded."""
        self._enter()
        try:
            return self._good_parameter(start, is_quoted)
        except _BadParameter:
            end = self.text.find("}", start)
            if end < 0:
                raise Incomplete("}", self.line) from None
            self.position = end + 1
            return Parameter("", "bad", source=self.text[start : end + 1])
        finally:
            self.depth -= 1

    def _good_parameter(self, start: int, is_quoted: bool) -> Parameter:
        text = self.text
        mark = ""
        if text.startswith("#", self.position) and not self._is_alone("#"):
            mark = "length"
            self.position += 1
        elif text.startswith("!", self.position) and not self._is_alone("!"):
            mark = "indirect"
            self.position += 1
        name = self._name()
        index = self._index()
        found = Parameter(name, mark, index=index)
        if mark == "indirect" and text.startswith(("*}", "@}"), self.position) and index is None:
            self.position += 1
            found = Parameter(name, "prefix")
        elif mark == "indirect" and index is not None:
            found = Parameter(name, "keys", index=index)
        elif not text.startswith("}", self.position):
            found = self._operated(name, index, mark, is_quoted)
        if not text.startswith("}", self.position):
            raise _BadParameter
        self.position += 1
        source = text[start : self.position]
        return Parameter(
            found.name, found.operator, found.argument, found.second, found.index, source
        )

    def _is_alone(self, sign: str) -> bool:
        """Whether `${#}` or `${!-x}` means the parameter of that name."""
        following = self.text[self.position + 1 : self.position + 2]
        if sign == "!" and self.text.startswith("#}", self.position + 1):
            return False
        return following not in _NAME and following not in _ARRAYS_AND_STATUS

    def _name(self) -> str:
        text, at = self.text, self.position
        char = text[at : at + 1]
        if not char:
            raise Incomplete("}", self.line)
        if char.isdecimal():
            while at < len(text) and text[at].isdecimal():
                at += 1
        elif char in _SPECIAL:
            at += 1
        else:
            while at < len(text) and text[at] in _NAME:
                at += 1
        if at == self.position:
            raise _BadParameter
        name = text[self.position : at]
        self.position = at
        return name

    def _index(self) -> Word | None:
        if not self.dialect.has_arrays or not self.text.startswith("[", self.position):
            return None
        self.position += 1
        word = self.scan_word(frozenset("]"))
        if not self.text.startswith("]", self.position):
            raise Incomplete("}", self.line)
        self.position += 1
        return word

    def _operated(self, name: str, index: Word | None, mark: str, is_quoted: bool) -> Parameter:
        operator = next((o for o in _OPERATORS if self.text.startswith(o, self.position)), "")
        is_basic = operator in (*_OPERATORS[:6], "-", "=", "?", "+", "#", "%")
        if not operator or mark == "length" or not (is_basic or self.dialect.has_replacement):
            raise _BadParameter
        if mark == "indirect":
            name = f"!{name}"
        self.position += len(operator)
        if operator[0] == "/":
            pattern = self._argument("/}", is_quoted)
            second = None
            if self.text.startswith("/", self.position):
                self.position += 1
                second = self._argument("}", is_quoted)
            return Parameter(name, operator, pattern, second, index)
        if operator == ":":
            offset = self._argument(":}", is_quoted)
            second = None
            if self.text.startswith(":", self.position):
                self.position += 1
                second = self._argument("}", is_quoted)
            return Parameter(name, operator, offset, second, index)
        return Parameter(name, operator, self._argument("}", is_quoted), None, index)

    def _argument(self, stops: str, is_quoted: bool) -> Word:
        """The word after an operator. Inside double quotes single ones are ordinary there."""
        start = self.position
        parts: list[Part] = []
        literal: list[str] = []
        text = self.text
        while self.position < len(text) and text[self.position] not in stops:
            char = text[self.position]
            if char in '\\"$`' or (char == "'" and not is_quoted):
                if literal:
                    parts.append(Literal("".join(literal)))
                    literal.clear()
                parts.append(self._special(char))
            else:
                self.line += char == "\n"
                literal.append(char)
                self.position += 1
        if self.position >= len(text):
            raise Incomplete("}", self.line)
        if literal:
            parts.append(Literal("".join(literal)))
        return Word(tuple(parts), text[start : self.position])

    # Process substitution

    def process_substitution(self) -> ProcessSubstitution:
        """`<(…)` from here."""
        is_output = self.text[self.position] == ">"
        self.position += 2
        return ProcessSubstitution(self.commands_until(")"), is_output)

    def _enter(self) -> None:
        self.depth += 1
        if self.depth > DEPTH_MAX:
            raise SyntaxProblem("(", self.line)
