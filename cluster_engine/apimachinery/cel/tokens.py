"""An expression as tokens.

Models: the lexer of github.com/google/cel-go (cel-spec, langdef.md).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

EXPRESSION_LENGTH_MAX = 100_000
#: Words that no variable or function can be called; fields and methods can.
RESERVED = frozenset(
    (
        "as break const continue else for function if import let loop package namespace return "
        "var void while"
    ).split()
)
_TOKEN = re.compile(
    r"""(?P<space>(\s|//[^\n]*)+)
    |(?P<float>\d+\.\d+([eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+([eE][+-]?\d+)?)
    |(?P<uint>(0x[0-9a-fA-F]+|\d+)[uU])
    |(?P<int>0x[0-9a-fA-F]+|\d+)
    |(?P<text>([bB]?[rR]?|[rR][bB])('''([^\\]|\\.)*?'''|\"\"\"([^\\]|\\.)*?\"\"\"
        |'([^'\\\n\r]|\\.)*'|"([^"\\\n\r]|\\.)*"))
    |(?P<word>[a-zA-Z_][a-zA-Z0-9_]*)
    |(?P<quoted>`[a-zA-Z0-9_.\-/ ]+`)
    |(?P<sign>&&|\|\||==|!=|<=|>=|[-+*/%<>!?:.,()\[\]{}])""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_ESCAPE = re.compile(
    r"\\(x[0-9a-fA-F]{2}|X[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2}|.)",
    re.DOTALL,
)
_SIMPLE = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
#: Bytes that are no signs of their own stand here until they are encoded.
_BYTES = 0xDC00
_LITERAL = "\\'\"`?"


class SyntaxProblem(ValueError):
    """The expression is malformed; `place` is where, counted in characters from 0."""

    def __init__(self, place: int, text: str) -> None:
        super().__init__(text)
        self.place = place
        self.text = text


@dataclass(frozen=True, slots=True)
class Token:
    """`kind`: float, uint, int, text, bytes, word, sign, or end."""

    kind: str
    text: str
    place: int
    value: Any = None


def tokens_of(text: str) -> list[Token]:
    """The tokens, with one of kind "end" last. Raises SyntaxProblem."""
    if len(text) > EXPRESSION_LENGTH_MAX:
        sizes = f"size: {len(text)}, limit {EXPRESSION_LENGTH_MAX}"
        raise SyntaxProblem(0, f"expression code point size exceeds limit: {sizes}")
    found: list[Token] = []
    place = 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if match is None:
            sign = text[place]
            raise SyntaxProblem(place, f"Syntax error: token recognition error at: '{sign}'")
        kind = match.lastgroup or ""
        if kind != "space":
            found.append(_token(kind, match[0], place))
        place = match.end()
    found.append(Token("end", "<EOF>", len(text)))
    return found


def _token(kind: str, text: str, place: int) -> Token:
    if kind == "float":
        return Token(kind, text, place, float(text))
    if kind in ("int", "uint"):
        return Token(kind, text, place, int(text.rstrip("uU"), 0 if "x" in text else 10))
    if kind == "text":
        return _text_token(text, place)
    if kind == "quoted":
        return Token("word", text[1:-1], place, "quoted")
    return Token(kind, text, place)


def _text_token(text: str, place: int) -> Token:
    quote = re.search("['\"]", text)
    assert quote is not None
    prefix, body = text[: quote.start()].lower(), text[quote.start() :]
    width = 3 if body[:3] in ("'''", '"""') and len(body) >= 6 else 1
    body = body[width:-width]
    is_bytes = "b" in prefix
    if "r" not in prefix:
        body = _ESCAPE.sub(lambda match: _unescaped(match[1], place, is_bytes=is_bytes), body)
    if is_bytes:
        return Token("bytes", text, place, b"".join(map(_encoded, body)))
    return Token("text", text, place, body)


def _encoded(sign: str) -> bytes:
    number = ord(sign) - _BYTES
    return bytes([number]) if 0 <= number < 256 else sign.encode()


def _unescaped(escape: str, place: int, *, is_bytes: bool) -> str:
    if escape in _SIMPLE:
        return _SIMPLE[escape]
    if escape in _LITERAL:
        return escape
    if escape[0] in "xXuU" and len(escape) > 1:
        number = int(escape[1:], 16)
    elif len(escape) == 3:
        number = int(escape, 8)
    else:
        raise SyntaxProblem(place, f"Syntax error: token recognition error at: '\\{escape}'")
    return chr(_BYTES + number) if is_bytes and escape[0] not in "uU" else chr(number)
