"""Which versions of an image exist, and what a tag stands for.

A tag of a version that never was (`nginx:1.161`) must fail as it does with a real registry, and a
short one (`redis:7`) stands for the newest release of its line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

_VERSION = re.compile(r"v?(\d+(?:\.\d+)*)(?:[-.+]?([a-z][\w.-]*)|-([\w.-]+))?", re.I | re.ASCII)
_WORD = re.compile(r"([a-z]+)[\d.]*")
#: Lines this near the newest may have releases that we have not heard of, up to so many.
_OPEN_LINES = 3
_UNHEARD_RELEASES = 30

Rule: TypeAlias = Literal["lines", "loose", "exact"]


@dataclass(frozen=True, slots=True)
class Tag:
    """What a tag stands for: a version in full, and the words after it (`alpine3.22`)."""

    version: str
    variant: str = ""

    @property
    def numbers(self) -> tuple[int, ...]:
        """The version to compare by."""
        return numbers_of(self.version)

    @property
    def is_alpine(self) -> bool:
        """Whether the image stands on Alpine."""
        return "alpine" in self.variant

    @property
    def is_slim(self) -> bool:
        """Whether the image is the small one."""
        return "slim" in self.variant

    @property
    def content(self) -> str:
        """What tells this version and variant from others."""
        return f"{self.version}-{self.variant}" if self.variant else self.version


class Versions:
    """The releases of an image: the newest of each line, oldest line first.

    "lines": earlier releases of these lines exist too. "loose": not all lines are listed; whatever
    is not above the newest exists. "exact": there are these only.
    """

    __slots__ = ("_lines", "_rule")

    def __init__(self, lines: str, rule: Rule = "lines") -> None:
        self._lines = tuple(lines.split())
        self._rule = rule

    @property
    def newest(self) -> str:
        """The newest release."""
        return self._lines[-1]

    def resolve(self, wanted: str) -> str | None:
        """The full version that `wanted` stands for; None when there never was such a one."""
        parts = wanted.split(".")
        for place in reversed(range(len(self._lines))):
            line = self._lines[place].split(".")
            if line[: len(parts)] == parts:
                return self._lines[place]
            if self._rule != "exact" and len(parts) == len(line) and line[:-1] == parts[:-1]:
                is_open = place >= len(self._lines) - _OPEN_LINES
                most = int(line[-1]) + (_UNHEARD_RELEASES if is_open else 0)
                return wanted if int(parts[-1]) <= most else None
        if self._rule == "loose" and numbers_of(wanted)[:2] <= numbers_of(self.newest)[:2]:
            return wanted
        return None


def numbers_of(version: str) -> tuple[int, ...]:
    """The version to compare by."""
    return tuple(int(part) for part in version.split(".") if part.isdecimal())


def split_version(tag: str) -> tuple[str, str] | None:
    """The version at the start of a tag and the words after it; None when it starts with none."""
    found = _VERSION.fullmatch(tag)
    return (found[1], (found[2] or found[3] or "").lower()) if found else None


def resolve_tag(
    tag: str, versions: Versions, channels: Mapping[str, str], variants: frozenset[str]
) -> Tag | None:
    """What `tag` stands for, None when the image has no such tag."""
    text = tag.lower()
    if text == "latest":
        return Tag(versions.newest)
    if text in channels:
        return Tag(channels[text])
    split = split_version(text)
    if split is not None:
        version, rest = versions.resolve(split[0]), split[1]
    else:
        head, _, rest = text.partition("-")
        if head in channels:
            version = channels[head]
        else:
            version, rest = versions.newest, text
    if version is None or not all(_is_variant(word, variants) for word in rest.split("-") if word):
        return None
    return Tag(version, rest)


def _is_variant(word: str, variants: frozenset[str]) -> bool:
    found = _WORD.fullmatch(word)
    return word.isdecimal() or (found is not None and found[1] in variants)
