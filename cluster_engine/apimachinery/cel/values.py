"""Values of expressions: Python's own where they fit, and a few classes beside.

Integers of expressions have 64 bits; unsigned ones are `UInt`. Times are nanoseconds.

Models: github.com/google/cel-go/common/types.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from cluster_engine.apimachinery.json_text import go_float
from cluster_engine.apimachinery.quantity import Quantity
from cluster_engine.apimachinery.time import parse_rfc3339

INT_MIN, INT_MAX, UINT_MAX = -(2**63), 2**63 - 1, 2**64 - 1
_SECOND = 1_000_000_000
_UNITS = {
    "h": 3600 * _SECOND,
    "m": 60 * _SECOND,
    "s": _SECOND,
    "ms": 1_000_000,
    "us": 1_000,
    "µs": 1_000,
    "ns": 1,
}
_DURATION = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(h|ms|us|µs|ns|m|s)", re.ASCII)
_FRACTION = re.compile(r"\.(\d{1,9})", re.ASCII)


class EvaluationError(ValueError):
    """The expression has no value; `str()` is what upstream says."""


class UInt(int):
    """An unsigned integer."""


@dataclass(frozen=True, slots=True, order=True)
class Timestamp:
    """A moment, in nanoseconds since 1970."""

    nanos: int


@dataclass(frozen=True, slots=True, order=True)
class Duration:
    """A length of time in nanoseconds."""

    nanos: int


@dataclass(frozen=True, slots=True)
class Optional:
    """A value that may be missing."""

    value: Any = None
    has_value: bool = False


@dataclass(frozen=True, slots=True)
class TypeValue:
    """A type as a value: `type(x) == int`."""

    name: str


@dataclass(frozen=True, slots=True)
class StructValue:
    """An object that an expression made of a named type."""

    TYPE: str
    fields: dict[str, Any]

    def has_field(self, name: str) -> bool:
        return name in self.fields

    def read_field(self, name: str) -> Any:
        """Raises EvaluationError for a field that is not set."""
        try:
            return self.fields[name]
        except KeyError:
            raise EvaluationError(f"no such key: {name}") from None


NONE = Optional()


def no_overload() -> EvaluationError:
    """A function was called with values it is not made for."""
    return EvaluationError("no such overload")


def type_name(value: Any) -> str:
    """The name of a value's type."""
    for class_, name in _NAMES:
        if isinstance(value, class_):
            return name
    return "null_type" if value is None else getattr(value, "TYPE", "dyn")


_NAMES: tuple[tuple[type, str], ...] = (
    (bool, "bool"),
    (UInt, "uint"),
    (int, "int"),
    (float, "double"),
    (str, "string"),
    (bytes, "bytes"),
    (list, "list"),
    (dict, "map"),
    (Timestamp, "google.protobuf.Timestamp"),
    (Duration, "google.protobuf.Duration"),
    (Optional, "optional_type"),
    (TypeValue, "type"),
    (Quantity, "kubernetes.Quantity"),
)


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def checked_int(value: int) -> int:
    """The integer if it has at most 64 bits. Raises EvaluationError."""
    if not INT_MIN <= value <= INT_MAX:
        raise EvaluationError("integer overflow")
    return int(value)


def checked_uint(value: int) -> UInt:
    """The same for an unsigned one."""
    if not 0 <= value <= UINT_MAX:
        raise EvaluationError("unsigned integer overflow")
    return UInt(value)


def equals(one: Any, other: Any) -> bool:
    """Whether two values are equal; numbers of different types may be."""
    if isinstance(one, bool) or isinstance(other, bool):
        return isinstance(one, bool) and isinstance(other, bool) and one == other
    if is_number(one) and is_number(other):
        return bool(one == other)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(equals, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(equals(one[k], other[k]) for k in one)
    if isinstance(one, Optional) and isinstance(other, Optional):
        if one.has_value != other.has_value:
            return False
        return not one.has_value or equals(one.value, other.value)
    if isinstance(one, StructValue) and isinstance(other, StructValue):
        return one.TYPE == other.TYPE and equals(one.fields, other.fields)
    return type(one) is type(other) and bool(one == other)


def compare(one: Any, other: Any) -> int:
    """Less than, equal to or greater than zero. Raises EvaluationError when there is no order."""
    is_same = type(one) is type(other) and isinstance(
        one, bool | str | bytes | Timestamp | Duration
    )
    if not is_same and not (is_number(one) and is_number(other)):
        raise no_overload()
    if one == other:
        return 0
    return -1 if one < other else 1


def parse_duration(text: str) -> Duration:
    """A duration like "1h30m". Raises EvaluationError."""
    sign, rest = (-1, text[1:]) if text.startswith("-") else (1, text.removeprefix("+"))
    if rest == "0":
        return Duration(0)
    nanos, place = 0.0, 0
    for match in _DURATION.finditer(rest):
        if match.start() != place:
            break
        nanos += float(match[1]) * _UNITS[match[2]]
        place = match.end()
    if not rest or place != len(rest):
        raise EvaluationError("type conversion error from 'string' to 'google.protobuf.Duration'")
    return Duration(sign * round(nanos))


def parse_timestamp(text: str) -> Timestamp:
    """A time of RFC 3339. Raises EvaluationError."""
    fraction = _FRACTION.search(text)
    plain = text if fraction is None else text[: fraction.start()] + text[fraction.end() :]
    try:
        seconds = parse_rfc3339(plain) // 1000
    except ValueError:
        wanted = "google.protobuf.Timestamp"
        raise EvaluationError(f"type conversion error from 'string' to '{wanted}'") from None
    nanos = 0 if fraction is None else int(fraction[1].ljust(9, "0"))
    return Timestamp(seconds * _SECOND + nanos)


def to_text(value: Any) -> str:
    """A value as `string()` makes it. Raises EvaluationError."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return go_float(value)
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            raise EvaluationError("invalid UTF-8 in bytes, cannot convert to string") from None
    if isinstance(value, Duration):
        return f"{go_float(value.nanos / _SECOND)}s"
    if isinstance(value, Timestamp):
        return timestamp_text(value)
    shown = getattr(value, "text", None)
    if isinstance(shown, str):
        return shown
    raise EvaluationError(f"type conversion error from '{type_name(value)}' to 'string'")


def timestamp_text(value: Timestamp) -> str:
    """A time of RFC 3339."""
    seconds, nanos = divmod(value.nanos, _SECOND)
    days, rest = divmod(seconds, 86_400)
    year, month, day = _date(days)
    clock = f"{rest // 3600:02}:{rest % 3600 // 60:02}:{rest % 60:02}"
    fraction = f".{nanos:09}".rstrip("0") if nanos else ""
    return f"{year:04}-{month:02}-{day:02}T{clock}{fraction}Z"


def _date(days: int) -> tuple[int, int, int]:
    """The date of a day since 1970, by the proleptic calendar."""
    days += 719_468
    era, day_of_era = divmod(days, 146_097)
    year_of_era = (
        day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096
    ) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    month_from_march = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * month_from_march + 2) // 5 + 1
    month = month_from_march + 3 if month_from_march < 10 else month_from_march - 9
    return year_of_era + era * 400 + (month <= 2), month, day


def date_parts(value: Timestamp) -> tuple[int, int, int, int, int]:
    """Year, month, day, seconds of the day, and day of the week (0 is Sunday)."""
    days, rest = divmod(value.nanos // _SECOND, 86_400)
    return (*_date(days), rest, (days + 4) % 7)
