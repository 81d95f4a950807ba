"""Reading an expression: Go's syntax, but for captures, which nobody here asks for.

Models: regexp/syntax of Go (RE2).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

LENGTH_MAX = 2_000
REPEAT_MAX = 1_000
_DEPTH_MAX = 60

#: Whether a sign belongs to a class.
Test = Callable[[str], bool]


class RegexpError(ValueError):
    """The expression is none; `str()` is Go's text."""


@dataclass(frozen=True, slots=True)
class Signs:
    """One sign of a class."""

    test: Test


@dataclass(frozen=True, slots=True)
class Assertion:
    """No sign, but a place: "^", "$", "A", "z", "b", "B"."""

    kind: str


@dataclass(frozen=True, slots=True)
class Sequence:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    part: Node
    least: int
    #: None: any number.
    most: int | None


Node = Signs | Assertion | Sequence | Choice | Repeat

_ESCAPES = {"a": "\a", "f": "\f", "t": "\t", "n": "\n", "r": "\r", "v": "\v"}
_PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"


def _word(sign: str) -> bool:
    return sign == "_" or (sign.isascii() and sign.isalnum())


_PERL: dict[str, Test] = {
    "d": lambda sign: "0" <= sign <= "9",
    "w": _word,
    "s": lambda sign: sign in " \t\n\f\r",
}
_POSIX: dict[str, Test] = {
    "alnum": lambda sign: sign.isascii() and sign.isalnum(),
    "alpha": lambda sign: sign.isascii() and sign.isalpha(),
    "ascii": str.isascii,
    "blank": lambda sign: sign in " \t",
    "cntrl": lambda sign: sign < " " or sign == "\x7f",
    "digit": lambda sign: "0" <= sign <= "9",
    "graph": lambda sign: "!" <= sign <= "~",
    "lower": lambda sign: "a" <= sign <= "z",
    "print": lambda sign: " " <= sign <= "~",
    "punct": lambda sign: sign in _PUNCTUATION,
    "space": lambda sign: sign in " \t\n\v\f\r",
    "upper": lambda sign: "A" <= sign <= "Z",
    "word": _word,
    "xdigit": lambda sign: sign in "0123456789abcdefABCDEF",
}


def is_word(sign: str) -> bool:
    """Whether \\b takes it for a part of a word; "" is the text's edge."""
    return bool(sign) and _word(sign)


def parse(text: str) -> Node:
    """The expression. Raises RegexpError."""
    if len(text) > LENGTH_MAX:
        raise _error("expression too large", "")
    reader = _Reader(text)
    node = reader.choice(0)
    if reader.at < len(text):
        raise _error("unexpected )", text)
    return node


