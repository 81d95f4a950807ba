"""Quantities: "500m", "1.5Gi", "2e3" as exact numbers, and their canonical text.

A quantity is a whole number of nano units with the format it was written in, so sums are exact and
print as upstream prints them. Parsing is cached: a cluster sees the same few texts all the time.

Models: k8s.io/apimachinery/pkg/api/resource (v0.37.2).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

DECIMAL_SI = "DecimalSI"
BINARY_SI = "BinarySI"
DECIMAL_EXPONENT = "DecimalExponent"

_NANO = 10**9
_MILLI_NANO = 10**6
_INT64_MAX = 2**63 - 1
_INT64_DIGITS = 18
#: Beyond this no real machine has anything to offer; it keeps `1e999999999` from being computed.
_EXPONENT_MAX = 308
_TEXT_LENGTH_MAX = 400

_SPLIT = re.compile(r"([+-]?)([0-9]*)(?:\.([0-9]*))?([eEinumkKMGTP]*[-+]?[0-9]*)", re.ASCII)
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
_DECIMAL_SUFFIX = {exponent: suffix for suffix, exponent in _DECIMAL.items()}
_BINARY_SUFFIX = {0: ""} | {exponent: suffix for suffix, exponent in _BINARY.items()}

FORMAT_WRONG = (
    "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
)
NUMERIC_WRONG = "unable to parse numeric part of quantity"
SUFFIX_WRONG = "unable to parse quantity's suffix"


class QuantityError(ValueError):
    """The text is no quantity; `str()` is upstream's text."""


@dataclass(frozen=True, slots=True, eq=False)
class Quantity:
    """An exact amount. Compare and add freely; `str()` is the canonical text."""

    nanos: int
    format: str = DECIMAL_SI
    #: The text it was read from, where upstream keeps that instead of a canonical one.
    text: str = ""

    def __str__(self) -> str:
        return self.text or _canonical_text(self.nanos, self.format)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Quantity) and self.nanos == other.nanos

    def __hash__(self) -> int:
        return self.nanos

    def __lt__(self, other: Quantity) -> bool:
        return self.nanos < other.nanos

    def __le__(self, other: Quantity) -> bool:
        return self.nanos <= other.nanos

    def __gt__(self, other: Quantity) -> bool:
        return self.nanos > other.nanos

    def __ge__(self, other: Quantity) -> bool:
        return self.nanos >= other.nanos

    def __bool__(self) -> bool:
        return self.nanos != 0

    def __add__(self, other: Quantity) -> Quantity:
        """The sum, in the format of the left side unless that is zero."""
        return Quantity(self.nanos + other.nanos, self.format if self.nanos else other.format)

    def __sub__(self, other: Quantity) -> Quantity:
        return Quantity(self.nanos - other.nanos, self.format if self.nanos else other.format)

    def __neg__(self) -> Quantity:
        return Quantity(-self.nanos, self.format)


ZERO = Quantity(0)

#: Whatever an object may hold where a quantity is expected.
Written: TypeAlias = "str | int | float | Quantity"


def parse_quantity(written: Written) -> Quantity:
    """The quantity written there. Raises QuantityError with upstream's text."""
    if isinstance(written, Quantity):
        return written
    return _parse(_as_text(written))


def milli_value(written: Written) -> int:
    """Thousandths, rounded away from zero."""
    return _round_up(parse_quantity(written).nanos, _MILLI_NANO)


def value(written: Written) -> int:
    """Whole units, rounded away from zero."""
    return _round_up(parse_quantity(written).nanos, _NANO)


@lru_cache(maxsize=8192)
def cpu_milli(written: str | int | float) -> int:
    """A cpu amount in thousandths of a core."""
    return milli_value(written)


@lru_cache(maxsize=8192)
def bytes_of(written: str | int | float) -> int:
    """A memory or storage amount in bytes (also: any amount in whole units)."""
    return value(written)


def canonical(written: Written) -> str:
    """The text as the API server stores it: "0.5" is "500m", "1024Mi" is "1Gi"."""
    return str(parse_quantity(written))


def from_value(amount: int, format_: str = BINARY_SI) -> Quantity:
    """So many whole units."""
    return Quantity(amount * _NANO, format_)


