"""expr: arithmetic and matching for old scripts."""

from __future__ import annotations

from typing import Any

from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.patterns import compile_pattern

_LEVELS = (("|",), ("&",), ("<", "<=", "=", "==", "!=", ">=", ">"), ("+", "-"), ("*", "/", "%"))


def run(invocation: Invocation) -> int:
    """Print the value; 1 when it is empty or 0."""
    words = invocation.arguments[1:]
    if not words:
        raise UsageError("missing operand\nTry 'expr --help' for more information.", 2)
    parser = _Parser(words)
    value = parser.level(0)
    if parser.words:
        raise UsageError(f"syntax error: unexpected argument '{parser.words[0]}'", 2)
    invocation.line(value)
    return 1 if value in ("", "0") else 0


class _Parser:
    def __init__(self, words: list[str]) -> None:
        self.words = list(words)

    def level(self, number: int) -> str:
        """An expression of that precedence."""
        if number == len(_LEVELS):
            return self._match()
        left = self.level(number + 1)
        while self.words and self.words[0] in _LEVELS[number]:
            operator = self.words.pop(0)
            left = _apply(left, operator, self.level(number + 1))
        return left

    def _match(self) -> str:
        left = self._primary()
        while self.words and self.words[0] == ":":
            self.words.pop(0)
            pattern = compile_pattern(self._primary(), is_extended=False)
            found = pattern.match(left)
            if pattern.groups:
                left = (found[1] or "") if found else ""
            else:
                left = str(found.end()) if found else "0"
        return left

    def _primary(self) -> str:
        if not self.words:
            raise UsageError("syntax error: missing argument", 2)
        word = self.words.pop(0)
        if word == "(":
            value = self.level(0)
            if not self.words or self.words.pop(0) != ")":
                raise UsageError("syntax error: expecting ')'", 2)
            return value
        if word == "length" and self.words:
            return str(len(self._primary()))
        if word == "substr" and len(self.words) >= 3:
            text, start, count = self._primary(), int(self._primary()), int(self._primary())
            return text[start - 1 : start - 1 + count]
        return word


def _apply(left: str, operator: str, right: str) -> str:
    if operator == "|":
        return left if left not in ("", "0") else right
    if operator == "&":
        return left if left not in ("", "0") and right not in ("", "0") else "0"
    try:
        a, b = int(left), int(right)
    except ValueError:
        if operator not in _LEVELS[2]:
            raise UsageError("non-integer argument", 2) from None
        return str(int(_compare(left, operator, right)))
    if operator in _LEVELS[2]:
        return str(int(_compare(a, operator, b)))
    if operator in "/%" and b == 0:
        raise UsageError("division by zero", 2)
    quotient = int(a / b) if b else 0
    results = {"+": a + b, "-": a - b, "*": a * b, "/": quotient, "%": a - b * quotient}
    return str(results[operator])


def _compare(a: Any, operator: str, b: Any) -> bool:
    if operator in ("=", "=="):
        return bool(a == b)
    if operator == "!=":
        return bool(a != b)
    less = bool(a < b)
    return {"<": less, "<=": less or a == b, ">": not (less or a == b), ">=": not less}[operator]


COMMAND = Command("expr", run)
