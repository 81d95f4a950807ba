"""Semantic versions: `semver("1.2.3")`.

Models: k8s.io/apiserver/pkg/cel/library/semverlib.go and github.com/blang/semver/v4.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cluster_engine.apimachinery.cel.values import EvaluationError, no_overload

_NUMBER_MAX = 2**64 - 1
_IDENTIFIER = re.compile(r"[0-9A-Za-z-]+", re.ASCII)
_DIGITS = re.compile(r"[0-9]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Version:
    """A version; builds do not count when two are compared."""

    text: str
    numbers: tuple[int, int, int]
    before: tuple[int | str, ...] = ()
    TYPE = "kubernetes.Semver"

    def compare(self, other: Version) -> int:
        """Less than, equal to or greater than zero."""
        if self.numbers != other.numbers:
            return -1 if self.numbers < other.numbers else 1
        if not self.before or not other.before:
            return bool(other.before) - bool(self.before)
        for one, two in zip(self.before, other.before, strict=False):
            if one != two:
                return -1 if _order(one) < _order(two) else 1
        return (len(self.before) > len(other.before)) - (len(self.before) < len(other.before))

    def call(self, name: str, arguments: Sequence[Any]) -> Any:
        """Call one of its methods. Raises EvaluationError."""
        if name in ("major", "minor", "patch") and not arguments:
            return self.numbers[("major", "minor", "patch").index(name)]
        if len(arguments) != 1 or not isinstance(arguments[0], Version):
            raise no_overload()
        order = self.compare(arguments[0])
        if name == "compareTo":
            return order
        if name == "isGreaterThan":
            return order > 0
        if name == "isLessThan":
            return order < 0
        raise no_overload()


def _order(part: int | str) -> tuple[bool, int, str]:
    """Numbers come before words."""
    return (True, 0, part) if isinstance(part, str) else (False, part, "")


def parse_version(text: Any, is_tolerant: Any = False) -> Version:
    """The version. `is_tolerant`: also "v1" and "1.02". Raises EvaluationError."""
    if not isinstance(text, str) or not isinstance(is_tolerant, bool):
        raise no_overload()
    if is_tolerant:
        text = _normalized(text)
    if not text:
        raise EvaluationError("Version string empty")
    parts = text.split(".", 2)
    if len(parts) != 3:
        raise EvaluationError("No Major.Minor.Patch elements found")
    rest, _, build = parts[2].partition("+")
    patch, dash, before = rest.partition("-")
    numbers = (_number("major", parts[0]), _number("minor", parts[1]), _number("patch", patch))
    if build or parts[2].endswith("+"):
        for part in build.split("."):
            _check_identifier("Build meta data", part)
    found = tuple(_before(part) for part in before.split(".")) if dash else ()
    return Version(text, numbers, found)


def is_version(text: Any, is_tolerant: Any = False) -> bool:
    """`isSemver(…)`."""
    if not isinstance(text, str) or not isinstance(is_tolerant, bool):
        raise no_overload()
    try:
        parse_version(text, is_tolerant)
    except EvaluationError:
        return False
    return True


def _number(name: str, text: str) -> int:
    if not _DIGITS.fullmatch(text):
        if not text:
            raise EvaluationError('strconv.ParseUint: parsing "": invalid syntax')
        raise EvaluationError(f'Invalid character(s) found in {name} number "{text}"')
    if len(text) > 1 and text.startswith("0"):
        what = name.capitalize()
        raise EvaluationError(f'{what} number must not contain leading zeroes "{text}"')
    if len(text) > 20 or int(text) > _NUMBER_MAX:
        raise EvaluationError(f'strconv.ParseUint: parsing "{text}": value out of range')
    return int(text)


def _check_identifier(what: str, text: str) -> None:
    if not text:
        raise EvaluationError(f"{what} is empty")
    if not _IDENTIFIER.fullmatch(text):
        raise EvaluationError(f'Invalid character(s) found in {what.lower()} "{text}"')


def _before(text: str) -> int | str:
    _check_identifier("Prerelease", text)
    if not _DIGITS.fullmatch(text):
        return text
    if len(text) > 1 and text.startswith("0"):
        text = f'Numeric PreRelease version must not contain leading zeroes "{text}"'
        raise EvaluationError(text)
    return _number("prerelease", text)


def _normalized(text: str) -> str:
    parts = text.removeprefix("v").split(".", 2)
    for place, part in enumerate(parts):
        if len(part) > 1:
            bare = part.lstrip("0")
            parts[place] = bare if bare[:1].isdigit() else f"0{bare}"
    if len(parts) < 3:
        if "+" in parts[-1] or "-" in parts[-1]:
            raise EvaluationError("short version cannot contain PreRelease/Build meta data")
        parts += ["0"] * (3 - len(parts))
    return ".".join(parts)
