"""Names of drivers, pools, devices and their attributes.

Models: the name checks of k8s.io/kubernetes/pkg/apis/resource/validation and
k8s.io/apimachinery/pkg/api/validate (v1.37.2).
"""

from __future__ import annotations

import re

from cluster_engine.apimachinery.fields import FieldError, invalid_value, required, too_long
from cluster_engine.apimachinery.names import (
    is_c_identifier,
    is_dns1123_label,
    is_dns1123_subdomain,
    max_length_message,
    regex_message,
)
from cluster_engine.kinds.checks import declared, wrong
from cluster_engine.kinds.core.volume_sources import csi_driver_name

_POOL_LENGTH_MAX = 253
_SUBDOMAIN_LENGTH_MAX = 253
_DRIVER_LENGTH_MAX = 63
_IDENTIFIER_LENGTH_MAX = 32
#: Longer keys of maps are shortened where a path shows them.
_SHOWN_KEY_LENGTH_MAX = _DRIVER_LENGTH_MAX + 1 + _IDENTIFIER_LENGTH_MAX
_ELLIPSIS = "..."
_SUBDOMAIN = "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*"
_CASELESS_SUBDOMAIN = re.compile(_SUBDOMAIN, re.ASCII | re.IGNORECASE)
_CASELESS_TEXT = regex_message(
    "an RFC 1123 subdomain must consist of alphanumeric characters, '-' or '.', and must start "
    "and end with an alphanumeric character",
    _SUBDOMAIN,
    "Example.com",
)
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)

driver_name = csi_driver_name


def declared_driver_name(problems: list[FieldError], path: str, name: str) -> None:
    """The name of a driver, where a declarative rule speaks of it."""
    found = declared(problems)
    if not name:
        found.append(required(path))
        return
    if len(name) > _SUBDOMAIN_LENGTH_MAX:
        found.append(invalid_value(path, name, max_length_message(_SUBDOMAIN_LENGTH_MAX, "bytes")))
    if not _CASELESS_SUBDOMAIN.fullmatch(name):
        found.append(invalid_value(path, name, _CASELESS_TEXT))
    if len(name) > _DRIVER_LENGTH_MAX:
        found.append(too_long(path, _DRIVER_LENGTH_MAX))


def pool_name(problems: list[FieldError], path: str, name: str) -> None:
    """Subdomains with slashes between them."""
    if not name:
        problems.append(required(path))
        return
    if len(name) > _POOL_LENGTH_MAX:
        problems.append(too_long(path, _POOL_LENGTH_MAX))
    for part in name.split("/"):
        wrong(problems, path, part, is_dns1123_subdomain(part))


def declared_pool_name(problems: list[FieldError], path: str, name: str) -> None:
    """The same, where a declarative rule speaks of it."""
    found = declared(problems)
    if not name:
        found.append(required(path))
        return
    if len(name) > _POOL_LENGTH_MAX:
        found.append(too_long(path, _POOL_LENGTH_MAX))
    for position, part in enumerate(name.split("/")):
        prefix = f"segment {position}: "
        if not part:
            found.append(invalid_value(path, name, f"{prefix}must not be empty"))
            continue
        wrong(found, path, part, (f"{prefix}{text}" for text in is_dns1123_subdomain(part)))


def label_or_missing(problems: list[FieldError], path: str, name: str) -> None:
    """The name of a set of counters: a DNS label, checked by a declarative rule."""
    if not name:
        declared(problems).append(required(path))
    else:
        wrong(declared(problems), path, name, is_dns1123_label(name))


def uuid(problems: list[FieldError], path: str, text: str) -> None:
    """An identifier in its normal form."""
    if not _UUID.fullmatch(text):
        message = "must be a lowercase UUID in 8-4-4-4-12 format"
        declared(problems).append(invalid_value(path, text, message))


def qualified_name(problems: list[FieldError], path: str, name: str) -> None:
    """The name of an attribute or a capacity, with a domain before it or without."""
    parts = name.split("/")
    if len(parts) == 1:
        _identifier(problems, path, name)
    elif len(parts) == 2:
        if not parts[0]:
            problems.append(invalid_value(path, "", "the domain must not be empty"))
        else:
            driver_name(problems, path, parts[0])
        if not parts[1]:
            problems.append(invalid_value(path, "", "the name must not be empty"))
        else:
            _identifier(problems, path, parts[1])


def fully_qualified_name(problems: list[FieldError], path: str, name: str) -> None:
    """The name of an attribute with its domain, by a declarative rule."""
    found = declared(problems)
    parts = name.split("/")
    if len(parts) == 1:
        _identifier(found, path, name)
        text = "a fully qualified name must be a domain and a name separated by a slash"
        found.append(invalid_value(path, name, text))
    elif len(parts) == 2:
        _domain(found, path, parts[0])
        if not parts[1]:
            found.append(invalid_value(path, "", "name must not be empty"))
        else:
            _identifier(found, path, parts[1])


def _domain(problems: list[FieldError], path: str, domain: str) -> None:
    if not domain:
        problems.append(invalid_value(path, "", "prefix must not be empty"))
        return
    if len(domain) > _DRIVER_LENGTH_MAX:
        problems.append(too_long(path, _DRIVER_LENGTH_MAX))
    wrong(problems, path, domain, (f"prefix: {text}" for text in is_dns1123_subdomain(domain)))


def _identifier(problems: list[FieldError], path: str, name: str) -> None:
    if len(name) > _IDENTIFIER_LENGTH_MAX:
        problems.append(too_long(path, _IDENTIFIER_LENGTH_MAX))
    wrong(problems, path, name, is_c_identifier(name))


def shown_key(name: str) -> str:
    """A key as a path shows it: without its middle when it is long."""
    if len(name) <= _SHOWN_KEY_LENGTH_MAX:
        return name
    remaining = _SHOWN_KEY_LENGTH_MAX - len(_ELLIPSIS)
    return f"{name[: (remaining + 1) // 2]}{_ELLIPSIS}{name[len(name) - remaining // 2 :]}"