def _error(what: str, where: str) -> RegexpError:
    return RegexpError(f"error parsing regexp: {what}" + (f": `{where}`" if where else ""))


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.flags = ""

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def choice(self, depth: int) -> Node:
        if depth > _DEPTH_MAX:
            raise _error("expression nests too deeply", self.text)
        outer = self.flags
        parts = [self._sequence(depth)]
        while self.peek() == "|":
            self.at += 1
            parts.append(self._sequence(depth))
        self.flags = outer
        return parts[0] if len(parts) == 1 else Choice(tuple(parts))

    def _sequence(self, depth: int) -> Node:
        parts: list[Node] = []
        while (sign := self.peek()) and sign not in "|)":
            part = self._atom(depth)
            if part is not None:
                parts.append(self._repeated(part))
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _atom(self, depth: int) -> Node | None:
        start = self.at
        sign = self.text[self.at]
        self.at += 1
        if sign == "(":
            return self._group(depth, start)
        if sign == "[":
            return Signs(self._folded(self._class(start)))
        if sign == ".":
            return Signs(_any if "s" in self.flags else _any_but_newline)
        if sign in "^$":
            return Assertion(sign if "m" in self.flags else {"^": "A", "$": "z"}[sign])
        if sign == "\\":
            return self._escape(start)
        if sign in "*+?":
            raise _error("missing argument to repetition operator", sign)
        return Signs(self._folded(_same(sign)))

    def _group(self, depth: int, start: int) -> Node | None:
        flags = self.flags
        if self.peek() == "?":
            end = self.at + 1
            while self.text[end : end + 1] and self.text[end] not in ":)<P":
                end += 1
            closing, given = self.text[end : end + 1], self.text[self.at + 1 : end]
            if closing in ("<", "P"):
                end = self.text.find(">", end)
                if end < 0:
                    raise _error("invalid named capture", self.text[start:])
            elif not closing or any(sign not in "imsU-" for sign in given):
                raise _error("invalid or unsupported Perl syntax", self.text[start : end + 1])
            else:
                self._set_flags(given)
            self.at = end + 1
            if closing == ")":
                return None
        inner = self.choice(depth + 1)
        if self.peek() != ")":
            raise _error("missing closing )", self.text)
        self.at += 1
        self.flags = flags
        return inner

    def _set_flags(self, given: str) -> None:
        added, _, dropped = given.partition("-")
        kept = "".join(flag for flag in self.flags if flag not in dropped)
        self.flags = kept + added

    def _repeated(self, part: Node) -> Node:
        start = self.at
        bounds = self._bounds()
        if bounds is None:
            return part
        if self.peek() == "?":  # Which match is found does not matter, only whether.
            self.at += 1
        least, most = bounds
        if max(least, most or 0) > REPEAT_MAX or (most is not None and most < least):
            raise _error("invalid repeat count", self.text[start : self.at])
        if self._bounds() is not None:
            raise _error("invalid nested repetition operator", self.text[start : self.at])
        return Repeat(part, least, most)

    def _bounds(self) -> tuple[int, int | None] | None:
        sign = self.peek()
        if sign and sign in "*+?":
            self.at += 1
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
        if sign != "{":
            return None
        end = self.text.find("}", self.at)
        least, comma, most = self.text[self.at + 1 : max(end, self.at)].partition(",")
        if not _is_number(least) or (most and not _is_number(most)):
            return None
        self.at = end + 1
        if not comma:
            return int(least), int(least)
        return int(least), int(most) if most else None

    def _escape(self, start: int) -> Node:
        sign = self.peek()
        if sign and sign in "AzbB":
            self.at += 1
            return Assertion(sign)
        if sign == "Q":
            end = self.text.find("\\E", self.at)
            end = len(self.text) if end < 0 else end
            quoted, self.at = self.text[self.at + 1 : end], end + 2
            return Sequence(tuple(Signs(_same(letter)) for letter in quoted))
        return Signs(self._folded(self._escaped_signs(start)))

    def _escaped_signs(self, start: int) -> Test:
        """A class or a sign after a backslash."""
        sign = self.peek()
        if not sign:
            raise _error("trailing backslash at end of expression", "")
        self.at += 1
        if sign.lower() in _PERL:
            test = _PERL[sign.lower()]
            return test if sign.islower() else _not(test)
        if sign in "pP":
            return self._category(start, is_negated=sign == "P")
        return _same(self._escaped_sign(sign, start))

    def _escaped_sign(self, sign: str, start: int) -> str:
        if sign in _ESCAPES:
            return _ESCAPES[sign]
        if sign in _PUNCTUATION:
            return sign
        if sign == "x":
            digits = self.text[self.at : self.at + 2]
            if self.peek() == "{":
                digits = self.text[self.at + 1 : self.text.find("}", self.at)]
                self.at += 2
            self.at += len(digits)
            try:
                return chr(int(digits, 16))
            except (ValueError, OverflowError):
                pass
        raise _error("invalid escape sequence", self.text[start : self.at])

    def _category(self, start: int, *, is_negated: bool) -> Test:
        name = self.peek()
        self.at += 1
        if name == "{":
            end = self.text.find("}", self.at)
            name, self.at = self.text[self.at : end], end + 1
        if not (1 <= len(name) <= 2 and name[0] in "LMNPSZC"):
            raise _error("invalid character class range", self.text[start : self.at])
        test: Test = lambda sign: unicodedata.category(sign).startswith(name)  # noqa: E731
        return _not(test) if is_negated else test

    def _class(self, start: int) -> Test:
        is_negated = self.peek() == "^"
        if is_negated:
            self.at += 1
        tests: list[Test] = []
        is_first = True
        while self.peek() != "]" or is_first:
            if not self.peek():
                raise _error("missing closing ]", self.text[start:])
            tests.append(self._class_item(start))
            is_first = False
        self.at += 1
        found = tuple(tests)
        any_of: Test = lambda sign: any(test(sign) for test in found)  # noqa: E731
        return _not(any_of) if is_negated else any_of

    def _class_item(self, start: int) -> Test:
        if self.text.startswith("[:", self.at):
            end = self.text.find(":]", self.at)
            name = self.text[self.at + 2 : end] if end > 0 else ""
            test = _POSIX.get(name.removeprefix("^"))
            if test is None:
                raise _error("invalid character class range", self.text[self.at : end + 2])
            self.at = end + 2
            return _not(test) if name.startswith("^") else test
        low = self._class_sign(start)
        if not isinstance(low, str):
            return low
        if self.peek() != "-" or self.text[self.at + 1 : self.at + 2] in ("]", ""):
            return _same(low)
        self.at += 1
        high = self._class_sign(start)
        if not isinstance(high, str) or high < low:
            raise _error("invalid character class range", self.text[start : self.at])
        return _between(low, high)

    def _class_sign(self, start: int) -> str | Test:
        sign = self.peek()
        self.at += 1
        if sign != "\\":
            return sign
        following = self.peek()
        if following and (following.lower() in _PERL or following in "pP"):
            return self._escaped_signs(start)
        self.at += 1
        return self._escaped_sign(following, start)

    def _folded(self, test: Test) -> Test:
        if "i" not in self.flags:
            return test
        return lambda sign: test(sign) or test(sign.lower()) or test(sign.upper())


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 8


def _any(sign: str) -> bool:
    return True


def _any_but_newline(sign: str) -> bool:
    return sign != "\n"


def _same(wanted: str) -> Test:
    return lambda sign: sign == wanted


def _between(low: str, high: str) -> Test:
    return lambda sign: low <= sign <= high


def _not(test: Test) -> Test:
    return lambda sign: not test(sign)
