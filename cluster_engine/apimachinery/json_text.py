"""JSON and quoted text as Go writes them: sorted keys, four spaces, signs of HTML escaped.

Models: k8s.io/cli-runtime/pkg/printers/json.go (v0.37.2) and encoding/json, strconv.Quote.
"""

from __future__ import annotations

import json
from typing import Any

_ESCAPED = {
    "<": "\\u003c",
    ">": "\\u003e",
    "&": "\\u0026",
    "\u2028": "\\u2028",
    "\u2029": "\\u2029",
}
_QUOTED = {
    '"': '\\"',
    "\\": "\\\\",
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
}
_TABLE = str.maketrans(_ESCAPED)


def to_json(value: Any, *, indent: int | None = 4) -> str:
    """The value with sorted keys; on one line without `indent`. No newline at the end."""
    separators = (",", ":") if indent is None else (",", ": ")
    text = json.dumps(
        _numbers(value), indent=indent, sort_keys=True, ensure_ascii=False, separators=separators
    )
    # These signs stand in strings only, never in the structure.
    return text.translate(_TABLE)


def to_shown_json(value: Any) -> str:
    """The value on one line, its keys as they stand."""
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return text.translate(_TABLE)


def quoted(text: str) -> str:
    """A string as `%q` prints it."""
    if text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return f'"{"".join(_quoted_sign(sign) for sign in text)}"'


def _quoted_sign(sign: str) -> str:
    if sign in _QUOTED:
        return _QUOTED[sign]
    if sign.isprintable():
        return sign
    number = ord(sign)
    if number < 0x80:
        return f"\\x{number:02x}"
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def go_float(number: float) -> str:
    """A float as encoding/json writes it."""
    if number.is_integer() and abs(number) < 1e21:
        return str(int(number))
    text = repr(number)
    if "e" in text:
        mantissa, _, exponent = text.partition("e")
        sign = exponent[0] if exponent[0] in "+-" else "+"
        return f"{mantissa}e{sign}{exponent.lstrip('+-').zfill(2)}"
    return text


def _numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_numbers(item) for item in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return int(value)
    return value
