"""printf: formatted output."""

from __future__ import annotations

import re

from cluster_engine.shell.commands.command import Command, Invocation, UsageError
from cluster_engine.shell.commands.escapes import expand

_DIRECTIVE = re.compile(r"%([-+ 0#]*)(\*|\d+)?(?:\.(\*|\d+))?([diouxXeEfgGcsbq%])")
_ROUNDS_MAX = 10_000
_WIDTH_MAX = 10_000


def run(invocation: Invocation) -> int:
    """Print the arguments by the format, again and again while arguments are left."""
    if len(invocation.arguments) < 2:
        raise UsageError("usage: printf format [arguments]", 2)
    template, words = invocation.arguments[1], invocation.arguments[2:]
    template, is_cut = expand(template)
    code = 0
    for _ in range(_ROUNDS_MAX):
        before = len(words)
        text, failed = _format(invocation, template, words)
        code = code or failed
        invocation.say(text)
        if is_cut or not words or len(words) == before:
            break
    return code


def _format(invocation: Invocation, template: str, words: list[str]) -> tuple[str, int]:
    result, at, code = "", 0, 0
    for found in _DIRECTIVE.finditer(template):
        result += template[at : found.start()]
        at = found.end()
        flags, width, precision, kind = found.groups()
        if kind == "%":
            result += "%"
            continue
        if width == "*":
            width = _next(words) or "0"
        if precision == "*":
            precision = _next(words) or "0"
        text, failed = _one(invocation, kind, flags, precision, _next(words))
        code = code or failed
        result += _pad(text, flags, min(int(width or 0), _WIDTH_MAX), kind)
    return result + template[at:], code


def _next(words: list[str]) -> str:
    return words.pop(0) if words else ""


def _one(
    invocation: Invocation, kind: str, flags: str, precision: str | None, word: str
) -> tuple[str, int]:
    if kind in "sbq":
        text = expand(word)[0] if kind == "b" else word
        if kind == "q":
            text = word if re.fullmatch(r"[\w@%+=:,./-]+", word) else "'" + word + "'"
        return text if precision is None else text[: int(precision)], 0
    if kind == "c":
        return word[:1], 0
    code = 0
    try:
        number = _number(word)
    except ValueError:
        invocation.complain(f"{word}: invalid number")
        number, code = 0, 1
    sign = "+" if "+" in flags else " " if " " in flags else ""
    if kind in "diu":
        whole = int(number)
        digits = str(abs(whole)).rjust(int(precision or 0), "0")
        return ("-" if whole < 0 else sign) + digits, code
    if kind in "oxX":
        return format(int(number) & 0xFFFFFFFFFFFFFFFF, kind), code
    places = min(int(precision), 100) if precision is not None else 6
    return (sign if number >= 0 else "") + format(float(number), f".{places}{kind}"), code


def _number(word: str) -> int | float:
    if not word:
        return 0
    if word[0] in "'\"" and len(word) > 1:
        return ord(word[1])
    if re.fullmatch(r"[-+]?0[0-7]+", word):
        return int(word, 8)
    try:
        return int(word, 0)
    except ValueError:
        return float(word)


def _pad(text: str, flags: str, width: int, kind: str) -> str:
    if "-" in flags:
        return text.ljust(width)
    if "0" in flags and kind not in "scbq":
        sign = text[:1] if text[:1] in "+- " else ""
        return sign + text[len(sign) :].rjust(width - len(sign), "0")
    return text.rjust(width)


COMMAND = Command("printf", run)
