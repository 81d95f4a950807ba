"""What `s` puts in the place of a match: text, groups, changes of case."""

from __future__ import annotations

from dataclasses import dataclass, field

from cluster_engine.shell.commands.patterns import Match

_CASES = "LUElu"
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v", "a": "\a"}


@dataclass(slots=True)
class Replacement:
    """Its parts in order: a text, the number of a group, or a change of case ("\\\\U")."""

    parts: list[str | int] = field(default_factory=list)

    def fill(self, match: Match) -> str:
        """The text for a match."""
        pieces: list[str] = []
        mode = once = ""
        for part in self.parts:
            if isinstance(part, str) and len(part) == 2 and part[0] == "\\":
                if part[1] in "lu":
                    once = part[1]
                else:
                    mode, once = ("" if part[1] == "E" else part[1]), ""
                continue
            text = match[part] if isinstance(part, int) else part
            if not text:
                continue
            if mode:
                text = text.upper() if mode == "U" else text.lower()
            if once:
                text = (text[0].upper() if once == "u" else text[0].lower()) + text[1:]
                once = ""
            pieces.append(text)
        return "".join(pieces)

    @property
    def highest(self) -> int:
        """The highest group that is named."""
        return max((part for part in self.parts if isinstance(part, int)), default=0)


def read_replacement(text: str) -> Replacement:
    """The parts of a replacement as it is written."""
    parts: list[str | int] = []
    current, at = "", 0
    while at < len(text):
        letter, at = text[at], at + 1
        if letter == "&":
            parts += [current, 0]
            current = ""
        elif letter == "\\" and at < len(text):
            letter, at = text[at], at + 1
            if letter.isdigit():
                parts += [current, int(letter)]
                current = ""
            elif letter in _CASES:
                parts += [current, f"\\{letter}"]
                current = ""
            else:
                current += _ESCAPES.get(letter, letter)
        else:
            current += letter
    return Replacement([part for part in [*parts, current] if part != ""])
