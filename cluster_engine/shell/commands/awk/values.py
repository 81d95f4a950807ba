"""Values of awk: numbers, texts, and input that may be either.

None is a variable that was never set: "" and 0.
"""

from __future__ import annotations

import math
import re
from typing import TypeAlias

from cluster_engine.shell.commands.awk.limits import TEXT_CHARACTERS_MAX, too_much

_LEADING = re.compile(
    r"[ \t\n\v\f\r]*([-+]?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|inf(?:inity)?"
    r"|nan))",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"[ \t\n\v\f\r]*[-+]?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)"
    r"[ \t\n\v\f\r]*"
)
#: mawk shows integers beyond as it shows fractions; BusyBox up to 64 bits.
_MAWK_INTEGER_MAX = 2**31 - 1
_BUSYBOX_INTEGER_MAX = 2**63 - 1


class Input(str):
    """A text from outside: it counts as a number where it looks like one."""

    __slots__ = ()


class Array(dict[str, "Scalar"]):
    """An array, by its keys."""


Scalar: TypeAlias = float | str | None
Value: TypeAlias = Scalar | Array


def leading_number(text: str) -> float:
    """The number that a text begins with, else 0."""
    found = _LEADING.match(text)
    if found is None:
        return 0.0
    digits = found[1]
    if "x" in digits.lower() and "0" in digits[:2]:
        return float(int(digits, 16)) if len(digits) < 256 else math.inf
    return float(digits)


def to_number(value: Value) -> float:
    """A value as a number."""
    if type(value) is float:
        return value
    return leading_number(value) if isinstance(value, str) else 0.0


def to_boolean(value: Value) -> bool:
    """Whether it is true: not 0 and not empty."""
    if type(value) is float:
        return value != 0.0
    if isinstance(value, Input) and _WHOLE.fullmatch(value):
        return leading_number(value) != 0.0
    return bool(value)


class Shower:
    """Turns numbers into texts as the implementation does."""

    def __init__(self, *, is_busybox: bool) -> None:
        self._is_busybox = is_busybox
        self._integer_max = _BUSYBOX_INTEGER_MAX if is_busybox else _MAWK_INTEGER_MAX

    def text(self, value: Value, template: str) -> str:
        """A value as a text; `template` is CONVFMT or OFMT."""
        if isinstance(value, str):
            return value
        if type(value) is not float:
            return ""
        if value.is_integer() and abs(value) <= self._integer_max:
            return str(int(value))
        return self.fraction(value, template)

    def fraction(self, value: float, template: str) -> str:
        """A number by a template like "%.6g"."""
        if math.isnan(value):
            return "nan" if self._is_busybox else "-nan"
        if math.isinf(value):
            return "inf" if value > 0 else "-inf"
        try:
            return template % value if len(template) < 10 else f"{value:.6g}"
        except (TypeError, ValueError):
            return template


def is_numeric(value: Value) -> bool:
    """Whether it takes part in comparisons as a number."""
    if isinstance(value, Input):
        return _WHOLE.fullmatch(value) is not None
    return not isinstance(value, str)


def bounded(text: str) -> str:
    """The text, unless it is too long to be kept. Raises AwkProblem."""
    if len(text) > TEXT_CHARACTERS_MAX:
        raise too_much()
    return text
