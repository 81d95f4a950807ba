"""The keys of sort: which part of a line is compared, and how."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TypeAlias

from cluster_engine.shell.commands.command import UsageError, encoded

_KEY = re.compile(r"(\d+)(?:\.(\d+))?([a-zA-Z]*)(?:,(\d+)(?:\.(\d+))?([a-zA-Z]*))?")
_NUMBER = re.compile(r"[ \t]*(-?)(\d*)(?:\.(\d*))?([KMGTPEZY]?)")
_GENERAL = re.compile(r"[ \t]*([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)")
_FIELD = re.compile(r"[ \t]*[^ \t]*")
_DIGITS = re.compile(r"(\d+)")
_UNITS = " KMGTPEZY"
_MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()
_KINDS = "bdfghiMnRrV"
_DIGITS_MAX = 400

Value: TypeAlias = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Key:
    """From field `first` to field `last` (0: to the end), each with an offset; in `kinds` letters
    of options."""

    first: int = 0
    first_offset: int = 0
    last: int = 0
    last_offset: int = 0
    kinds: str = ""
    skips_first: bool = False
    skips_last: bool = False
    separator: str | None = None
    salt: bytes = b""

    @property
    def is_reversed(self) -> bool:
        """Whether larger values come first."""
        return "r" in self.kinds

    def value(self, line: str) -> Value:
        """What compares."""
        text = self.part(line)
        if "n" in self.kinds:
            return (_number(text),)
        if "h" in self.kinds:
            return _human(text)
        if "g" in self.kinds:
            found = _GENERAL.match(text)
            return (1, float(found[1])) if found else (0, 0.0)
        if "M" in self.kinds:
            name = text.lstrip(" \t")[:3].upper()
            return (_MONTHS.index(name) + 1 if name in _MONTHS else 0,)
        if "V" in self.kinds:
            return _version(text)
        if "R" in self.kinds:
            return (hashlib.sha256(self.salt + encoded(text)).digest(),)
        if "d" in self.kinds:
            text = "".join(letter for letter in text if letter.isalnum() or letter in " \t")
        if "i" in self.kinds:
            text = "".join(letter for letter in text if " " <= letter <= "~")
        return (text.upper() if "f" in self.kinds else text,)

    def part(self, line: str) -> str:
        """The text between both ends."""
        if not self.first:
            return line.lstrip(" \t") if self.skips_first else line
        starts, ends = self._fields(line)
        begin = self._place(line, starts, self.first, self.first_offset or 1, self.skips_first)
        if not self.last:
            return line[begin:]
        if self.last_offset:
            end = self._place(line, starts, self.last, self.last_offset + 1, self.skips_last)
        else:
            end = ends[self.last - 1] if self.last <= len(ends) else len(line)
        return line[begin:end]

    def _place(self, line: str, starts: list[int], field: int, offset: int, skips: bool) -> int:
        if field > len(starts):
            return len(line)
        place = starts[field - 1]
        while skips and place < len(line) and line[place] in " \t":
            place += 1
        return min(place + offset - 1, len(line))

    def _fields(self, line: str) -> tuple[list[int], list[int]]:
        if self.separator is None:
            found = [match.span() for match in _FIELD.finditer(line) if match[0]]
            return [span[0] for span in found], [span[1] for span in found]
        starts, ends, at = [0], [], line.find(self.separator)
        while at >= 0:
            ends.append(at)
            starts.append(at + 1)
            at = line.find(self.separator, at + 1)
        return starts, [*ends, len(line)]


def parse_key(wish: str, usual: str, separator: str | None, salt: bytes) -> Key:
    """A key as -k takes it; options of its own replace the `usual` ones. Raises UsageError."""
    found = _KEY.fullmatch(wish)
    if found is None:
        if not wish[:1].isdigit():
            text = f"invalid number at field start: invalid count at start of '{wish}'"
        else:
            text = f"stray character in field spec: invalid field specification '{wish}'"
        raise UsageError(text, 2)
    first, last = int(found[1][:9]), int((found[4] or "0")[:9])
    if not first:
        text = f"field number is zero: invalid field specification '{wish}'"
        raise UsageError(text, 2)
    own = found[3] + (found[6] or "")
    if any(letter not in _KINDS for letter in own):
        text = f"stray character in field spec: invalid field specification '{wish}'"
        raise UsageError(text, 2)
    kinds = own or usual
    return Key(
        first,
        int((found[2] or "0")[:9]),
        last,
        int((found[5] or "0")[:9]),
        kinds,
        "b" in (found[3] if own else usual) or "n" in kinds,
        "b" in ((found[6] or "") if own else usual),
        separator,
        salt,
    )


def _number(text: str) -> int | float:
    found = _NUMBER.match(text)
    if found is None or not (found[2] or found[3]):
        return 0
    whole = int(found[2][:_DIGITS_MAX] or 0)
    value: int | float = whole
    if found[3]:
        value = whole + float(f"0.{found[3][:_DIGITS_MAX]}")
    return -value if found[1] else value


def _human(text: str) -> Value:
    found = _NUMBER.match(text)
    if found is None or not (found[2] or found[3]):
        return (0, 0)
    value = _number(text)
    order = _UNITS.index(found[4] or " ") if value else 0
    return (-order if value < 0 else order, value)


def _version(text: str) -> Value:
    return tuple(
        (1, int(part[:_DIGITS_MAX]), "") if part.isdigit() else (0, 0, part)
        for part in _DIGITS.split(text)
    )
