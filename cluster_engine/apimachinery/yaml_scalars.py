"""What a YAML scalar means, by the rules Kubernetes reads YAML with.

YAML 1.1 booleans (yes, on), octal and binary integers; dates and base-60 numbers stay text.

Models: sigs.k8s.io/yaml (goyaml.v2/resolve.go and yaml.go).
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

TRUE = ("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON")
FALSE = ("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF")
NULL = ("", "~", "null", "Null", "NULL")
_WORDS: dict[str, Any] = {
    **dict.fromkeys(TRUE, True),
    **dict.fromkeys(FALSE, False),
    **dict.fromkeys(NULL, None),
}
_NO_JSON = frozenset(
    (".nan", ".NaN", ".NAN", ".inf", ".Inf", ".INF")
    + ("+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF")
)
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
_INTEGER = re.compile(
    r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|([1-9][0-9]*|0))", re.ASCII
)
_STARTS_NUMBER = frozenset("+-.0123456789")
_INT_MIN, _INT_MAX, _UINT_MAX = -(2**63), 2**63 - 1, 2**64 - 1
_PREFIX = "tag:yaml.org,2002:"


class ScalarError(ValueError):
    """The scalar has no JSON value; `str()` is the problem."""


def resolve(text: str, tag: str | None, *, is_plain: bool) -> Any:
    """The JSON value of a scalar. Raises ScalarError."""
    if tag is None or tag == "!":
        return _plain(text) if is_plain and tag is None else text
    name = tag.removeprefix(_PREFIX)
    if name == "str":
        return text
    if name == "binary":
        try:
            return base64.b64decode(text, validate=False).decode("utf-8", "replace")
        except binascii.Error:
            raise ScalarError("!!binary value contains invalid base64 data") from None
    if name not in ("int", "float", "bool", "null"):
        return text
    value = _plain(text)
    if name == "float" and isinstance(value, int) and not isinstance(value, bool):
        return value
    expected = {"int": int, "float": float, "bool": bool, "null": type(None)}[name]
    if type(value) is not expected:
        raise ScalarError(f"cannot decode !!{_kind(value)} `{text}` as a !!{name}")
    return value


def key_text(value: Any) -> str:
    """A mapping's key as JSON has it. Raises ScalarError."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return repr(value)
    raise ScalarError("unsupported map key of type: %!s(<nil>), key: <nil>")


def _plain(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _STARTS_NUMBER:
        return text
    if text in _NO_JSON:
        raise ScalarError(f"json: unsupported value: {text}")
    digits = text.replace("_", "") if text[0] != "." else text
    number = _integer(digits)
    if number is not None:
        return number
    if _FLOAT.fullmatch(digits):
        return _float(digits)
    return text


def _integer(text: str) -> int | None:
    found = _INTEGER.fullmatch(text)
    if found is None or len(text) > 70:
        return None
    sign, hexadecimal, binary, octal, decimal = found.groups()
    for digits, base in ((hexadecimal, 16), (binary, 2), (octal, 8), (decimal, 10)):
        if digits is not None:
            number = int(digits, base)
            number = -number if sign == "-" else number
            is_signed = _INT_MIN <= number <= _INT_MAX
            return number if is_signed or (not sign and number <= _UINT_MAX) else None
    return None


def _float(text: str) -> int | float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ScalarError(f"json: unsupported value: {text}")
    # JSON, as Go writes it, has no difference between 1 and 1.0.
    return int(number) if number.is_integer() and abs(number) < 1e21 else number


def _kind(value: Any) -> str:
    names: dict[type, str] = {bool: "bool", int: "int", float: "float", str: "str"}
    return names.get(type(value), "null")
