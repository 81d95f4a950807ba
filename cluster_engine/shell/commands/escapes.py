"""Backslash escapes of echo -e, printf and $'…'."""

from __future__ import annotations

_SIMPLE = {
    "a": "\a",
    "b": "\b",
    "e": "\x1b",
    "E": "\x1b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    "\\": "\\",
    '"': '"',
    "'": "'",
}
_OCTAL = "01234567"
_HEX = "0123456789abcdefABCDEF"


def expand(text: str, *, has_long_octals: bool = False) -> tuple[str, bool]:
    """The text with its escapes replaced, and whether `\\c` has cut it off.

    Octal numbers have up to three digits; with `has_long_octals` (echo, printf %b) those that
    begin with 0 have three more.
    """
    pieces: list[str] = []
    at = 0
    while at < len(text):
        escape = text.find("\\", at)
        if escape < 0 or escape + 1 == len(text):
            pieces.append(text[at:])
            break
        pieces.append(text[at:escape])
        letter, at = text[escape + 1], escape + 2
        if letter == "c":
            return "".join(pieces), True
        if letter in _SIMPLE:
            pieces.append(_SIMPLE[letter])
        elif letter in _OCTAL:
            start = at if letter == "0" and has_long_octals else at - 1
            digits = _digits(text, start, _OCTAL, 3)
            pieces.append(_byte(int(digits or "0", 8) & 0xFF))
            at = start + len(digits)
        elif letter in "xuU":
            digits = _digits(text, at, _HEX, {"x": 2, "u": 4, "U": 8}[letter])
            pieces.append(_character(letter, digits))
            at += len(digits)
        else:
            pieces.append("\\" + letter)
    return "".join(pieces), False


def _byte(number: int) -> str:
    """A byte; what is no character by itself is kept for the encoder."""
    return chr(number) if number < 0x80 else chr(0xDC00 + number)


def _character(letter: str, digits: str) -> str:
    number = int(digits, 16) if digits else 0
    if not digits or number > 0x10FFFF or 0xD800 <= number < 0xE000:
        return f"\\{letter}{digits}"
    return _byte(number) if letter == "x" else chr(number)


def _digits(text: str, start: int, alphabet: str, most: int) -> str:
    end = start
    while end < len(text) and end - start < most and text[end] in alphabet:
        end += 1
    return text[start:end]
