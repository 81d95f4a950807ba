"""Reading `[[ … ]]`."""

from __future__ import annotations

from typing import NoReturn

from cluster_engine.shell.syntax.nodes import Command, Conditional, Literal, Part, Test, Word
from cluster_engine.shell.syntax.problems import Incomplete, SyntaxProblem
from cluster_engine.shell.syntax.tokens import END, NEWLINE, OPERATOR, WORD, Token, Tokens

_UNARY = frozenset(f"-{letter}" for letter in "abcdefghknoprstuvwxzGLNOS")
_BINARY = frozenset(
    ("=", "==", "!=", "<", ">", "=~", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef")
)
_REGEX_STOPS = frozenset(" \t\n")


class Conditions(Tokens):
    """Reads the conditions of `[[ … ]]`."""

    def conditional(self) -> Command:
        """`[[ … ]]` from here."""
        line = self.take().line
        test = self._or_test()
        token = self.peek()
        if token.text != "]]":
            self._refuse_test(token)
        self.take()
        return Conditional(test, line)

    def _or_test(self) -> Test:
        found = self._and_test()
        while self.peek().kind == OPERATOR and self.peek().text == "||":
            self.take()
            found = Test("||", (), (found, self._and_test()))
        return found

    def _and_test(self) -> Test:
        found = self._not_test()
        while self.peek().kind == OPERATOR and self.peek().text == "&&":
            self.take()
            found = Test("&&", (), (found, self._not_test()))
        return found

    def _not_test(self) -> Test:
        self.skip_newlines()
        token = self.peek()
        if self.is_reserved(token, "!"):
            self.take()
            return Test("!", (), (self._not_test(),))
        if token.kind == OPERATOR and token.text in ("(", "(("):
            self.swap_lookahead(None)
            self.position = token.start + 1
            found = self._or_test()
            self.expect(")")
            return found
        if token.kind != WORD or token.word is None or token.text == "]]":
            self._refuse_test(token)
        assert token.word is not None
        self.take()
        if token.text in _UNARY and self._is_operand(self.peek()):
            operand = self.take()
            assert operand.word is not None
            return Test(token.text, (operand.word,))
        return self._binary_test(token.word)

    def _binary_test(self, left: Word) -> Test:
        operator = self.peek()
        if operator.text not in _BINARY:
            return Test("-n", (left,))
        self.take()
        if operator.text == "=~":
            self._skip_blanks()
            right = self._regex_word()
        else:
            token = self.peek()
            if token.kind != WORD or token.word is None:
                self._refuse_test(token)
            assert token.word is not None
            right = token.word
            self.take()
        self._skip_test_newlines()
        return Test(operator.text, (left, right))

    def _regex_word(self) -> Word:
        """The right side of `=~`: parentheses and bars belong to it."""
        parts: list[Part] = []
        start = self.position
        depth = 0
        while self.position < len(self.text):
            stops = frozenset(" \t\n()")
            piece = self.scan_word(stops)
            parts.extend(piece.parts)
            char = self.text[self.position : self.position + 1]
            if char == "(":
                depth += 1
            elif char == ")":
                depth -= 1
            elif char not in (" ", "\t") or depth <= 0:
                break
            if depth < 0:
                break
            parts.append(Literal(char))
            self.position += 1
        return Word(tuple(parts), self.text[start : self.position])

    def _skip_test_newlines(self) -> None:
        while self.peek().kind == NEWLINE:
            self.take()

    def _is_operand(self, token: Token) -> bool:
        return token.kind == WORD and token.text != "]]" and token.text not in _BINARY

    def _refuse_test(self, token: Token) -> NoReturn:
        if token.kind == END:
            raise Incomplete("", self.line)
        text = "\n" if token.kind == NEWLINE else token.text
        raise SyntaxProblem(text, token.line, "", self._line_of(token.start))
