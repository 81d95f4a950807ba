"""A mapping of lesson.yaml, read field by field: what is missing, wrong or unknown is noted.

Every getter gives a value that can be worked with, so that one reading finds all problems.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from cluster_engine.apimachinery.manifests import Manifest, Path
from playground.lessons.format.problems import Report


@dataclass(frozen=True, slots=True)
class Source:
    """Where the fields come from."""

    file: str
    manifest: Manifest
    report: Report


class Fields:
    """The fields of one mapping. Call `done` at the end: what nobody asked for is unknown."""

    def __init__(self, source: Source, value: Any, path: Path = ()) -> None:
        self._source = source
        self._path = path
        self._asked: dict[str, None] = {}
        self._value: dict[str, Any] = value if isinstance(value, dict) else {}
        if not isinstance(value, dict):
            self.wrong("", f"must be a mapping of fields, not {_shown(value)}")

    def wrong(self, name: str, message: str) -> None:
        """Note a problem of a field, of the mapping itself when `name` is empty."""
        path = (*self._path, name) if name else self._path
        line, _ = self._source.manifest.position(path)
        self._source.report.add(self._source.file, line, _path_text(path), message)

    def has(self, name: str) -> bool:
        """Whether the field is there."""
        return name in self._value

    def names(self) -> list[str]:
        """All fields, known or not, in their order."""
        return list(self._value)

    def text(self, name: str, *, default: str | None = None, most: int = 4000) -> str:
        """A text; without a default it must be there."""
        value = self._get(name, default)
        if value is None:
            return ""
        if not isinstance(value, str) or not value.strip():
            self.wrong(name, f"is {_shown(value)}: give a text (put it in quotes)")
            return ""
        if len(value) > most:
            self.wrong(name, f"has {len(value)} characters: give at most {most}")
        return value.strip()

    def raw(self, name: str, *, default: Any = None) -> Any:
        """Whatever it is."""
        self._asked[name] = None
        return self._value.get(name, default)

    def word(self, name: str, words: Iterable[str], *, default: str) -> str:
        """One of a few words."""
        known = list(words)
        value = self._get(name, default)
        if value not in known:
            self.wrong(name, f"is {_shown(value)}: give one of {', '.join(known)}")
            return default
        return str(value)

    def whole(
        self,
        name: str,
        least: int,
        most: int,
        *,
        default: int | None = None,
        is_needed: bool = True,
    ) -> int | None:
        """A whole number within bounds."""
        value = self._get(name, default) if is_needed else self.raw(name, default=default)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.wrong(name, f"is {_shown(value)}: give a whole number from {least} to {most}")
            return default
        return value

    def flag(self, name: str) -> bool:
        """True or false; false when it is not there."""
        value = self.raw(name, default=False)
        if not isinstance(value, bool):
            self.wrong(name, f"is {_shown(value)}: give true or false")
            return False
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts, empty when it is not there."""
        value = self.raw(name, default=[])
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            self.wrong(name, "must be a list of texts (put each in quotes)")
            return ()
        return tuple(one.strip() for one in value)

    def child(self, name: str) -> Fields:
        """A mapping inside; an empty one when it is not there."""
        return Fields(self._source, self.raw(name, default={}), (*self._path, name))

    def children(self, name: str) -> list[Fields]:
        """A list of mappings, empty when it is not there."""
        value = self.raw(name, default=[])
        if not isinstance(value, list):
            self.wrong(name, f"must be a list, not {_shown(value)}")
            return []
        return [
            Fields(self._source, one, (*self._path, name, number))
            for number, one in enumerate(value)
        ]

    def done(self) -> None:
        """Every field that nobody asked for is unknown."""
        for name in self._value:
            if name not in self._asked:
                near = difflib.get_close_matches(name, self._asked, 1)
                hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(self._asked)}"
                self.wrong(name, f"unknown field; {hint}")

    def _get(self, name: str, default: Any) -> Any:
        self._asked[name] = None
        if name not in self._value:
            if default is None:
                self.wrong(name, "is missing: it must be given")
            return default
        return self._value[name]


def _path_text(path: Path) -> str:
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def _shown(value: object) -> str:
    return f"a {type(value).__name__}" if isinstance(value, dict | list) else repr(value)