def _as_text(written: str | int | float) -> str:
    if isinstance(written, str):
        return written.strip()
    if isinstance(written, float) and written.is_integer() and abs(written) < 1e15:
        return str(int(written))
    return str(written)


def _round_up(nanos: int, unit: int) -> int:
    return -(-nanos // unit) if nanos >= 0 else nanos // unit


@lru_cache(maxsize=8192)
def _parse(text: str) -> Quantity:
    if text == "0":
        return Quantity(0, DECIMAL_SI, "0")
    found = _SPLIT.fullmatch(text)
    if not text or found is None:
        raise QuantityError(FORMAT_WRONG)
    if len(text) > _TEXT_LENGTH_MAX:
        raise QuantityError(NUMERIC_WRONG)
    sign, digits, fraction, suffix = found.groups()
    # As upstream reads it, a number may have no digits at all: "m" is zero.
    whole, fraction = digits.lstrip("0") or "0", fraction or ""
    base, exponent, format_ = _suffix(suffix)
    number = int(whole + fraction)
    nanos = _nanos(number, len(fraction), base, exponent)
    if base == 2:
        if nanos > _INT64_MAX * _NANO:
            nanos = _INT64_MAX * _NANO
        if 0 < nanos < _NANO:
            format_ = DECIMAL_SI
    kept = _is_kept(whole, fraction, base, exponent)
    return Quantity(-nanos if sign == "-" else nanos, format_, text if kept else "")


def _suffix(suffix: str) -> tuple[int, int, str]:
    """Base, exponent and format."""
    if suffix in _DECIMAL:
        return 10, _DECIMAL[suffix], DECIMAL_SI
    if suffix in _BINARY:
        return 2, _BINARY[suffix], BINARY_SI
    if len(suffix) > 1 and suffix[0] in "eE" and suffix[1:].lstrip("+-").isdigit():
        return 10, int(suffix[1:]), DECIMAL_EXPONENT
    raise QuantityError(SUFFIX_WRONG)


def _nanos(number: int, places: int, base: int, exponent: int) -> int:
    """Nano units, rounded up: whoever asks for something gets something."""
    if base == 2:
        return _round_up((number << exponent) * _NANO, 10**places)
    power = exponent - places + 9
    if power >= 0:
        if power > _EXPONENT_MAX and number:
            raise QuantityError(NUMERIC_WRONG)
        scale: int = 10 ** min(power, _EXPONENT_MAX)
        return number * scale
    if power < -_EXPONENT_MAX:
        return 1 if number else 0
    unit: int = 10**-power
    return _round_up(number, unit)


def _is_kept(whole: str, fraction: str, base: int, exponent: int) -> bool:
    """Whether upstream's fast path takes the text for canonical as it stands."""
    shifted = whole + fraction
    number = int(shifted)
    if base == 2:
        fits = 15 - len(whole) - int(exponent * 3 / 10) - 1 >= 0 and not fraction
        return fits and number & 7 != 0 and number << exponent <= _INT64_MAX
    scale = exponent - len(fraction)
    if len(shifted) > _INT64_DIGITS or scale < -9:
        return False
    return scale % 3 == 0 and not shifted.endswith("000") and shifted[0] != "0"


def _canonical_text(nanos: int, format_: str) -> str:
    if nanos == 0:
        return "0"
    if format_ == BINARY_SI and nanos % _NANO == 0 and abs(nanos) >= 1024 * _NANO:
        amount, times = _without_factor(nanos // _NANO, 1024)
        return f"{amount}{_BINARY_SUFFIX.get(times * 10, '')}"
    amount, exponent = _without_factor(nanos, 10)
    exponent -= 9
    while exponent % 3:
        amount *= 10
        exponent -= 1
    if format_ == DECIMAL_EXPONENT:
        return f"{amount}e{exponent}" if exponent else str(amount)
    return f"{amount}{_DECIMAL_SUFFIX.get(exponent, '')}"


def _without_factor(number: int, factor: int) -> tuple[int, int]:
    times = 0
    while number % factor == 0:
        number //= factor
        times += 1
    return number, times
