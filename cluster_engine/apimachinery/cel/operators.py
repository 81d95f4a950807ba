"""Operators, conversions and what times are asked.

Models: github.com/google/cel-go/common/{operators,stdlib,types}.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from cluster_engine.apimachinery.cel.values import (
    NONE,
    Duration,
    EvaluationError,
    Optional,
    Timestamp,
    TypeValue,
    UInt,
    checked_int,
    checked_uint,
    compare,
    date_parts,
    equals,
    is_number,
    no_overload,
    parse_duration,
    parse_timestamp,
    to_text,
    type_name,
)
from cluster_engine.apimachinery.regexp.matching import compile_regexp
from cluster_engine.apimachinery.regexp.syntax import RegexpError

Function = Callable[..., Any]
_SECOND = 1_000_000_000
#: What one value may become: bytes of text, items of a list.
SIZE_MAX = 1_000_000
_TRUE = ("1", "t", "T", "TRUE", "true", "True")
_FALSE = ("0", "f", "F", "FALSE", "false", "False")


def sized(value: Any) -> Any:
    """The value if it is not too large. Raises EvaluationError."""
    if len(value) > SIZE_MAX:
        raise EvaluationError("operation cancelled: actual cost limit exceeded")
    return value


def is_true(value: Any) -> bool:
    """The value of a condition. Raises EvaluationError when it is no bool."""
    if not isinstance(value, bool):
        raise no_overload()
    return value


def _add(one: Any, other: Any) -> Any:
    if type(one) is type(other) and isinstance(one, str | bytes | list):
        if len(one) + len(other) > SIZE_MAX:
            raise EvaluationError("operation cancelled: actual cost limit exceeded")
        return one + other
    if isinstance(one, Timestamp) and isinstance(other, Duration):
        return Timestamp(one.nanos + other.nanos)
    if isinstance(one, Duration) and isinstance(other, Timestamp):
        return Timestamp(one.nanos + other.nanos)
    if isinstance(one, Duration) and isinstance(other, Duration):
        return Duration(checked_int(one.nanos + other.nanos))
    return _arithmetic(one, other, lambda a, b: a + b)


def _subtract(one: Any, other: Any) -> Any:
    if isinstance(one, Timestamp) and isinstance(other, Timestamp):
        return Duration(checked_int(one.nanos - other.nanos))
    if isinstance(one, Timestamp) and isinstance(other, Duration):
        return Timestamp(one.nanos - other.nanos)
    if isinstance(one, Duration) and isinstance(other, Duration):
        return Duration(checked_int(one.nanos - other.nanos))
    return _arithmetic(one, other, lambda a, b: a - b)


def _arithmetic(one: Any, other: Any, operation: Callable[[Any, Any], Any]) -> Any:
    if not (is_number(one) and type(one) is type(other)):
        raise no_overload()
    if isinstance(one, float):
        return operation(one, other)
    result = operation(int(one), int(other))
    return checked_uint(result) if isinstance(one, UInt) else checked_int(result)


def _divide(one: Any, other: Any) -> Any:
    if isinstance(one, float) and isinstance(other, float):
        if other:
            return one / other
        return math.nan if not one or math.isnan(one) else math.copysign(math.inf, one)
    if is_number(other) and not isinstance(other, float) and not other:
        raise EvaluationError("division by zero")
    return _arithmetic(one, other, _truncated)


def _truncated(one: int, other: int) -> int:
    quotient = abs(one) // abs(other)
    return quotient if (one < 0) == (other < 0) else -quotient


def _remainder(one: Any, other: Any) -> Any:
    if isinstance(one, float) or isinstance(other, float):
        raise no_overload()
    if is_number(other) and not other:
        raise EvaluationError("modulus by zero")
    return _arithmetic(one, other, lambda a, b: a - b * _truncated(a, b))


def _negate(value: Any) -> Any:
    if isinstance(value, Duration):
        return Duration(-value.nanos)
    if isinstance(value, UInt) or not is_number(value):
        raise no_overload()
    return -value if isinstance(value, float) else checked_int(-value)


def _contains(item: Any, holder: Any) -> bool:
    if isinstance(holder, list):
        return any(equals(item, other) for other in holder)
    if isinstance(holder, dict):
        return isinstance(item, str) and item in holder
    raise no_overload()


def at_index(holder: Any, key: Any) -> Any:
    """The item of a list or map. Raises EvaluationError when there is none."""
    if isinstance(holder, Optional):
        return optional_index(holder, key)
    if isinstance(holder, list):
        if isinstance(key, bool) or not is_number(key) or key != int(key):
            raise EvaluationError(f"unsupported index type '{type_name(key)}' in list")
        if not 0 <= key < len(holder):
            raise EvaluationError(f"index out of bounds: {int(key)}")
        return holder[int(key)]
    if isinstance(holder, dict):
        if isinstance(key, str | int | float) and key in holder:
            return holder[key]
        raise EvaluationError(f"no such key: {to_text(key)}")
    raise no_overload()


def optional_index(holder: Any, key: Any) -> Optional:
    """The item, if there is one."""
    if isinstance(holder, Optional):
        if not holder.has_value:
            return NONE
        holder = holder.value
    try:
        return Optional(at_index(holder, key), True)
    except EvaluationError:
        if isinstance(holder, list | dict):
            return NONE
        raise


def _size(value: Any) -> int:
    if isinstance(value, str | bytes | list | dict):
        return len(value)
    raise no_overload()


def matches(text: Any, pattern: Any) -> bool:
    """Whether a regular expression matches somewhere in the text."""
    if not isinstance(text, str) or not isinstance(pattern, str):
        raise no_overload()
    try:
        return compile_regexp(pattern).matches(text)
    except RegexpError as error:
        raise EvaluationError(str(error)) from None


def _to_int(value: Any) -> int:
    if isinstance(value, Timestamp):
        return value.nanos // _SECOND
    if isinstance(value, Duration):
        return value.nanos
    if isinstance(value, float) and not (-(2.0**63) < value < 2.0**63):
        raise EvaluationError("integer overflow")
    if is_number(value):
        return checked_int(int(value))
    return checked_int(_parsed(value, int, "int"))


def _to_uint(value: Any) -> UInt:
    if isinstance(value, float) and not (0 <= value < 2.0**64):
        raise EvaluationError("unsigned integer overflow")
    return checked_uint(int(value) if is_number(value) else _parsed(value, int, "uint"))


def _to_double(value: Any) -> float:
    return float(value) if is_number(value) else _parsed(value, float, "double")


def _parsed(value: Any, read: Callable[[str], Any], wanted: str) -> Any:
    try:
        if isinstance(value, str) and "_" not in value:
            return read(value)
    except ValueError:
        pass
    raise EvaluationError(f"type conversion error from '{type_name(value)}' to '{wanted}'")


def _to_bool(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if value in _TRUE:
        return True
    if value in _FALSE:
        return False
    raise EvaluationError(f"type conversion error from '{type_name(value)}' to 'bool'")


def _to_bytes(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        return value.encode()
    raise no_overload()


def _to_timestamp(value: Any) -> Timestamp:
    if isinstance(value, Timestamp):
        return value
    if isinstance(value, str):
        return parse_timestamp(value)
    if is_number(value) and not isinstance(value, float):
        return Timestamp(value * _SECOND)
    raise no_overload()


def _to_duration(value: Any) -> Duration:
    if isinstance(value, Duration):
        return value
    if isinstance(value, str):
        return parse_duration(value)
    if is_number(value) and not isinstance(value, float):
        return Duration(value)
    raise no_overload()


def _part(read: Callable[[tuple[int, int, int, int, int], int], int]) -> Function:
    def get(value: Any) -> int:
        if not isinstance(value, Timestamp):
            raise no_overload()
        return read(date_parts(value), value.nanos % _SECOND)

    return get


def _day_of_year(parts: tuple[int, int, int, int, int], nanos: int) -> int:
    del nanos
    year, month, day = parts[:3]
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    lengths = (31, 29 if is_leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30)
    return sum(lengths[: month - 1]) + day - 1


def _clock(of_day: Callable[[int], int], unit_nanos: int) -> Function:
    """A part of a moment's time of day, or a whole duration in that unit."""

    def get(value: Any) -> int:
        if isinstance(value, Duration):
            return _truncated(value.nanos, unit_nanos)
        if isinstance(value, Timestamp):
            return of_day(date_parts(value)[3])
        raise no_overload()

    return get


