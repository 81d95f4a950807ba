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


def expand(text: str) -> tuple[str, bool]:
    """The text with its escapes replaced, and whether `\\c` has cut it off."""
    result, at = "", 0
    while at < len(text):
        if text[at] != "\\" or at + 1 == len(text):
            result, at = result + text[at], at + 1
            continue
        letter, at = text[at + 1], at + 2
        if letter == "c":
            return result, True
        if letter in _SIMPLE:
            result += _SIMPLE[letter]
        elif letter in _OCTAL:
            start = at if letter == "0" else at - 1
            digits = _digits(text, start, _OCTAL, 3)
            result += chr(int(digits or "0", 8) & 0xFF)
            at = start + len(digits)
        elif letter in "xuU":
            digits = _digits(text, at, _HEX, {"x": 2, "u": 4, "U": 8}[letter])
            number = int(digits, 16) if digits else 0
            result += chr(number) if digits and number < 0x110000 else "\\" + letter
            at += len(digits)
        else:
            result += "\\" + letter
    return result, False


def _digits(text: str, start: int, alphabet: str, most: int) -> str:
    end = start
    while end < len(text) and end - start < most and text[end] in alphabet:
        end += 1
    return text[start:end]
