"""`"%d of %s".format([…])`.

Models: github.com/google/cel-go/ext/formatting.go (strings, version 2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cluster_engine.apimachinery.cel.values import (
    Duration,
    EvaluationError,
    Timestamp,
    TypeValue,
    no_overload,
    to_text,
    type_name,
)

_CLAUSE = re.compile(r"%(?:(?P<percent>%)|(?:\.(?P<digits>\d+))?(?P<verb>.))", re.DOTALL)
_PRECISION, _PRECISION_MAX, _LENGTH_MAX = 6, 1000, 10_000_000
_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_SPECIAL = ("NaN", "Infinity", "-Infinity")
_BASES = {"b": "binary", "o": "octal", "x": "hex", "X": "hex"}
_ESCAPED = str.maketrans(
    {
        "\a": r"\a",
        "\b": r"\b",
        "\f": r"\f",
        "\n": r"\n",
        "\r": r"\r",
        "\t": r"\t",
        "\v": r"\v",
        "\\": r"\\",
        '"': r"\"",
    }
)
_WRONG = {
    "decimal": "decimal clause can only be used on integers",
    "fixed": "fixed-point clause can only be used on doubles",
    "scientific": "scientific clause can only be used on doubles",
    "binary": "only integers and bools can be formatted as binary",
    "octal": "octal clause can only be used on integers",
    "hex": "only integers, byte buffers, and strings can be formatted as hex",
    "string": (
        "string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, "
        "types, durations, and timestamps"
    ),
}


def formatted(text: Any, values: Any) -> str:
    """The text with its clauses filled in. Raises EvaluationError."""
    if not isinstance(text, str) or not isinstance(values, list):
        raise no_overload()
    pieces: list[str] = []
    length = 0
    for piece in _pieces(text, values):
        pieces.append(piece)
        length += len(piece)
        if length > _LENGTH_MAX:
            raise EvaluationError("operation cancelled: actual cost limit exceeded")
    return "".join(pieces)


def _pieces(text: str, values: list[Any]) -> Iterator[str]:
    place, used = 0, 0
    while True:
        start = text.find("%", place)
        if start < 0:
            yield text[place:]
            return
        yield text[place:start]
        clause = _CLAUSE.match(text, start)
        if clause is None:
            raise EvaluationError("unexpected end of string")
        place = clause.end()
        if clause["percent"]:
            yield "%"
            continue
        if used >= len(values):
            raise EvaluationError(f"index {used} out of range")
        yield _clause(clause["verb"], clause["digits"], values[used])
        used += 1


def _clause(verb: str, digits: str | None, value: Any) -> str:
    if verb == "s":
        return shown(value)
    if verb == "d":
        return str(int(value)) if _is_int(value) else _refused("decimal", value)
    if verb in ("f", "e"):
        precision = _PRECISION if digits is None else int(digits)
        if precision > _PRECISION_MAX:
            raise EvaluationError(
                f"could not parse formatting clause: error while parsing precision: {digits}"
            )
        return _fixed(value, precision) if verb == "f" else _scientific(value, precision)
    if verb in _BASES:
        return _in_base(verb, value)
    raise EvaluationError(
        f'could not parse formatting clause: unrecognized formatting clause "{verb}"'
    )


def _refused(name: str, value: Any) -> str:
    raise EvaluationError(f"error during formatting: {_WRONG[name]}, was given {type_name(value)}")


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _fixed(value: Any, precision: int) -> str:
    if value in _SPECIAL:
        return str(value)
    return f"{value:,.{precision}f}" if isinstance(value, float) else _refused("fixed", value)


def _scientific(value: Any, precision: int) -> str:
    if value in _SPECIAL:
        return str(value)
    if not isinstance(value, float):
        return _refused("scientific", value)
    number, _, power = f"{value:.{precision}e}".partition("e")
    return f"{number} × 10{power.removeprefix('+').translate(_RAISED)}"


def _in_base(verb: str, value: Any) -> str:
    if _is_int(value):
        return f"{int(value):{verb}}"
    if verb == "b" and isinstance(value, bool):
        return str(int(value))
    if verb in "xX" and isinstance(value, str | bytes):
        text = (value.encode() if isinstance(value, str) else value).hex()
        return text.upper() if verb == "X" else text
    return _refused(_BASES[verb], value)


def shown(value: Any) -> str:
    """A value as `%s` shows it. Raises EvaluationError."""
    if value is None:
        return "null"
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    if isinstance(value, dict):
        entries = sorted((_literal(key), _literal(item)) for key, item in value.items())
        return "{" + ", ".join(f"{key}:{item}" for key, item in entries) + "}"
    if isinstance(value, TypeValue):
        return value.name
    if isinstance(value, bool | int | float | str | bytes | Timestamp | Duration):
        return to_text(value)
    return _refused("string", value)


def _literal(value: Any) -> str:
    """A value inside a list or map."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, bytes):
        return f"b{quoted(to_text(value))}"
    if isinstance(value, float):
        return f"{value:.{_PRECISION}f}"
    if isinstance(value, Timestamp):
        return f"timestamp({quoted(to_text(value))})"
    return f"duration({quoted(to_text(value))})" if isinstance(value, Duration) else shown(value)


def quoted(text: Any) -> str:
    """`strings.quote(…)`."""
    if not isinstance(text, str):
        raise no_overload()
    return f'"{text.translate(_ESCAPED)}"'
