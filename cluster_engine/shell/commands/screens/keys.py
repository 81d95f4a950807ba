"""Keys: the bytes of a terminal as names. A letter is itself, others are "<Up>", "<C-x>" …"""

from __future__ import annotations

_SEQUENCES = {
    "A": "<Up>",
    "B": "<Down>",
    "C": "<Right>",
    "D": "<Left>",
    "H": "<Home>",
    "F": "<End>",
}
_NUMBERED = {
    "1": "<Home>",
    "2": "<Insert>",
    "3": "<Delete>",
    "4": "<End>",
    "5": "<PageUp>",
    "6": "<PageDown>",
    "7": "<Home>",
    "8": "<End>",
}
_SINGLE = {
    "\r": "<Enter>",
    "\n": "<Enter>",
    "\t": "<Tab>",
    "\x7f": "<Backspace>",
    "\b": "<Backspace>",
}
_SEQUENCE_CHARACTERS_MAX = 12


class Keyboard:
    """Turns bytes into keys. What is cut off in the middle waits for the rest."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, data: bytes) -> list[str]:
        """The keys that have been pressed."""
        text, self._held = _split_text(self._held + data)
        found, at = [], 0
        while at < len(text):
            letter = text[at]
            if letter == "\x1b" and text[at + 1 : at + 2] in ("[", "O"):
                key, at = _sequence(text, at + 2)
                found.append(key)
                continue
            at += 1
            if letter == "\x1b":
                found.append("<Esc>")
            elif letter in _SINGLE:
                found.append(_SINGLE[letter])
            elif letter < " ":
                found.append(f"<C-{chr(ord(letter) + 96)}>")
            else:
                found.append(letter)
        return [key for key in found if key]


def _split_text(data: bytes) -> tuple[str, bytes]:
    """What is text, and the bytes of a last character that is not complete."""
    for length in range(1, min(4, len(data) + 1)):
        first = data[-length]
        if first < 0x80:
            break
        if first >= 0xC0:
            size = 2 if first < 0xE0 else 3 if first < 0xF0 else 4
            if size > length:
                return data[:-length].decode("utf-8", "replace"), data[-length:]
            break
    return data.decode("utf-8", "replace"), b""


def _sequence(text: str, at: int) -> tuple[str, int]:
    """The key of what follows "ESC [", "" for one that means nothing; and where it ends."""
    start = at
    while at < len(text) and at - start < _SEQUENCE_CHARACTERS_MAX and text[at] in "0123456789;?":
        at += 1
    if at >= len(text):
        return "", at
    parameters, letter = text[start:at], text[at]
    if letter == "~":
        return _NUMBERED.get(parameters.partition(";")[0], ""), at + 1
    return _SEQUENCES.get(letter, ""), at + 1
