"""Formats of strings that schemas may ask for.

Models: k8s.io/kube-openapi/pkg/validation/strfmt and
k8s.io/apiextensions-apiserver/pkg/apiserver/validation/formats.go (v0.37.2).
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from datetime import date
from ipaddress import AddressValueError, IPv4Address, IPv6Address, ip_interface
from typing import Any
from urllib.parse import urlsplit

from cluster_engine.apimachinery.names import is_dns1123_label, is_dns1123_subdomain

_DATE_TIME = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:?\d{2})?", re.ASCII
)
_DURATION = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)\s*(ns|us|µs|μs|ms|s|m|h|d|w)\s*", re.ASCII)
_HOSTNAME = re.compile(
    r"([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)(\.[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*"
)
_EMAIL = re.compile(r"[^\s@<>()\[\]\\,;:\"]+@[^\s@<>()\[\]\\,;:\"]+")


def _pattern(text: str) -> Callable[[str], bool]:
    compiled = re.compile(text)
    return lambda value: compiled.fullmatch(value) is not None


def _uuid(version: str, variant: str) -> Callable[[str], bool]:
    return _pattern(
        rf"(?i)[0-9a-f]{{8}}-?[0-9a-f]{{4}}-?{version}[0-9a-f]{{3}}-?{variant}[0-9a-f]{{3}}-?[0-9a-f]{{12}}"
    )


def _parses(parse: Callable[[str], Any]) -> Callable[[str], bool]:
    def check(value: str) -> bool:
        try:
            parse(value)
        except (AddressValueError, ValueError, binascii.Error):
            return False
        return True

    return check


def _is_uri(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return value.startswith("/") or bool(parts.scheme and " " not in value)


def _is_cidr(value: str) -> bool:
    return "/" in value and _parses(ip_interface)(value)


def _is_base64(value: str) -> bool:
    return _parses(lambda text: base64.b64decode(text, validate=True))(value)


def _is_date_time(value: str) -> bool:
    return _DATE_TIME.fullmatch(value) is not None and _parses(date.fromisoformat)(value[:10])


def _is_duration(value: str) -> bool:
    rest = value
    while rest:
        found = _DURATION.match(rest)
        if found is None:
            return value == "0"
        rest = rest[found.end() :]
    return bool(value)


def _is_isbn(value: str, lengths: tuple[int, ...]) -> bool:
    digits = re.sub(r"[\s-]", "", value)
    if len(digits) not in lengths:
        return False
    if len(digits) == 10:
        numbers = [10 if sign in "Xx" else int(sign) for sign in digits if sign in "0123456789Xx"]
        places = range(10, 0, -1)
        return len(numbers) == 10 and sum(map(int.__mul__, places, numbers)) % 11 == 0
    if not digits.isdigit():
        return False
    return sum(int(sign) * (3 if place % 2 else 1) for place, sign in enumerate(digits)) % 10 == 0


#: By name without dashes.
FORMATS: Mapping[str, Callable[[str], bool]] = {
    "bsonobjectid": _pattern("[0-9a-fA-F]{24}"),
    "uri": _is_uri,
    "email": lambda value: _EMAIL.fullmatch(value) is not None,
    "hostname": lambda value: len(value) <= 255 and _HOSTNAME.fullmatch(value) is not None,
    "ipv4": _parses(IPv4Address),
    "ipv6": _parses(IPv6Address),
    "cidr": _is_cidr,
    "mac": _pattern("([0-9a-fA-F]{2}[:-]){5}([0-9a-fA-F]{2})|([0-9a-fA-F]{4}\\.){2}[0-9a-fA-F]{4}"),
    "uuid": _uuid("[0-9a-f]", "[0-9a-f]"),
    "uuid3": _uuid("3", "[0-9a-f]"),
    "uuid4": _uuid("4", "[89ab]"),
    "uuid5": _uuid("5", "[89ab]"),
    "isbn": lambda value: _is_isbn(value, (10, 13)),
    "isbn10": lambda value: _is_isbn(value, (10,)),
    "isbn13": lambda value: _is_isbn(value, (13,)),
    "creditcard": lambda value: (
        re.fullmatch(
            r"4\d{12}(\d{3})?|5[1-5]\d{14}|6(011|5\d\d)\d{12}|3[47]\d{13}|3(0[0-5]|[68]\d)\d{11}",
            re.sub(r"\D+", "", value),
        )
        is not None
    ),
    "ssn": _pattern(r"\d{3}[- ]?\d{2}[- ]?\d{4}"),
    "hexcolor": _pattern("#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})"),
    "rgbcolor": _pattern(
        r"rgb\(\s*(\d{1,2}|1\d\d|2[0-4]\d|25[0-5])(\s*,\s*(\d{1,2}|1\d\d|2[0-4]\d|25[0-5])){2}\s*\)"
    ),
    "byte": _is_base64,
    "password": lambda value: True,
    "date": _parses(date.fromisoformat),
    "duration": _is_duration,
    "datetime": _is_date_time,
    "k8sshortname": lambda value: not is_dns1123_label(value),
    "k8slongname": lambda value: not is_dns1123_subdomain(value),
}
_NUMBERS = {"integer": ("int32", "int64"), "number": ("float", "double")}


def known_format(type_: str, format_: str) -> str:
    """The format if it counts for that type, else empty."""
    if type_ in ("", "string"):
        return format_ if format_.replace("-", "") in FORMATS else ""
    return format_ if format_ in _NUMBERS.get(type_, ()) else ""


def has_format(value: str, format_: str) -> bool:
    """Whether a string has a known format."""
    return FORMATS[format_.replace("-", "")](value)
