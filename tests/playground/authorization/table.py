"""Reads docs/authorization.md: the rules, and which rule each path has."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from django.conf import settings

PATH = Path(settings.ROOT) / "docs" / "authorization.md"
_ROW = re.compile(r"^\|(.+)\|$", re.MULTILINE)


class Outcome(StrEnum):
    """What somebody meets."""

    OK = "ok"
    #: As if there were nothing: 404.
    HIDDEN = "hidden"
    #: 401 or 403.
    NO = "no"
    #: Sent to log in.
    LOGIN = "login"
    #: 5xx: never right.
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Row:
    """A path, or a message, and its rule."""

    what: str
    path: str
    rule: str

    @property
    def id(self) -> str:
        """For the test's name."""
        return f"{self.what} {self.path}"


def _section(title: str) -> list[list[str]]:
    text = PATH.read_text().partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    rows = [[cell.strip().strip("`") for cell in row.split("|")] for row in _ROW.findall(text)]
    return [row for row in rows if not set(row[0]) <= {"-"}]


def rules() -> dict[str, dict[str, Outcome]]:
    """Rule to role to outcome."""
    head, *rows = _section("Rules")
    return {row[0]: {role: Outcome(cell) for role, cell in zip(head[1:], row[1:])} for row in rows}


def rows(title: str) -> list[Row]:
    """The rows of a section, whose columns are what, path, rule."""
    return [Row(*cells) for cells in _section(title)[1:]]


def words(title: str) -> list[list[str]]:
    """The rows of a section as they are."""
    return _section(title)[1:]
