"""Tokens: words and operators with one token of lookahead, here-documents after a line's end."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cluster_engine.shell.syntax.dialect import Dialect
from cluster_engine.shell.syntax.nodes import Literal, Quoted, Word
from cluster_engine.shell.syntax.problems import Incomplete, SyntaxProblem
from cluster_engine.shell.syntax.words import Scanner

WORD, OPERATOR, NEWLINE, END = "word", "operator", "newline", "end"

_OPERATORS = (
    "<<<", "<<-", "&>>", ";;&", "&&", "||", ";;", ";&", "<<", ">>", "<&", ">&", "<>", ">|", "&>",
    "|&", "((", "<", ">", "|", "&", ";", "(", ")",
)  # fmt: skip
_STARTS = frozenset("<>&|;()")
ALIASES_MAX = 50
RESERVED = frozenset(
    ("if", "then", "else", "elif", "fi", "case", "esac", "for", "while", "until", "do", "done",
     "in", "function", "select", "time", "{", "}", "!", "[[", "]]")
)  # fmt: skip


class Token(NamedTuple):
    """One token. `text` is the word as written, or the operator."""

    kind: str
    text: str
    start: int
    end: int
    line: int
    word: Word | None = None


class Tokens(Scanner):
    """Words and operators of a text."""

    def __init__(self, text: str, dialect: Dialect, position: int = 0, line: int = 1) -> None:
        super().__init__(text, dialect, position, line)
        self.aliases: Mapping[str, str] = {}
        self._lookahead: Token | None = None
        #: Where the text goes on after the present line, when here-documents follow it.
        self._after_bodies = 0
        self._alias_ends: list[tuple[str, int]] = []
        self._expansions = 0

    def peek(self) -> Token:
        """The next token."""
        if self._lookahead is None:
            self._lookahead = self._next()
        return self._lookahead

    def take(self) -> Token:
        """The next token, which is then behind."""
        token = self.peek()
        self._lookahead = None
        self.position = token.end
        if token.kind == NEWLINE:
            self.line = token.line + 1
            if self._after_bodies > self.position:
                self.line += self.text.count("\n", self.position, self._after_bodies)
                self.position = self._after_bodies
            self._after_bodies = 0
        return token

    def token_start(self) -> int:
        """Where reading goes on."""
        return self._lookahead.start if self._lookahead is not None else self.position

    def swap_lookahead(self, token: Token | None) -> Token | None:
        """Set the token that was read ahead; gives the one before."""
        before, self._lookahead = self._lookahead, token
        return before

    def skip_newlines(self) -> None:
        """Go to the next line that holds something."""
        while self.peek().kind == NEWLINE:
            self.take()

    def is_reserved(self, token: Token, *words: str) -> bool:
        """Whether the token is one of those reserved words, unquoted."""
        return token.kind == WORD and token.text in words

    def refuse(self, token: Token, expected: str = "") -> None:
        """Say that the token cannot be there."""
        if token.kind == END:
            raise Incomplete(expected, token.line)
        text = "\n" if token.kind == NEWLINE else token.text
        is_sign = token.kind != WORD or token.text in RESERVED
        source = self._line_of(token.start)
        raise SyntaxProblem(text, token.line, expected, source, is_sign=is_sign)

    def expect(self, text: str) -> Token:
        """Take the operator or reserved word `text`."""
        token = self.peek()
        if token.text != text or token.kind not in (OPERATOR, WORD):
            self.refuse(token, text)
        return self.take()

    def here_document(self, delimiter: Word, *, strips_tabs: bool) -> Word:
        """The body of a here-document: the lines after the present one (and other bodies)."""
        end_word, is_quoted = _delimiter(delimiter)
        text = self.text
        at = self._after_bodies or text.find("\n", self.position) + 1
        if not at:
            raise Incomplete("", self.line)
        lines: list[str] = []
        while at < len(text):
            end = text.find("\n", at)
            stop = len(text) if end < 0 else end
            line = text[at:stop].lstrip("\t") if strips_tabs else text[at:stop]
            at = stop + 1
            if line == end_word:
                self._after_bodies = min(at, len(text))
                return self._body("".join(lines), is_quoted)
            lines.append(line + "\n")
        raise Incomplete("", self.line)

    def _body(self, content: str, is_quoted: bool) -> Word:
        if is_quoted:
            return Word((Literal(content, True),), content)
        inner = type(self)(content, self.dialect, 0, self.line)
        inner.depth = self.depth
        return Word(inner.quoted_parts(""), content)

    # Reading

    def _next(self) -> Token:
        self._skip_blanks()
        start = self.position
        if start >= len(self.text):
            return Token(END, "", start, start, self.line)
        char = self.text[start]
        if char == "\n":
            return Token(NEWLINE, "\n", start, start + 1, self.line)
        line = self.line
        if char in _STARTS:
            is_process = self.text.startswith(("<(", ">("), start)
            if not (is_process and self.dialect.has_process_substitution):
                operator = self._operator(start)
                return Token(OPERATOR, operator, start, start + len(operator), line)
        word = self._whole_word()
        token = Token(WORD, word.source, start, self.position, line, word)
        return token

    def _whole_word(self) -> Word:
        """A word, process substitutions included."""
        word = self.scan_word()
        while self.dialect.has_process_substitution and self.text.startswith(
            ("<(", ">("), self.position
        ):
            start = self.position - len(word.source)
            inner = self.process_substitution()
            after = self.scan_word()
            source = self.text[start : self.position]
            word = Word((*word.parts, inner, *after.parts), source)
        return word

    def _operator(self, start: int) -> str:
        for operator in _OPERATORS:
            if self.text.startswith(operator, start) and self._is_known(operator):
                return operator
        return self.text[start]

    def _is_known(self, operator: str) -> bool:
        dialect = self.dialect
        if operator == "<<<":
            return dialect.has_here_strings or dialect.name == "ash"
        if operator in ("&>", "&>>"):
            return dialect.has_both_redirects
        if operator in ("|&", ";&", ";;&", "(("):
            return dialect.name == "bash"
        return True

    def _skip_blanks(self) -> None:
        text = self.text
        while self.position < len(text):
            char = text[self.position]
            if char in " \t\r":
                self.position += 1
            elif char == "\\" and text.startswith("\\\n", self.position):
                self.position += 2
                self.line += 1
            elif char == "#":
                end = text.find("\n", self.position)
                self.position = len(text) if end < 0 else end
            else:
                break

    # Aliases

    def expand_alias(self, token: Token) -> bool:
        """Put an alias' text where its name stands; whether there was one."""
        value = self.aliases.get(token.text)
        self._alias_ends = [(name, end) for name, end in self._alias_ends if end > token.start]
        if value is None or any(name == token.text for name, _ in self._alias_ends):
            return False
        self._expansions += 1
        if self._expansions > ALIASES_MAX:
            return False
        growth = len(value) - (token.end - token.start)
        self.text = self.text[: token.start] + value + self.text[token.end :]
        self._alias_ends = [(name, end + growth) for name, end in self._alias_ends]
        self._alias_ends.append((token.text, token.start + len(value) + 1))
        self.position = token.start
        self._lookahead = None
        return True

    def _line_of(self, position: int) -> str:
        start = self.text.rfind("\n", 0, position) + 1
        end = self.text.find("\n", position)
        return self.text[start : len(self.text) if end < 0 else end]


def _delimiter(word: Word) -> tuple[str, bool]:
    """The delimiter's text, and whether any of it is quoted."""
    plain = ""
    is_quoted = False
    for part in word.parts:
        if isinstance(part, Literal):
            is_quoted = is_quoted or part.is_quoted
            plain += part.text
        elif isinstance(part, Quoted):
            is_quoted = True
            plain += "".join(inner.text for inner in part.parts if isinstance(inner, Literal))
        else:
            return word.source, is_quoted
    return plain, is_quoted
