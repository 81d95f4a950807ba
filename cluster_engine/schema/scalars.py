"""Types that are written as a string or number but read by their own rules.

Each reader takes a JSON value (not null) and returns its canonical form.

Models: UnmarshalJSON and MarshalJSON of resource.Quantity, metav1.Time, metav1.MicroTime,
intstr.IntOrString (k8s.io/apimachinery, v0.37.2), and encoding/json's []byte.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from cluster_engine.apimachinery.quantity import QuantityError, canonical

_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_RFC3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)([.,]\d+)?(Z|[+-]\d\d:\d\d)", re.ASCII
)
_LAYOUT = "2006-01-02T15:04:05Z07:00"
_MICRO_LAYOUT = "2006-01-02T15:04:05.000000Z07:00"
#: The pieces of the layout, each with the pattern that reads it.
_PIECES = (
    ("2006", r"\d{4}"), ("-", "-"), ("01", r"\d\d"), ("-", "-"), ("02", r"\d\d"), ("T", "T"),
    ("15", r"\d\d"), (":", ":"), ("04", r"\d\d"), (":", ":"), ("05", r"\d\d([.,]\d+)?"),
)  # fmt: skip


class ScalarError(ValueError):
    """The value is not of that type; `str()` is upstream's text."""


def kind_of_value(value: Any) -> str:
    """What JSON calls the value in decoding errors."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, str):
        return "string"
    return "array" if isinstance(value, list) else "object"


def quantity(value: Any) -> str:
    """ "0.5" becomes "500m"."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        value = "true"  # Whatever it is, no quantity starts like it.
    try:
        return canonical(value)
    except QuantityError as error:
        raise ScalarError(str(error)) from None


def int_or_string(value: Any) -> int | str:
    """A port name or number, a count or a percentage."""
    if isinstance(value, str):
        return value
    if type(value) is int and -(2**31) <= value < 2**31:
        return value
    shown = f"number {value}" if kind_of_value(value) == "number" else kind_of_value(value)
    raise ScalarError(f"json: cannot unmarshal {shown} into Go value of type int32")


def time(value: Any) -> str | None:
    """Whole seconds in UTC; the zero time is null."""
    moment = _moment(_text(value), _LAYOUT)
    return None if moment.year == 1 else moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def micro_time(value: Any) -> str | None:
    """Microseconds in UTC; the text must have all six digits."""
    text = _text(value)
    found = _RFC3339.fullmatch(text)
    if found is not None and len(found[7] or "") != 7:
        rest = (found[7] or "") + found[8]
        raise ScalarError(_parsing(text, _MICRO_LAYOUT, rest, ".000000"))
    moment = _moment(text, _MICRO_LAYOUT)
    return None if moment.year == 1 else moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def byte_string(value: Any) -> str:
    """Base64 as the server writes it."""
    if not isinstance(value, str):
        raise ScalarError(
            f"json: cannot unmarshal {kind_of_value(value)} into Go value of type []uint8"
        )
    if _BASE64.fullmatch(value):
        return value
    bare = value.replace("\n", "").replace("\r", "")
    if _BASE64.fullmatch(bare):
        return bare
    raise ScalarError(f"illegal base64 data at input byte {_first_wrong(value)}")


def _first_wrong(text: str) -> int:
    """Where Go's decoder gives up: a foreign sign, wrong padding, or the start of a short group."""
    signs = [(at, sign) for at, sign in enumerate(text) if sign not in "\r\n"]
    for count, (at, sign) in enumerate(signs):
        if sign == "=":
            padding = signs[count : count + 4 - count % 4] if count % 4 > 1 else []
            wrong = [place for place, other in padding if other != "="]
            if not padding or wrong:
                return wrong[0] if wrong else at
            after = count + len(padding)
            return signs[after][0] if after < len(signs) else len(text)
        if not re.match("[A-Za-z0-9+/]", sign):
            return at
    return len(text) - len(signs) % 4


def _text(value: Any) -> str:
    if not isinstance(value, str):
        found = kind_of_value(value)
        raise ScalarError(f"json: cannot unmarshal {found} into Go value of type string")
    return value


@lru_cache(maxsize=1024)
def _moment(text: str, layout: str) -> datetime:
    found = _RFC3339.fullmatch(text)
    if found is None:
        raise ScalarError(_unparsable(text, layout))
    year, month, day, hour, minute, second = (int(part) for part in found.groups()[:6])
    for name, number, top in (("month", month, 12), ("hour", hour, 23)):
        if number > top or (name == "month" and number == 0):
            raise ScalarError(_out_of_range(text, name))
    try:
        zone = "+00:00" if found[8] == "Z" else found[8]
        fraction = (found[7] or ".0")[1:7]
        stamp = f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}"
        return datetime.fromisoformat(f"{stamp}.{fraction:0<6}{zone}").astimezone(UTC)
    except (ValueError, OverflowError):
        wrong = "minute" if minute > 59 else "second" if second > 59 else "day"
        raise ScalarError(_out_of_range(text, wrong)) from None


def _out_of_range(text: str, what: str) -> str:
    return f'parsing time "{text}": {what} out of range'


def _unparsable(text: str, layout: str) -> str:
    rest = text
    for piece, pattern in _PIECES:
        found = re.match(pattern, rest, re.ASCII)
        if found is None:
            return _parsing(text, layout, rest, piece)
        rest = rest[found.end() :]
    if re.match(r"Z|[+-]\d\d:\d\d", rest):
        extra = rest[1:] if rest.startswith("Z") else rest[6:]
        return f'parsing time "{text}": extra text: "{extra}"'
    return _parsing(text, layout, rest, "Z07:00")


def _parsing(text: str, layout: str, rest: str, piece: str) -> str:
    return f'parsing time "{text}" as "{layout}": cannot parse "{rest}" as "{piece}"'


SCALARS: dict[str, Callable[[Any], Any]] = {
    "Quantity": quantity,
    "IntOrString": int_or_string,
    "Time": time,
    "MicroTime": micro_time,
    "byte": byte_string,
}
