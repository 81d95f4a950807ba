"""Expressions of an awk program, by how strongly their operators bind."""

from __future__ import annotations

from cluster_engine.shell.commands.awk.lexer import Lexer, Token
from cluster_engine.shell.commands.awk.limits import NESTING_MAX, AwkProblem
from cluster_engine.shell.commands.awk.nodes import (
    Assign,
    Binary,
    Builtin,
    Call,
    Choice,
    Contains,
    Expression,
    Field,
    GetLine,
    Group,
    Item,
    Logic,
    Matches,
    Name,
    Number,
    Regex,
    Step,
    Target,
    Text,
    Unary,
)
from cluster_engine.shell.commands.awk.values import leading_number

_ASSIGNMENTS = ("=", "+=", "-=", "*=", "/=", "%=", "^=", "**=")
_COMPARISONS = ("<", "<=", "==", "!=", ">", ">=")
_OR, _AND, _IN, _MATCH, _COMPARE, _JOIN, _ADD, _MULTIPLY = range(1, 9)
_LEVELS = (
    {"||": _OR, "&&": _AND, "~": _MATCH, "!~": _MATCH, "+": _ADD, "-": _ADD}
    | dict.fromkeys((*_COMPARISONS, "|"), _COMPARE)
    | dict.fromkeys("*/%", _MULTIPLY)
)
_AT_END = "syntax error at or near end of line"
_OPERANDS = ("number", "text", "name", "function", "builtin")


