"""Shell arithmetic: 64-bit integers, C's operators, variables by name.

Models: bash's expr.c as POSIX and the manual describe it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

DEPTH_MAX = 60
POWER_MAX = 4096
_TOKEN = re.compile(
    r"\s*(?:(0[xX][0-9a-fA-F]+|\d+#[0-9a-zA-Z@_]+|\d+[A-Za-z_]\w*|\d+)|([A-Za-z_]\w*)|"
    r"(<<=|>>=|\*\*|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|[-+*/%<>=!~&|^?:,()\[\]]))"
)
_ASSIGNING = frozenset(("=", "+=", "-=", "*=", "/=", "%=", "<<=", ">>=", "&=", "^=", "|="))
_LEVELS: tuple[tuple[str, ...], ...] = (
    ("||",),
    ("&&",),
    ("|",),
    ("^",),
    ("&",),
    ("==", "!="),
    ("<", "<=", ">", ">="),
    ("<<", ">>"),
    ("+", "-"),
    ("*", "/", "%"),
)


class ArithmeticProblem(Exception):
    """The expression is wrong; the text is bash's without the shell's name."""


class UnsetName(ArithmeticProblem):
    """A variable is unset that must not be (`set -u`)."""


class Names(Protocol):
    """Where variables are kept."""

    def number_text(self, name: str, index: int | str | None) -> str:
        """The variable's text, "" when it is unset."""

    def set_number(self, name: str, index: int | str | None, value: int) -> None:
        """Assign."""


def evaluate(text: str, names: Names, depth: int = 0) -> int:
    """The value of an expression; 0 for nothing. Raises ArithmeticProblem."""
    if depth > DEPTH_MAX:
        raise ArithmeticProblem(f"{text}: expression recursion level exceeded")
    if not text.strip():
        return 0
    machine = _Evaluation(text, names, depth)
    value = machine.comma()
    if machine.token:
        raise machine.problem("syntax error in expression")
    return value


