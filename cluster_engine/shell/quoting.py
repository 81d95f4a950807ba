"""Words as a shell would have to be given them."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[A-Za-z0-9_@%+=:,./-]+\Z")
_CONTROL = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\x1b": "\\E", "\a": "\\a", "\b": "\\b"}


def quote(word: str) -> str:
    """The word, in quotes when it needs them."""
    if _PLAIN.match(word):
        return word
    if any(ord(char) < 32 or ord(char) == 127 for char in word):
        inside = "".join(_escaped(char) for char in word)
        return f"$'{inside}'"
    return "'" + word.replace("'", "'\\''") + "'"


def quote_double(word: str) -> str:
    """The word between double quotes, as `declare -p` shows it."""
    return '"' + re.sub(r'(["$`\\])', r"\\\1", word) + '"'


def _escaped(char: str) -> str:
    if char in "\\'":
        return f"\\{char}"
    if char in _CONTROL:
        return _CONTROL[char]
    return f"\\{ord(char):03o}" if ord(char) < 32 or ord(char) == 127 else char
