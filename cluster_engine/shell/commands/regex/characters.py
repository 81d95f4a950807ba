"""Sets of characters: what one place of a regular expression accepts."""

from __future__ import annotations

from dataclasses import dataclass

#: Ranges of the named classes in the C locale.
CLASSES: dict[str, tuple[tuple[str, str], ...]] = {
    "alpha": (("A", "Z"), ("a", "z")),
    "digit": (("0", "9"),),
    "alnum": (("0", "9"), ("A", "Z"), ("a", "z")),
    "upper": (("A", "Z"),),
    "lower": (("a", "z"),),
    "space": (("\t", "\r"), (" ", " ")),
    "blank": (("\t", "\t"), (" ", " ")),
    "punct": (("!", "/"), (":", "@"), ("[", "`"), ("{", "~")),
    "xdigit": (("0", "9"), ("A", "F"), ("a", "f")),
    "print": ((" ", "~"),),
    "graph": (("!", "~"),),
    "cntrl": (("\0", "\x1f"), ("\x7f", "\x7f")),
}
_WORD = (*CLASSES["alnum"], ("_", "_"))


def is_word(letter: str) -> bool:
    """Whether the character belongs to words."""
    return letter.isalnum() or letter == "_"


@dataclass(frozen=True, slots=True)
class Characters:
    """A set: ranges of characters (ends included), perhaps the complement of them."""

    ranges: tuple[tuple[str, str], ...] = ()
    is_negated: bool = False
    ignores_case: bool = False

    def __contains__(self, letter: str) -> bool:
        found = self._has(letter)
        if not found and self.ignores_case:
            found = self._has(letter.lower()) or self._has(letter.upper())
        return found != self.is_negated

    def _has(self, letter: str) -> bool:
        return any(first <= letter <= last for first, last in self.ranges)

    @property
    def only(self) -> str:
        """The one character that it accepts, "" when there are more or none."""
        if self.is_negated or len(self.ranges) != 1:
            return ""
        first, last = self.ranges[0]
        if first != last or (self.ignores_case and first.lower() != first.upper()):
            return ""
        return first


def one(letter: str, *, ignores_case: bool = False) -> Characters:
    """The set of one character."""
    return Characters(((letter, letter),), ignores_case=ignores_case)


#: What "." accepts, and the sets that an escape names.
ANY = Characters((), is_negated=True)
NAMED = {
    "w": Characters(_WORD),
    "W": Characters(_WORD, is_negated=True),
    "s": Characters(CLASSES["space"]),
    "S": Characters(CLASSES["space"], is_negated=True),
}
#: Those of Perl besides.
PERL_NAMED = {
    "d": Characters(CLASSES["digit"]),
    "D": Characters(CLASSES["digit"], is_negated=True),
    "h": Characters(CLASSES["blank"]),
}
