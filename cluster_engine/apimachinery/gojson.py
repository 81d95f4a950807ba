"""What Go's JSON decoder says about bodies it cannot read, for error texts.

Only asked when a body is malformed already.

Models: encoding/json's scanner.
"""

from __future__ import annotations

_SPACE = " \t\r\n"
_LITERALS = {"t": "true", "f": "false", "n": "null"}
_ESCAPES = '"\\/bfnrt'
_DEPTH_MAX = 10_000


class _Malformed(Exception):
    """Carries the text."""


def json_problem(body: bytes) -> str:
    """The first thing that is wrong: "unexpected end of JSON input", "invalid character …"."""
    text = body.decode(errors="replace")
    scanner = _Scanner(text)
    try:
        scanner.value("looking for beginning of value")
        scanner.space()
        if scanner.at < len(text):
            raise scanner.wrong("after top-level value")
    except _Malformed as problem:
        return str(problem)
    except RecursionError:
        return "exceeded max depth"
    return "invalid JSON"


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0

    def wrong(self, where: str) -> _Malformed:
        if self.at >= len(self.text):
            return _Malformed("unexpected end of JSON input")
        return _Malformed(f"invalid character {quoted_sign(self.text[self.at])} {where}")

    def space(self) -> None:
        while self.at < len(self.text) and self.text[self.at] in _SPACE:
            self.at += 1

    def peek(self) -> str:
        return self.text[self.at] if self.at < len(self.text) else ""

    def value(self, where: str) -> None:
        self.space()
        sign = self.peek()
        if sign == "{":
            self._members()
        elif sign == "[":
            self._items()
        elif sign == '"':
            self._string()
        elif sign in _LITERALS and sign:
            self._literal(_LITERALS[sign])
        elif sign == "-" or sign.isdigit():
            self._number()
        else:
            raise self.wrong(where)

    def _members(self) -> None:
        self._deeper()
        self.at += 1
        self.space()
        if self.peek() == "}":
            self._shallower()
            return
        while True:
            self.space()
            if self.peek() != '"':
                raise self.wrong("looking for beginning of object key string")
            self._string()
            self.space()
            if self.peek() != ":":
                raise self.wrong("after object key")
            self.at += 1
            self.value("looking for beginning of value")
            self.space()
            if self.peek() == "}":
                self._shallower()
                return
            if self.peek() != ",":
                raise self.wrong("after object key:value pair")
            self.at += 1

    def _items(self) -> None:
        self._deeper()
        self.at += 1
        self.space()
        if self.peek() == "]":
            self._shallower()
            return
        while True:
            self.value("looking for beginning of value")
            self.space()
            if self.peek() == "]":
                self._shallower()
                return
            if self.peek() != ",":
                raise self.wrong("after array element")
            self.at += 1

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > _DEPTH_MAX:
            raise _Malformed("exceeded max depth")

    def _shallower(self) -> None:
        self.at += 1
        self.depth -= 1

    def _string(self) -> None:
        self.at += 1
        while True:
            sign = self.peek()
            if sign == "" or ord(sign) < 0x20:
                raise self.wrong("in string literal")
            self.at += 1
            if sign == '"':
                return
            if sign == "\\":
                self._escape()

    def _escape(self) -> None:
        sign = self.peek()
        if sign == "u":
            self.at += 1
            for _ in range(4):
                if self.peek() == "" or self.peek() not in "0123456789abcdefABCDEF":
                    raise self.wrong("in \\u hexadecimal character escape")
                self.at += 1
        elif sign == "" or sign not in _ESCAPES:
            raise self.wrong("in string escape code")
        else:
            self.at += 1

    def _literal(self, word: str) -> None:
        for position, sign in enumerate(word):
            if self.peek() != sign:
                raise self.wrong(f"in literal {word} (expecting {quoted_sign(word[position])})")
            self.at += 1

    def _number(self) -> None:
        if self.peek() == "-":
            self.at += 1
        if self.peek() == "0":
            self.at += 1
        else:
            self._digits("in numeric literal")
        if self.peek() == ".":
            self.at += 1
            self._digits("after decimal point in numeric literal")
        if self.peek() in ("e", "E"):
            self.at += 1
            if self.peek() in ("+", "-"):
                self.at += 1
            self._digits("in exponent of numeric literal")

    def _digits(self, where: str) -> None:
        if not self.peek().isdigit():
            raise self.wrong(where)
        while self.peek().isdigit():
            self.at += 1


def quoted_sign(sign: str) -> str:
    """A character as Go's decoder quotes it."""
    if sign == "'":
        return "'\\''"
    if sign == '"':
        return "'\"'"
    if sign == "\\":
        return "'\\\\'"
    if not sign.isprintable():
        names = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f"}
        return f"'{names.get(sign) or _escaped(sign)}'"
    return f"'{sign}'"


def _escaped(sign: str) -> str:
    number = ord(sign)
    return f"\\x{number:02x}" if number < 0x80 else f"\\u{number:04x}"


def go_kind(value: object) -> str:
    """What Go calls the type of a JSON value."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, dict):
        return "object"
    if isinstance(value, list):
        return "array"
    if isinstance(value, str):
        return "string"
    return "number"


def go_value(value: object) -> str:
    """A JSON value as Go's %v prints it: map[a:1 b:[x y]]."""
    if isinstance(value, dict):
        return "map[" + " ".join(f"{k}:{go_value(v)}" for k, v in sorted(value.items())) + "]"
    if isinstance(value, list):
        return "[" + " ".join(go_value(item) for item in value) + "]"
    if value is None:
        return "<nil>"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
