"""From the text of a regular expression to its tree.

Models: POSIX basic and extended expressions with GNU's extensions, and the common part of Perl's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from cluster_engine.shell.commands.regex.brackets import read_bracket
from cluster_engine.shell.commands.regex.characters import ANY, NAMED, PERL_NAMED, Characters, one
from cluster_engine.shell.commands.regex.nodes import (
    Accept,
    Assertion,
    Backreference,
    Choice,
    Group,
    Keep,
    Look,
    Node,
    Repeat,
    Sequence,
)
from cluster_engine.shell.commands.regex.problems import TOO_BIG, PatternProblem

#: "awk" is extended with C's escapes inside brackets.
Dialect: TypeAlias = Literal["basic", "extended", "awk", "perl"]

PATTERN_CHARACTERS_MAX = 4000
DEPTH_MAX = 60
REPEATS_MAX = 1000
_INTERVAL = re.compile(r"(\d*)(,?)(\d*)")
_ESCAPES = {"n": "\n", "t": "\t"}
_MORE_ESCAPES = {"r": "\r", "f": "\f", "v": "\v", "a": "\a", "e": "\x1b"}
_LOOKS = (("?=", True, False), ("?!", True, True), ("?<=", False, False), ("?<!", False, True))


@dataclass(slots=True)
class _Alternatives:
    """What has been read of a group: finished branches and the one under way."""

    number: int
    branches: list[Node]
    row: list[Node]
    look: tuple[bool, bool] | None = None

    def node(self) -> Node:
        branches = [*self.branches, Sequence(tuple(self.row))]
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))


class _Reader:
    def __init__(self, pattern: str, dialect: Dialect, ignores_case: bool) -> None:
        self.pattern = pattern
        self.is_basic = dialect == "basic"
        self.is_perl = dialect == "perl"
        self.has_escapes = dialect in ("awk", "perl")
        self.ignores_case = ignores_case
        self.at = 0
        self.groups = 0
        self.open: list[_Alternatives] = [_Alternatives(0, [], [])]

    def read(self) -> Node:
        """The whole pattern."""
        while self.at < len(self.pattern):
            self._step()
        if len(self.open) > 1:
            raise PatternProblem("Unmatched ( or \\(")
        return self.open[0].node()

    def _step(self) -> None:
        token = self._token()
        if token == "(":
            self._open_group()
        elif token == ")":
            self._close_group()
        elif token == "|":
            self.open[-1].branches.append(Sequence(tuple(self.open[-1].row)))
            self.open[-1].row = []
        elif token in ("*", "+", "?", "{"):
            self._repeat(token)
        elif token:
            self.open[-1].row.append(self._one(token))

    # Tokens: operators as single letters, all else as it is written ("\\w", "[", "\\*"); "": none

    def _token(self) -> str:
        letter = self.pattern[self.at]
        self.at += 1
        if letter == "\\":
            if self.at == len(self.pattern):
                raise PatternProblem("Trailing backslash")
            follower = self.pattern[self.at]
            self.at += 1
            is_operator = self.is_basic and follower in "(){|+?"
            return self._checked(follower) if is_operator else "\\" + follower
        if self.is_basic:
            return self._basic(letter)
        return self._checked(letter) if letter in "(){|+?*" else letter

    def _basic(self, letter: str) -> str:
        row_is_empty = not self.open[-1].row
        if letter == "*":
            at_start = row_is_empty or self.open[-1].row == [Assertion("^")]
            return "\\*" if at_start else "*"
        if letter == "^" and not row_is_empty:
            return "\\^"
        if letter == "$" and self.pattern[self.at : self.at + 2] not in ("", "\\)", "\\|"):
            return "\\$"
        return "\\" + letter if letter in "(){|+?" else letter

    def _checked(self, operator: str) -> str:
        """A repeat with nothing to repeat counts for nothing; an interval that is none stands for
        itself."""
        row = self.open[-1].row
        if operator == "{" and not self.is_basic and self._interval() is None:
            return "\\{"
        if operator in "*+?{" and (not row or row == [Assertion("^")]):
            if self.is_perl:
                raise PatternProblem("quantifier does not follow a repeatable item")
            if not self.is_basic:
                return ""
            return operator if operator == "{" else "\\" + operator
        if operator == ")" and len(self.open) == 1:
            if self.is_basic or self.is_perl:
                raise PatternProblem("Unmatched ) or \\)")
            return "\\)"
        return operator

    # Groups

    def _open_group(self) -> None:
        if len(self.open) > DEPTH_MAX:
            raise PatternProblem(TOO_BIG)
        number, look = 0, None
        if self.is_perl and self.pattern[self.at : self.at + 1] == "?":
            look = self._perl_group()
        else:
            self.groups += 1
            number = self.groups
        self.open.append(_Alternatives(number, [], [], look))

    def _perl_group(self) -> tuple[bool, bool] | None:
        for mark, is_ahead, is_negated in _LOOKS:
            if self.pattern.startswith(mark, self.at):
                self.at += len(mark)
                return is_ahead, is_negated
        if self.pattern.startswith("?:", self.at):
            self.at += 2
            return None
        if self.pattern.startswith("?i)", self.at):
            # The group that comes is empty; all that follows ignores case.
            self.ignores_case = True
            self.at += 2
            return None
        raise PatternProblem("unrecognized character after (? or (?-")

    def _close_group(self) -> None:
        group = self.open.pop()
        node = group.node()
        if group.look is not None:
            node = Look(node, *group.look)
        elif group.number:
            node = Group(node, group.number)
        self.open[-1].row.append(node)

    # Repeats

    def _repeat(self, operator: str) -> None:
        row = self.open[-1].row
        least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}.get(operator, (0, None))
        if operator == "{":
            found = self._interval()
            if found is None:
                raise PatternProblem(
                    "Invalid content of \\{\\}" if row else "Invalid preceding regular expression"
                )
            least, most, self.at = found
            if not row:
                raise PatternProblem("Invalid preceding regular expression")
        is_greedy = True
        if self.is_perl and self.pattern[self.at : self.at + 1] in ("?", "+"):
            is_greedy = self.pattern[self.at] == "+"
            self.at += 1
        node = row.pop()
        if isinstance(node, Repeat) and (least, most) == (0, None) == (node.least, node.most):
            row.append(node)
        else:
            row.append(Repeat(node, least, most, is_greedy))

    def _interval(self) -> tuple[int, int | None, int] | None:
        """Bounds and end of the interval whose "{" has been read; None when it is none."""
        closing = "\\}" if self.is_basic else "}"
        end = self.pattern.find(closing, self.at)
        found = _INTERVAL.fullmatch(self.pattern[self.at : end]) if end >= 0 else None
        if found is None or not (found[1] or found[3]):
            if end < 0 and self.is_basic:
                raise PatternProblem("Unmatched \\{")
            if end >= 0 and self.pattern[self.at : self.at + 1].isdigit() and not self.is_perl:
                raise PatternProblem("Invalid content of \\{\\}")
            return None
        least = int(found[1][:6] or 0)
        most = (int(found[3][:6]) if found[3] else None) if found[2] else least
        if most is not None and most < least:
            raise PatternProblem("Invalid content of \\{\\}")
        if max(least, most or 0) > REPEATS_MAX:
            raise PatternProblem(TOO_BIG)
        return least, most, end + len(closing)

    # Single places

    def _one(self, token: str) -> Node:
        if token == "[":
            characters, self.at = read_bracket(
                self.pattern,
                self.at - 1,
                ignores_case=self.ignores_case,
                has_escapes=self.has_escapes,
            )
            return Accept(characters)
        if token == ".":
            return Accept(ANY)
        if token in ("^", "$"):
            return Assertion(token)
        if len(token) == 2:
            return self._escaped(token[1])
        return Accept(one(token, ignores_case=self.ignores_case))

    def _escaped(self, letter: str) -> Node:
        if letter in "bB<>" and not (self.is_perl and letter in "<>"):
            return Assertion(letter)
        if letter in "`'":
            return Assertion("^" if letter == "`" else "$")
        if letter in "123456789":
            if int(letter) > self.groups or any(a.number == int(letter) for a in self.open):
                raise PatternProblem("Invalid back reference")
            return Backreference(int(letter), self.ignores_case)
        named: Characters | None = NAMED.get(letter)
        if self.is_perl:
            named = named or PERL_NAMED.get(letter)
            if letter == "K":
                return Keep()
        if named is not None:
            return Accept(named)
        letter = _ESCAPES.get(letter, letter)
        if self.has_escapes:
            letter = _MORE_ESCAPES.get(letter, letter)
        return Accept(one(letter, ignores_case=self.ignores_case))


def read_pattern(pattern: str, dialect: Dialect, *, ignores_case: bool = False) -> tuple[Node, int]:
    """The tree, and how many groups it has. Raises PatternProblem."""
    if len(pattern) > PATTERN_CHARACTERS_MAX:
        raise PatternProblem(TOO_BIG)
    reader = _Reader(pattern, dialect, ignores_case)
    node = reader.read()
    return node, reader.groups