class ExpressionParser:
    """Reads expressions from a lexer; `token` is the next one."""

    def __init__(self, lexer: Lexer) -> None:
        self.lexer = lexer
        self.token = lexer.next()
        self.braces = 0
        #: Each function called, and where.
        self.calls: list[tuple[str, int]] = []
        self._depth = 0
        self._has_no_greater = False

    # Tokens

    def advance(self) -> Token:
        """Take the next token."""
        token, self.token = self.token, self.lexer.next()
        return token

    def take(self, *signs: str) -> bool:
        """Take a sign if it is one of these."""
        if self.token.is_sign(*signs):
            self.advance()
            return True
        return False

    def expect(self, sign: str) -> None:
        """Take this very sign. Raises AwkProblem."""
        if not self.take(sign):
            raise self.wrong()

    def skip_newlines(self) -> None:
        """Pass over ends of lines."""
        while self.token.kind == "newline":
            self.advance()

    def wrong(self) -> AwkProblem:
        """The next token is none that may stand here."""
        token = self.token
        if token.kind == "end":
            what = "missing } near end of file" if self.braces else _AT_END
            line = token.line + (1 if self.braces and not self.lexer.is_busybox else 0)
            return AwkProblem(what, "Unexpected token", line)
        shown = "end of line" if token.kind == "newline" else token.text
        return AwkProblem(f"syntax error at or near {shown}", "Unexpected token", token.line)

    # Expressions

    def expression(self) -> Expression:
        """A whole expression."""
        self._depth += 1
        if self._depth > NESTING_MAX:
            raise AwkProblem("expression too complicated", line=self.token.line)
        found = self._binary(_OR)
        if self.take("?"):
            self.skip_newlines()
            yes = self.expression()
            self.skip_newlines()
            self.expect(":")
            self.skip_newlines()
            found = Choice(found, yes, self.expression())
        self._depth -= 1
        return found

    def expressions(self) -> tuple[Expression, ...]:
        """Expressions with commas between."""
        found = [self.expression()]
        while self.take(","):
            self.skip_newlines()
            found.append(self.expression())
        return tuple(found)

    def printed(self) -> tuple[Expression, ...]:
        """What print is to print: ">" is no comparison here."""
        self._has_no_greater = True
        found = self.expressions()
        self._has_no_greater = False
        return found[0].parts if len(found) == 1 and isinstance(found[0], Group) else found

    def destination(self) -> Expression:
        """Where print is to print to."""
        self._has_no_greater = True
        found = self.expression()
        self._has_no_greater = False
        return found

    def _binary(self, level: int) -> Expression:
        found = self._unary()
        while True:
            here = self._level()
            if here < level:
                return found
            found = self._joined(found, here)

    def _level(self) -> int:
        """How strongly the operator that comes next binds; 0: none comes."""
        token = self.token
        if token.kind == "sign":
            if token.text == ">" and self._has_no_greater:
                return 0
            if token.text == "|" and not self.lexer.peek().is_word("getline"):
                return 0
            if token.text in ("(", "$", "++", "--"):
                return _JOIN
            return _LEVELS.get(token.text, 0)
        if token.is_word("in"):
            return _IN
        return _JOIN if token.kind in _OPERANDS else 0

    def _joined(self, left: Expression, level: int) -> Expression:
        if level == _JOIN:
            return Binary(" ", left, self._binary(_ADD))
        token = self.advance()
        if level in (_OR, _AND):
            self.skip_newlines()
            return Logic(token.text, left, self._binary(level + 1))
        if level == _IN:
            return Contains((left,), self._array())
        if level == _MATCH:
            return Matches(left, self._binary(_COMPARE), token.text == "!~")
        if token.text == "|":
            self.advance()
            return GetLine("command", left, self._optional_target())
        return Binary(token.text, left, self._binary(level + 1))

    def _unary(self) -> Expression:
        if self.token.is_sign("!", "-", "+"):
            self._depth += 1
            if self._depth > NESTING_MAX:
                raise AwkProblem("expression too complicated", line=self.token.line)
            sign = self.advance().text
            operand = self._unary()
            self._depth -= 1
            return Unary(sign, operand)
        return self._power()

    def _power(self) -> Expression:
        base = self._postfix()
        if self.token.is_sign("^", "**"):
            self.advance()
            return Binary("^", base, self._exponent())
        return base

    def _exponent(self) -> Expression:
        if self.token.is_sign("-", "+", "!"):
            sign = self.advance().text
            return Unary(sign, self._exponent())
        return self._power()

    def _postfix(self) -> Expression:
        found = self._primary()
        if not isinstance(found, Name | Field | Item):
            return found
        if self.token.is_sign("++", "--"):
            return Step(found, 1 if self.advance().text == "++" else -1, is_after=True)
        if self.token.is_sign(*_ASSIGNMENTS):
            operator = self.advance().text[:-1].replace("**", "^")
            self.skip_newlines()
            return Assign(operator, found, self.expression())
        return found

    def _primary(self) -> Expression:
        token = self.token
        if token.is_sign("/", "/="):
            found = self.lexer.regex(token)
            self.token = self.lexer.next()
            return Regex(found.text)
        if token.is_sign("++", "--"):
            self.advance()
            return Step(self._target(), 1 if token.text == "++" else -1, is_after=False)
        if token.is_sign("("):
            return self._parenthesis()
        if token.is_sign("$") or token.kind == "name":
            return self._target()
        if token.kind == "number":
            self.advance()
            return Number(leading_number(token.text))
        if token.kind == "text":
            self.advance()
            return Text(token.text)
        if token.kind == "function":
            self.advance()
            self.calls.append((token.text, token.line))
            return Call(token.text, self._arguments(), token.line)
        if token.kind == "builtin":
            return self._builtin()
        if token.is_word("getline"):
            self.advance()
            target = self._optional_target()
            if self.take("<"):
                return GetLine("file", self._source(), target)
            return GetLine("input", None, target)
        raise self.wrong()

    def _source(self) -> Expression:
        """The file of `getline <`: nothing that a comparison or two texts in a row would be."""
        return self._primary()

    def _parenthesis(self) -> Expression:
        self.expect("(")
        outer, self._has_no_greater = self._has_no_greater, False
        found = self.expressions()
        self.skip_newlines()
        self.expect(")")
        self._has_no_greater = outer
        if len(found) == 1:
            return found[0]
        if self.token.is_word("in"):
            self.advance()
            return Contains(found, self._array())
        return Group(found)

    def _arguments(self) -> tuple[Expression, ...]:
        self.expect("(")
        outer, self._has_no_greater = self._has_no_greater, False
        self.skip_newlines()
        found: tuple[Expression, ...] = ()
        if not self.token.is_sign(")"):
            found = self.expressions()
        self.skip_newlines()
        self.expect(")")
        self._has_no_greater = outer
        return found

    def _builtin(self) -> Expression:
        token = self.advance()
        fewest, most = self.lexer.arity(token.text)
        given = self._arguments() if self.token.is_sign("(") else ()
        if not fewest <= len(given) <= most:
            raise AwkProblem(
                f"syntax error at or near {self.token.text}", "Too few arguments", token.line
            )
        return Builtin(token.text, given, token.line)

    def _array(self) -> str:
        if self.token.kind != "name":
            raise self.wrong()
        return self.advance().text

    def _target(self) -> Target:
        """Something that can be assigned to."""
        if self.take("$"):
            if self.token.is_sign("-", "+", "!"):
                return Field(Unary(self.advance().text, self._primary()))
            return Field(self._primary())
        if self.token.kind != "name":
            raise self.wrong()
        name = self.advance().text
        if not self.take("["):
            return Name(name)
        outer, self._has_no_greater = self._has_no_greater, False
        keys = self.expressions()
        self._has_no_greater = outer
        self.expect("]")
        return Item(name, keys)

    def _optional_target(self) -> Target | None:
        if self.token.is_sign("$") or self.token.kind == "name":
            return self._target()
        return None