def _milliseconds(value: Any) -> int:
    if isinstance(value, Duration):
        return _truncated(value.nanos, 1_000_000)
    if isinstance(value, Timestamp):
        return value.nanos % _SECOND // 1_000_000
    raise no_overload()


#: Functions that are not methods.
OPERATORS: Mapping[str, Function] = {
    "!_": lambda value: not is_true(value),
    "-_": _negate,
    "_+_": _add,
    "_-_": _subtract,
    "_*_": lambda one, other: _arithmetic(one, other, lambda a, b: a * b),
    "_/_": _divide,
    "_%_": _remainder,
    "_==_": equals,
    "_!=_": lambda one, other: not equals(one, other),
    "_<_": lambda one, other: compare(one, other) < 0,
    "_<=_": lambda one, other: compare(one, other) <= 0,
    "_>_": lambda one, other: compare(one, other) > 0,
    "_>=_": lambda one, other: compare(one, other) >= 0,
    "@in": _contains,
    "_[_]": at_index,
    "_[?_]": optional_index,
    "size": _size,
    "matches": matches,
    "bool": _to_bool,
    "bytes": _to_bytes,
    "double": _to_double,
    "duration": _to_duration,
    "dyn": lambda value: value,
    "int": _to_int,
    "string": to_text,
    "timestamp": _to_timestamp,
    "type": lambda value: TypeValue(type_name(value)),
    "uint": _to_uint,
}
#: Methods.
TIME_METHODS: Mapping[str, Function] = {
    "getFullYear": _part(lambda parts, nanos: parts[0]),
    "getMonth": _part(lambda parts, nanos: parts[1] - 1),
    "getDayOfYear": _part(_day_of_year),
    "getDayOfMonth": _part(lambda parts, nanos: parts[2] - 1),
    "getDate": _part(lambda parts, nanos: parts[2]),
    "getDayOfWeek": _part(lambda parts, nanos: parts[4]),
    "getHours": _clock(lambda seconds: seconds // 3600, 3600 * _SECOND),
    "getMinutes": _clock(lambda seconds: seconds % 3600 // 60, 60 * _SECOND),
    "getSeconds": _clock(lambda seconds: seconds % 60, _SECOND),
    "getMilliseconds": _milliseconds,
}