class _Evaluation:
    """One pass over an expression. `skips` is above 0 while nothing may take effect."""

    def __init__(self, text: str, names: Names, depth: int) -> None:
        self._text = text
        self._names = names
        self._depth = depth
        self._position = 0
        self._skips = 0
        self._start = self._before = 0
        self.token = ""
        self._kind = ""
        self._next()

    def problem(self, what: str) -> ArithmeticProblem:
        rest = self._text[self._start :].strip() or self._text[self._before :].strip()
        return ArithmeticProblem(f'{self._text.strip()}: {what} (error token is "{rest}")')

    def comma(self) -> int:
        value = self._assignment()
        while self.token == ",":
            self._next()
            value = self._assignment()
        return value

    def _next(self) -> None:
        self._before, self._start = self._start, self._position
        found = _TOKEN.match(self._text, self._position)
        if found is None:
            rest = self._text[self._position :].strip()
            if rest:
                self._start = len(self._text) - len(self._text[self._position :].lstrip())
                raise self.problem("syntax error: invalid arithmetic operator")
            self.token = self._kind = ""
            self._position = len(self._text)
            return
        number, name, sign = found.groups()
        self.token = number or name or sign
        self._kind = "number" if number else "name" if name else "sign"
        self._start = found.end() - len(self.token)
        self._position = found.end()

    def _expect(self, sign: str) -> None:
        if self.token != sign:
            raise self.problem(f"missing `{sign}'")
        self._next()

    def _assignment(self) -> int:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise self.problem("expression recursion level exceeded")
        if self._kind == "name":
            saved = (self._position, self.token, self._kind, self._start)
            name, index = self._target()
            operator = self.token
            if operator in _ASSIGNING:
                self._next()
                value = self._assignment()
                if operator != "=":
                    value = self._apply(operator[:-1], self._value(name, index), value)
                self._set(name, index, value)
                self._depth -= 1
                return value
            self._position, self.token, self._kind, self._start = saved
        value = self._choice()
        self._depth -= 1
        return value

    def _target(self) -> tuple[str, int | str | None]:
        """A variable, perhaps with an index in brackets."""
        name = self.token
        self._next()
        if self.token != "[":
            return name, None
        depth, start, at = 1, self._position, self._position
        while at < len(self._text) and depth:
            depth += {"[": 1, "]": -1}.get(self._text[at], 0)
            at += 1
        inside = self._text[start : at - 1]
        self._position = at
        self._next()
        return name, self._index(inside)

    def _index(self, inside: str) -> int | str:
        try:
            return evaluate(inside, self._names, self._depth + 1)
        except ArithmeticProblem:
            return inside

    def _choice(self) -> int:
        value = self._level(0)
        if self.token != "?":
            return value
        self._next()
        first = self._skipping(not value, self._assignment)
        self._expect(":")
        second = self._skipping(bool(value), self._assignment)
        return first if value else second

    def _skipping(self, is_skipped: bool, read: Callable[[], int]) -> int:
        self._skips += is_skipped
        try:
            return read()
        finally:
            self._skips -= is_skipped

    def _level(self, level: int) -> int:
        if level == len(_LEVELS):
            return self._power()
        value = self._level(level + 1)
        while self.token in _LEVELS[level] and self._kind == "sign":
            operator = self.token
            self._next()
            if operator == "||":
                right = self._skipping(bool(value), lambda: self._level(level + 1))
                value = int(bool(value) or bool(right))
            elif operator == "&&":
                right = self._skipping(not value, lambda: self._level(level + 1))
                value = int(bool(value) and bool(right))
            else:
                value = self._apply(operator, value, self._level(level + 1))
        return value

    def _power(self) -> int:
        value = self._unary()
        if self.token == "**":
            self._next()
            exponent = self._power()
            if exponent < 0:
                raise self.problem("exponent less than 0")
            return _wrap(pow(value, min(exponent, POWER_MAX), 1 << 64))
        return value

    def _unary(self) -> int:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise self.problem("expression recursion level exceeded")
        value = self._signed()
        self._depth -= 1
        return value

    def _signed(self) -> int:
        sign = self.token
        if self._kind == "sign" and sign in ("+", "-", "!", "~"):
            self._next()
            value = self._unary()
            found = {"+": value, "-": -value, "!": int(not value), "~": ~value}
            return _wrap(found[sign])
        if sign in ("++", "--"):
            self._next()
            if self._kind != "name":
                value = self._unary()
                return value
            name, index = self._target()
            value = _wrap(self._value(name, index) + (1 if sign == "++" else -1))
            self._set(name, index, value)
            return value
        return self._primary()

    def _primary(self) -> int:
        if self.token == "(":
            self._next()
            value = self.comma()
            self._expect(")")
            return value
        if self._kind == "number":
            value = self._number(self.token)
            self._next()
            return value
        if self._kind != "name":
            raise self.problem("syntax error: operand expected")
        name, index = self._target()
        value = self._value(name, index)
        if self.token in ("++", "--"):
            self._set(name, index, _wrap(value + (1 if self.token == "++" else -1)))
            self._next()
        return value

    def _value(self, name: str, index: int | str | None) -> int:
        text = self._names.number_text(name, index)
        if not text or self._skips:
            return 0
        if text.isdecimal() and text[0] != "0":
            return _wrap(int(text[:40]))
        return evaluate(text, self._names, self._depth + 1)

    def _set(self, name: str, index: int | str | None, value: int) -> None:
        if not self._skips:
            self._names.set_number(name, index, value)

    def _number(self, text: str) -> int:
        text = text[:80]
        try:
            if "#" in text:
                base, digits = text.split("#", 1)
                return _wrap(_in_base(int(base), digits))
            if text[:2] in ("0x", "0X"):
                return _wrap(int(text, 16))
            return _wrap(int(text, 8) if text[0] == "0" and len(text) > 1 else int(text))
        except ValueError:
            if text[0] == "0" and text.isdecimal():
                what = "value too great for base"
                raise ArithmeticProblem(f'{text}: {what} (error token is "{text}")') from None
            raise self.problem("value too great for base") from None

    def _apply(self, operator: str, left: int, right: int) -> int:
        if operator in ("/", "%"):
            if right == 0:
                if self._skips:
                    return 0
                raise self.problem_at_zero()
            quotient = abs(left) // abs(right)
            quotient = quotient if (left < 0) == (right < 0) else -quotient
            return _wrap(quotient if operator == "/" else left - right * quotient)
        return _wrap(int(_BINARY[operator](left, right)))

    def problem_at_zero(self) -> ArithmeticProblem:
        """bash shows the divisor as the error token."""
        words = self._text.split("/")[-1].split("%")[-1].strip()
        return ArithmeticProblem(f'{self._text.strip()}: division by 0 (error token is "{words}")')


_BINARY: dict[str, Callable[[int, int], int]] = {
    "|": lambda a, b: a | b,
    "^": lambda a, b: a ^ b,
    "&": lambda a, b: a & b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "<<": lambda a, b: a << (b & 63),
    ">>": lambda a, b: a >> (b & 63),
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
}


def _wrap(value: int) -> int:
    """As a signed 64-bit integer."""
    return (value + (1 << 63)) % (1 << 64) - (1 << 63)


def _in_base(base: int, digits: str) -> int:
    alphabet = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ@_"
    if not 2 <= base <= 64:
        raise ValueError(base)
    value = 0
    for digit in digits if base > 36 else digits.lower():
        number = alphabet.index(digit)
        if number >= base:
            raise ValueError(digit)
        value = value * base + number
    return value
