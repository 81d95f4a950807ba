"""The grammar: one complete command at a time, as shells read them.

    parser = Parser(text, BASH)
    while (item := parser.next_command()) is not None: ...

`next_command` raises Incomplete when the text ends in the middle, SyntaxProblem when it is wrong.
The position after a command is a place to go on from later, also in a copy.

Models: POSIX.1-2024 Shell Command Language 2.10, with what bash adds (see `dialect`).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cluster_engine.shell.syntax.compound import Compound
from cluster_engine.shell.syntax.dialect import Dialect
from cluster_engine.shell.syntax.nodes import (
    AndOr,
    Command,
    Item,
    Pipeline,
    Sequence,
)
from cluster_engine.shell.syntax.problems import Incomplete, SyntaxProblem
from cluster_engine.shell.syntax.tokens import END, NEWLINE, OPERATOR

_TERMINATORS = frozenset(";&")


class ParsedCommand(NamedTuple):
    """A complete command, and where the text goes on."""

    sequence: Sequence
    position: int
    line: int


class Parser(Compound):
    """Reads commands from a text."""

    def __init__(
        self,
        text: str,
        dialect: Dialect,
        position: int = 0,
        line: int = 1,
        aliases: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(text, dialect, position, line)
        self.aliases = aliases or {}

    def next_command(self) -> ParsedCommand | None:
        """The next line's commands; None at the end of the text."""
        while self.peek().kind == NEWLINE:
            self.take()
        if self.peek().kind == END:
            return None
        items: list[Item] = []
        while True:
            item, is_terminated = self._item()
            items.append(item)
            token = self.peek()
            if token.kind in (NEWLINE, END):
                break
            if not is_terminated:
                self.refuse(token)
        if self.peek().kind == NEWLINE:
            self.take()
        return ParsedCommand(Sequence(tuple(items)), self.token_start(), self.line)

    def commands_until(self, end: str) -> Command | None:
        """Commands inside `$(…)` up to `end` (taken), or to the end of the text for ""."""
        self._enter()
        saved = self.swap_lookahead(None)
        items: list[Item] = []
        while True:
            while self.peek().kind == NEWLINE:
                self.take()
            token = self.peek()
            if token.kind == END:
                if end:
                    raise Incomplete(end, self.line)
                break
            if token.kind == OPERATOR and token.text == end:
                break
            item, is_terminated = self._item()
            items.append(item)
            token = self.peek()
            is_over = token.kind in (NEWLINE, END) or token.text == end
            if not is_over and not is_terminated:
                self.refuse(token)
        if end:
            self.position = self.peek().end
        self.swap_lookahead(saved)
        self.depth -= 1
        return Sequence(tuple(items)) if items else None

    def sequence(self, *ends: str, expected: str = "") -> Command:
        """Commands up to one of the reserved words `ends`, which is not taken. At least one."""
        self._enter()
        items: list[Item] = []
        while True:
            while self.peek().kind == NEWLINE:
                self.take()
            token = self.peek()
            if token.kind == END:
                raise Incomplete(expected or ends[0], self.line)
            if self.is_reserved(token, *ends) or (token.text in ends and token.kind == OPERATOR):
                if not items and token.text not in (";;", ";&", ";;&"):
                    self.refuse(token)
                break
            item, is_terminated = self._item()
            items.append(item)
            token = self.peek()
            is_over = token.kind in (NEWLINE, END) or token.text in ends
            if not is_over and not is_terminated:
                self.refuse(token, expected or ends[0])
        self.depth -= 1
        return Sequence(tuple(items))

    def _item(self) -> tuple[Item, bool]:
        """One command, and whether a terminator came after it."""
        start = self.peek().start
        command = self._and_or()
        token = self.peek()
        source = self.text[start : token.start].rstrip()
        if token.kind == OPERATOR and token.text in _TERMINATORS:
            self.take()
            return Item(command, token.text == "&", source), True
        return Item(command, False, source), False

    def _and_or(self) -> Command:
        first = self._pipeline()
        rest: list[tuple[str, Command]] = []
        while (token := self.peek()).kind == OPERATOR and token.text in ("&&", "||"):
            self.take()
            self.skip_newlines()
            rest.append((token.text, self._pipeline()))
        return AndOr(first, tuple(rest)) if rest else first

    def _pipeline(self) -> Command:
        is_negated = is_timed = False
        while True:
            token = self.peek()
            if self.is_reserved(token, "!"):
                is_negated = not is_negated
            elif self.is_reserved(token, "time") and self.dialect.name == "bash":
                is_timed = True
            else:
                break
            self.take()
        if is_timed and self.peek().text == "-p":
            self.take()
        commands = [self.command()]
        while (token := self.peek()).kind == OPERATOR and token.text in ("|", "|&"):
            if token.text == "|&":
                commands[-1] = self.with_errors(commands[-1])
            self.take()
            self.skip_newlines()
            commands.append(self.command())
        if len(commands) == 1 and not is_negated and not is_timed:
            return commands[0]
        return Pipeline(tuple(commands), is_negated, is_timed)


__all__ = ["Incomplete", "ParsedCommand", "Parser", "SyntaxProblem"]
