"""The words of an awk program, one at a time as the parser asks for them.

Texts are bytes, one character each: mawk and BusyBox know no others.

Whether "/" begins a pattern depends on what may stand there, so the parser says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from cluster_engine.shell.commands.awk.limits import AwkProblem

Kind: TypeAlias = Literal[
    "number", "text", "regex", "name", "function", "builtin", "keyword", "sign", "newline", "end"
]

KEYWORDS = frozenset(
    "BEGIN END if else while for do break continue next nextfile exit return delete in function "
    "func print printf getline".split()
)
#: Name to the fewest and the most arguments.
BUILTINS = {
    "atan2": (2, 2),
    "close": (1, 2),
    "cos": (1, 1),
    "exp": (1, 1),
    "fflush": (0, 1),
    "gsub": (2, 3),
    "index": (2, 2),
    "int": (1, 1),
    "length": (0, 1),
    "log": (1, 1),
    "match": (2, 2),
    "mktime": (1, 1),
    "rand": (0, 0),
    "sin": (1, 1),
    "split": (2, 3),
    "sprintf": (1, 200),
    "sqrt": (1, 1),
    "srand": (0, 1),
    "strftime": (0, 3),
    "sub": (2, 3),
    "substr": (2, 3),
    "system": (1, 1),
    "systime": (0, 0),
    "tolower": (1, 1),
    "toupper": (1, 1),
}
BUSYBOX_BUILTINS = {
    "and": (2, 2),
    "compl": (1, 1),
    "gensub": (3, 4),
    "lshift": (2, 2),
    "or": (2, 2),
    "rshift": (2, 2),
    "xor": (2, 2),
}
_BLANK = re.compile(r"(?:[ \t\r]|\\\r?\n|#[^\n]*)+")
_DECIMAL = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_NUMBER = re.compile(rf"0[xX][0-9a-fA-F]+|{_DECIMAL.pattern}")
_OLD_OCTAL = re.compile(r"0[0-7]+")
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_SIGN = re.compile(
    r"\*\*=|&&|\|\||\+\+|--|\+=|-=|\*=|/=|%=|\^=|\*\*|==|<=|>=|!=|>>|!~"
    r"|[-{}()\[\];,+*/%^!<>|?:~$=]"
)
_SIMPLE = {
    "n": "\n",
    "t": "\t",
    "r": "\r",
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "v": "\v",
    "\\": "\\",
    '"': '"',
}
_OCTAL = re.compile(r"[0-7]{1,3}")
_HEX = re.compile(r"x([0-9a-fA-F]{1,2})")


@dataclass(frozen=True, slots=True)
class Token:
    """One word. `text` is what it means: a string without quotes, a number as written."""

    kind: Kind
    text: str
    line: int
    #: Where it begins.
    at: int

    def is_sign(self, *signs: str) -> bool:
        """Whether it is one of these."""
        return self.kind == "sign" and self.text in signs

    def is_word(self, *words: str) -> bool:
        """Whether it is one of these keywords."""
        return self.kind == "keyword" and self.text in words


class Lexer:
    """Reads a text."""

    def __init__(self, text: str, *, is_busybox: bool) -> None:
        self._text = text
        self.is_busybox = is_busybox
        self._builtins = BUILTINS | (BUSYBOX_BUILTINS if is_busybox else {})
        self._at = 0
        self.line = 1

    def next(self) -> Token:
        """The next token. Raises AwkProblem."""
        blank = _BLANK.match(self._text, self._at)
        if blank is not None:
            self._advance(blank.end())
        start, line = self._at, self.line
        if start >= len(self._text):
            return Token("end", "", line, start)
        letter = self._text[start]
        if letter == "\n":
            self._advance(start + 1)
            return Token("newline", "\n", line, start)
        if letter == '"':
            return Token("text", self._string(start + 1), line, start)
        number = _NUMBER if self.is_busybox else _DECIMAL
        for kind, pattern in (("number", number), ("name", _NAME), ("sign", _SIGN)):
            found = pattern.match(self._text, start)
            if found is not None:
                self._advance(found.end())
                return self._token(kind, found[0], line, start)
        raise AwkProblem(f"unexpected character '{letter}'", "Unexpected token", line)

    def peek(self) -> Token:
        """The token after that, which stays the next one."""
        at, line = self._at, self.line
        token = self.next()
        self._at, self.line = at, line
        return token

    def mark(self) -> tuple[int, int]:
        """Where it is, for `reset`."""
        return self._at, self.line

    def reset(self, mark: tuple[int, int]) -> None:
        """Go back."""
        self._at, self.line = mark

    def regex(self, token: Token) -> Token:
        """The pattern that begins with the "/" (or "/=") that was read last."""
        self._at, self.line = token.at + 1, token.line
        at, text = self._at, self._text
        in_brackets = False
        while at < len(text) and text[at] != "\n":
            letter = text[at]
            if letter == "/" and not in_brackets:
                found = text[self._at : at].replace("\\/", "/")
                self._advance(at + 1)
                return Token("regex", found, token.line, token.at)
            if letter == "\\":
                at += 1
            elif letter == "[" and not in_brackets:
                in_brackets = True
                at += 1 if text[at + 1 : at + 2] == "^" else 0
                at += 1 if text[at + 1 : at + 2] == "]" else 0
            elif letter == "]":
                in_brackets = False
            at += 1
        shown = text[token.at + 1 : token.at + 11]
        raise AwkProblem(
            f"runaway regular expression /{shown} ...", "Unexpected end of string", token.line
        )

    def _advance(self, end: int) -> None:
        self.line += self._text.count("\n", self._at, end)
        self._at = end

    def _token(self, kind: str, text: str, line: int, start: int) -> Token:
        if kind == "number":
            if self.is_busybox and _OLD_OCTAL.fullmatch(text):
                text = str(int(text, 8))
            return Token("number", text, line, start)
        if text in ("**", "**=") and not self.is_busybox:
            raise AwkProblem("syntax error at or near *", line=line)
        if kind == "sign":
            return Token("sign", text, line, start)
        if text in KEYWORDS:
            return Token("keyword", text, line, start)
        if text in self._builtins:
            return Token("builtin", text, line, start)
        is_called = self._text[self._at : self._at + 1] == "("
        return Token("function" if is_called else "name", text, line, start)

    def arity(self, builtin: str) -> tuple[int, int]:
        """The fewest and the most arguments of a builtin function."""
        return self._builtins[builtin]

    def _string(self, start: int) -> str:
        """The string whose first character is at `start`; its end is passed over."""
        at, text = start, self._text
        while at < len(text) and text[at] not in '"\n':
            at += 2 if text[at] == "\\" else 1
        if at >= len(text) or text[at] == "\n":
            raise AwkProblem(
                f'runaway string constant "{text[start : start + 10].rstrip()} ...',
                "Unexpected end of string",
                self.line,
            )
        self._advance(at + 1)
        return unescaped(text[start:at], is_busybox=self.is_busybox)


def unescaped(text: str, *, is_busybox: bool = False) -> str:
    """A string's text with what its backslashes stand for."""
    if "\\" not in text:
        return text
    pieces, at = [], 0
    while at < len(text):
        if text[at] != "\\" or at + 1 == len(text):
            pieces.append(text[at])
            at += 1
            continue
        octal, hexadecimal = _OCTAL.match(text, at + 1), _HEX.match(text, at + 1)
        letter = text[at + 1]
        if octal is not None:
            pieces.append(chr(int(octal[0], 8) & 0xFF))
            at = octal.end()
            continue
        if hexadecimal is not None:
            pieces.append(chr(int(hexadecimal[1], 16)))
            at = hexadecimal.end()
            continue
        if letter in _SIMPLE:
            pieces.append(_SIMPLE[letter])
        elif letter == "\n":
            pass
        elif is_busybox:
            pieces.append("\x1b" if letter == "e" else letter)
        else:
            pieces.append(f"\\{letter}")
        at += 2
    return "".join(pieces)
