"""Commands by themselves: simple ones, and if, while, for, case, functions, [[ ]]."""

from __future__ import annotations

import re
from dataclasses import replace

from cluster_engine.shell.syntax.conditional import Conditions
from cluster_engine.shell.syntax.nodes import (
    ArithmeticCommand,
    Assignment,
    Case,
    CaseItem,
    Command,
    CountingFor,
    For,
    Function,
    Group,
    If,
    Literal,
    Redirect,
    Redirected,
    Simple,
    Subshell,
    While,
    Word,
)
from cluster_engine.shell.syntax.problems import Incomplete, SyntaxProblem
from cluster_engine.shell.syntax.tokens import END, NEWLINE, OPERATOR, WORD, Token

_REDIRECTS = frozenset(("<", ">", ">>", ">|", "<>", "<&", ">&", "<<", "<<-", "<<<", "&>", "&>>"))
_ASSIGNMENT = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)(\[[^\]]*\])?(\+?)=", re.S)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_FUNCTION_NAME = re.compile(r"[^\s'\"$`<>&|;()={}]+\Z")
_CLOSING = frozenset(("then", "else", "elif", "fi", "do", "done", "esac", "}", "in"))


class Compound(Conditions):
    """Reads one command, whatever it is."""

    def sequence(self, *ends: str, expected: str = "") -> Command:
        """Commands up to one of the words `ends`; provided by the parser."""
        raise NotImplementedError

    def command(self) -> Command:
        """One command with its redirects."""
        token = self.peek()
        while token.kind == WORD and self.aliases and self.expand_alias(token):
            token = self.peek()
        if token.kind == OPERATOR and token.text in ("(", "(("):
            return self._with_redirects(self._parenthesis(token))
        if token.kind == WORD:
            reader = self._RESERVED.get(token.text)
            if reader is not None and self._is_known_word(token.text):
                return self._with_redirects(reader(self))
            if token.text in _CLOSING and token.text != "in":
                self.refuse(token)
        elif token.kind != OPERATOR or token.text not in _REDIRECTS:
            self.refuse(token)
        return self._simple()

    def with_errors(self, command: Command) -> Command:
        """The command with its stderr where its stdout goes (`|&`)."""
        both = Redirect(">&", Word((Literal("1"),), "1"), 2)
        if isinstance(command, Simple):
            return replace(command, redirects=(*command.redirects, both))
        return Redirected(command, (both,))

    def _is_known_word(self, word: str) -> bool:
        if word == "[[":
            return self.dialect.has_conditional
        if word == "function":
            return self.dialect.has_function_word
        return word != "select" or self.dialect.name == "bash"

    # Simple commands

    def _simple(self) -> Command:
        assignments: list[Assignment] = []
        words: list[Word] = []
        redirects: list[Redirect] = []
        line = self.peek().line
        while True:
            token = self.peek()
            redirect = self._redirect()
            if redirect is not None:
                redirects.append(redirect)
            elif token.kind == WORD and token.word is not None:
                found = self._assignment(token) if not words else None
                if found is None and words and self._is_declaration(words[0]):
                    found = self._array_argument(token, words)
                    if found is not None:
                        assignments.append(found)
                        continue
                if found is not None:
                    assignments.append(found)
                    continue
                self.take()
                words.append(token.word)
                follows = self.peek()
                if len(words) == 1 and follows.kind == OPERATOR and follows.text == "(":
                    if assignments or redirects or not _FUNCTION_NAME.match(token.text):
                        self.refuse(follows)
                    return self._function(token)
            else:
                break
        if not (assignments or words or redirects):
            self.refuse(self.peek())
        return Simple(tuple(assignments), tuple(words), tuple(redirects), line)

    def _is_declaration(self, word: Word) -> bool:
        return self.dialect.has_arrays and word.source in (
            "declare", "local", "export", "readonly", "typeset"
        )  # fmt: skip

    def _array_argument(self, token: Token, words: list[Word]) -> Assignment | None:
        """`declare -a x=(…)`: the array is an assignment, the name stays a word."""
        found = _ASSIGNMENT.match(token.text)
        if found is None or token.end != token.start + found.end():
            return None
        if not self.text.startswith("(", token.end):
            return None
        words.append(Word((Literal(found[1]),), found[1]))
        return self._assignment(token)

    def _assignment(self, token: Token) -> Assignment | None:
        """The assignment that a word is, taken; None when it is none."""
        found = _ASSIGNMENT.match(token.text)
        word = token.word
        if found is None or word is None or not isinstance(word.parts[0], Literal):
            return None
        name, index_text, plus = found.groups()
        if index_text and not self.dialect.has_arrays:
            return None
        if word.parts[0].is_quoted:
            return None
        index = self._parse_word(index_text[1:-1]) if index_text else None
        self.take()
        is_whole = token.end == token.start + found.end()
        if is_whole and self.dialect.has_arrays and self.text.startswith("(", token.end):
            elements = self._elements()
            return Assignment(name, None, index, bool(plus), elements)
        value = self._value(token, found.end())
        return Assignment(name, value, index, bool(plus))

    def _value(self, token: Token, start: int) -> Word:
        """What stands after the `=` of an assignment."""
        assert token.word is not None
        first, *rest = token.word.parts
        source = token.text[start:]
        if isinstance(first, Literal) and len(first.text) >= start:
            kept = first.text[start:]
            return Word((*([Literal(kept)] if kept else []), *rest), source)
        return self._parse_word(source)

    def _parse_word(self, text: str) -> Word:
        """A piece of a word that has been scanned before, by itself."""
        inner = type(self)(text, self.dialect, 0, self.line)
        inner.depth = self.depth
        return inner.scan_word(frozenset())

    def _elements(self) -> tuple[tuple[Word | None, Word], ...]:
        """`(a b [3]=c)`."""
        self.expect("(")
        found: list[tuple[Word | None, Word]] = []
        while True:
            token = self.peek()
            if token.kind == NEWLINE:
                self.take()
                continue
            if token.kind == OPERATOR and token.text == ")":
                self.take()
                return tuple(found)
            if token.kind != WORD or token.word is None:
                if token.kind == END:
                    raise Incomplete(")", self.line)
                self.refuse(token)
            assert token.word is not None
            self.take()
            keyed = re.match(r"\[([^\]]*)\]=", token.text)
            if keyed:
                index = self._parse_word(keyed[1])
                found.append((index, self._parse_word(token.text[keyed.end() :])))
            else:
                found.append((None, token.word))

    # Redirects

    def _redirect(self) -> Redirect | None:
        """The redirect that comes next, taken; None when none does."""
        token = self.peek()
        fd = None
        if token.kind == WORD and token.text.isdecimal() and len(token.text) <= 3:
            if self.text[token.end : token.end + 1] not in ("<", ">"):
                return None
            if self.text.startswith(("<(", ">("), token.end):
                return None
            fd = int(token.text)
            self.take()
            token = self.peek()
        elif token.kind != OPERATOR or token.text not in _REDIRECTS:
            return None
        operator = token.text
        self.take()
        target = self.peek()
        if target.kind != WORD or target.word is None:
            self.refuse(target)
        assert target.word is not None
        self.take()
        if operator in ("<<", "<<-"):
            body = self.here_document(target.word, strips_tabs=operator == "<<-")
            return Redirect("<<", body, fd)
        return Redirect(operator, target.word, fd)

    def _with_redirects(self, command: Command) -> Command:
        redirects: list[Redirect] = []
        while (redirect := self._redirect()) is not None:
            redirects.append(redirect)
        return Redirected(command, tuple(redirects)) if redirects else command

    # Compound commands

    def _parenthesis(self, token: Token) -> Command:
        if token.text == "((":
            self.position = token.end
            before = self.swap_lookahead(None)
            expression = self.arithmetic_until("))")
            if expression is not None:
                return ArithmeticCommand(expression, token.line)
            self.position = token.start
            self.swap_lookahead(before)
        self.swap_lookahead(None)
        self.position = token.start + 1
        body = self.sequence(")")
        self.expect(")")
        return Subshell(body)

    def _group(self) -> Command:
        self.take()
        body = self.sequence("}")
        self.expect("}")
        return Group(body)

    def _if(self) -> Command:
        self.take()
        clauses: list[tuple[Command, Command]] = []
        otherwise = None
        while True:
            condition = self.sequence("then")
            self.expect("then")
            body = self.sequence("fi", "else", "elif", expected="fi")
            clauses.append((condition, body))
            token = self.take()
            if token.text == "else":
                otherwise = self.sequence("fi")
                self.expect("fi")
            if token.text != "elif":
                return If(tuple(clauses), otherwise)

    def _while(self) -> Command:
        is_until = self.take().text == "until"
        condition = self.sequence("do")
        return While(condition, self._do(), is_until)

    def _do(self) -> Command:
        self.expect("do")
        body = self.sequence("done")
        self.expect("done")
        return body

    def _for(self) -> Command:
        keyword = self.take()
        is_select, line = keyword.text == "select", keyword.line
        token = self.peek()
        if token.kind == OPERATOR and token.text == "((" and not is_select:
            return self._counting_for(token)
        if token.kind != WORD:
            self.refuse(token)
        if not _NAME.match(token.text):
            if self.dialect.name == "bash":
                raise SyntaxProblem(token.text, token.line)
            raise SyntaxProblem("Bad for loop variable", token.line)
        self.take()
        name = token.text
        self.skip_newlines()
        words: list[Word] | None = None
        if self.is_reserved(self.peek(), "in"):
            self.take()
            words = []
            while (token := self.peek()).kind == WORD and token.word is not None:
                words.append(token.word)
                self.take()
            if token.kind == OPERATOR and token.text != ";":
                self.refuse(token)
        if self.peek().kind == OPERATOR and self.peek().text == ";":
            self.take()
        self.skip_newlines()
        listed = None if words is None else tuple(words)
        if self.is_reserved(self.peek(), "{"):
            return For(name, listed, self._group(), is_select, line)
        return For(name, listed, self._do(), is_select, line)

    def _counting_for(self, token: Token) -> Command:
        self.swap_lookahead(None)
        self.position = token.end
        start = self.position
        whole = self.arithmetic_until("))")
        if whole is None:
            raise SyntaxProblem("((", token.line)
        pieces = self.text[start : self.position - 2].split(";")
        if len(pieces) != 3:
            raise SyntaxProblem("((", token.line)
        words = []
        for piece in pieces:
            inner = type(self)(piece, self.dialect, 0, self.line)
            words.append(Word(inner.quoted_parts(""), piece))
        if self.peek().text == ";":
            self.take()
        self.skip_newlines()
        body = self._group() if self.is_reserved(self.peek(), "{") else self._do()
        return CountingFor(words[0], words[1], words[2], body)

    def _case(self) -> Command:
        line = self.take().line
        token = self.peek()
        if token.kind != WORD or token.word is None:
            self.refuse(token)
        assert token.word is not None
        self.take()
        self.skip_newlines()
        self.expect("in")
        items: list[CaseItem] = []
        while True:
            self.skip_newlines()
            following = self.peek()
            if self.is_reserved(following, "esac"):
                self.take()
                return Case(token.word, tuple(items), line)
            if following.kind == END:
                raise Incomplete("esac", self.line)
            items.append(self._case_item())

    def _case_item(self) -> CaseItem:
        if self.peek().text == "(" and self.peek().kind == OPERATOR:
            self.take()
        patterns: list[Word] = []
        while True:
            token = self.peek()
            if token.kind != WORD or token.word is None:
                self.refuse(token)
            assert token.word is not None
            patterns.append(token.word)
            self.take()
            if self.peek().text != "|":
                break
            self.take()
        self.expect(")")
        ends = ("esac", ";;", ";&", ";;&")
        body: Command | None = self.sequence(*ends, expected="esac")
        if not getattr(body, "items", ()):
            body = None
        end = ";;"
        if self.peek().kind == OPERATOR:
            end = self.take().text
        return CaseItem(tuple(patterns), body, end)

    def _function_word(self) -> Command:
        self.take()
        name = self.peek()
        if name.kind != WORD:
            self.refuse(name)
        self.take()
        if self.peek().kind == OPERATOR and self.peek().text == "(":
            return self._function(name)
        return self._function_body(name)

    def _function(self, name: Token) -> Command:
        self.expect("(")
        self.expect(")")
        return self._function_body(name)

    def _function_body(self, name: Token) -> Command:
        self.skip_newlines()
        start = self.peek().start
        body = self.command()
        return Function(name.text, body, self.text[start : self.token_start()].rstrip())

    _RESERVED = {
        "{": _group,
        "if": _if,
        "while": _while,
        "until": _while,
        "for": _for,
        "select": _for,
        "case": _case,
        "function": _function_word,
        "[[": Conditions.conditional,
    }
