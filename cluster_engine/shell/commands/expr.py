"""expr: arithmetic and matching for old scripts."""

from __future__ import annotations

from typing import Any

from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.patterns import PatternProblem, compile_pattern

_LEVELS = (("|",), ("&",), ("<", "<=", "=", "==", "!=", ">=", ">"), ("+", "-"), ("*", "/", "%"))
_COMPARISONS = _LEVELS[2]
_DEPTH_MAX = 100
_DIGITS_MAX = 2000


def run(invocation: Invocation) -> int:
    """Print the value; 1 when it is empty or 0."""
    words = invocation.arguments[1:]
    if not words:
        gnu = UsageError("missing operand", 2, has_hint=True)
        raise UsageError("too few arguments", 2) if invocation.is_busybox else gnu
    parser = _Parser(words, invocation.is_busybox)
    try:
        value = parser.level(0)
    except PatternProblem as problem:
        raise UsageError(str(problem), 2) from None
    if parser.words:
        raise parser.problem(f"unexpected argument '{parser.words[0]}'")
    invocation.line(value)
    return 1 if value == "" or value.lstrip("-").strip("0") == "" else 0


class _Parser:
    def __init__(self, words: list[str], is_busybox: bool) -> None:
        self.words = list(words)
        self._is_busybox = is_busybox
        self._depth = 0
        self._last = ""

    def problem(self, text: str) -> UsageError:
        """What is wrong with the words."""
        return UsageError("syntax error" if self._is_busybox else f"syntax error: {text}", 2)

    def level(self, number: int) -> str:
        """An expression of that precedence."""
        if number == len(_LEVELS):
            return self._match()
        left = self.level(number + 1)
        while self.words and self.words[0] in _LEVELS[number]:
            operator = self._take()
            left = _apply(left, operator, self.level(number + 1))
        return left

    def _take(self) -> str:
        self._last = self.words.pop(0)
        return self._last

    def _match(self) -> str:
        left = self._primary()
        while self.words and self.words[0] == ":":
            self._take()
            left = _matched(left, self._primary())
        return left

    def _primary(self) -> str:
        if not self.words:
            raise self.problem(f"missing argument after '{self._last}'")
        word = self._take()
        if word == "(":
            return self._parenthesis()
        if word == "+" and self.words:
            return self._take()
        if word == "length" and self.words:
            return str(len(self._primary()))
        if word == "match" and len(self.words) > 1:
            text = self._primary()
            return _matched(text, self._primary())
        if word == "index" and len(self.words) > 1:
            text, letters = self._primary(), self._primary()
            places = [text.find(letter) + 1 for letter in letters if letter in text]
            return str(min(places, default=0))
        if word == "substr" and len(self.words) > 2:
            return _part(self._primary(), self._primary(), self._primary())
        return word

    def _parenthesis(self) -> str:
        self._depth += 1
        if self._depth > _DEPTH_MAX:
            raise UsageError("too many parentheses", 2)
        value = self.level(0)
        if not self.words:
            raise self.problem(f"expecting ')' after '{self._last}'")
        if self._take() != ")":
            raise self.problem(f"expecting ')' instead of '{self._last}'")
        self._depth -= 1
        return value


def _matched(text: str, pattern: str) -> str:
    compiled = compile_pattern(pattern, is_extended=False)
    found = compiled.match(text)
    if compiled.groups:
        return found[1] if found else ""
    return str(found.end()) if found else "0"


def _part(text: str, first: str, count: str) -> str:
    start, size = _integer(first), _integer(count)
    if start is None or size is None or start < 1 or size < 1:
        return ""
    return text[start - 1 : start - 1 + size]


def _integer(word: str) -> int | None:
    digits = word.removeprefix("-")
    if not digits.isdecimal() or len(digits) > _DIGITS_MAX:
        return None
    return int(word)


def _apply(left: str, operator: str, right: str) -> str:
    if operator == "|":
        if left not in ("", "0"):
            return left
        return right or "0"
    if operator == "&":
        return left if left not in ("", "0") and right not in ("", "0") else "0"
    a, b = _integer(left), _integer(right)
    if a is None or b is None:
        if operator not in _COMPARISONS:
            raise UsageError("non-integer argument", 2)
        return str(int(_compare(left, operator, right)))
    if operator in _COMPARISONS:
        return str(int(_compare(a, operator, b)))
    if operator in "/%" and b == 0:
        raise UsageError("division by zero", 2)
    if operator in "/%":
        quotient = abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)
        return str(quotient if operator == "/" else a - b * quotient)
    return str({"+": a + b, "-": a - b}[operator] if operator in "+-" else a * b)


def _compare(a: Any, operator: str, b: Any) -> bool:
    if operator in ("=", "=="):
        return bool(a == b)
    if operator == "!=":
        return bool(a != b)
    less = bool(a < b)
    return {"<": less, "<=": less or a == b, ">": not (less or a == b), ">=": not less}[operator]


COMMAND = Command("expr", run)
