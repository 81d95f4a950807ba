"""IP addresses and CIDR blocks in fields: what is accepted, and what is only frowned upon.

Models: k8s.io/apimachinery/pkg/util/validation/ip.go (v0.37.2), with strict validation on.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import TypeAlias

from cluster_engine.apimachinery.fields import FieldError, invalid_value

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

_NOT_AN_IP = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
_NOT_A_CIDR = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"
_MAPPED = ipaddress.IPv6Network("::ffff:0:0/96")


@lru_cache(maxsize=4096)
def parse_ip(text: str) -> Address | None:
    """The address, read as leniently as Kubernetes once did (leading zeros, mapped IPv4)."""
    try:
        address = ipaddress.ip_address(_without_zeros(text))
    except ValueError:
        return None
    if "%" in text:
        return None
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


@lru_cache(maxsize=1024)
def parse_cidr(text: str) -> tuple[Address, Network] | None:
    """The address and its network, read leniently."""
    host, slash, length = text.partition("/")
    address = parse_ip(host)
    if address is None or not slash or not re.fullmatch("[0-9]{1,3}", length):
        return None
    bits = int(length)
    if ":" in host and address.version == 4:
        bits = max(bits - 96, 0)
    if bits > address.max_prefixlen:
        return None
    return address, ipaddress.ip_network(f"{address}/{bits}", strict=False)


def _without_zeros(text: str) -> str:
    if ":" in text or not text[:1].isdigit():
        return text
    return re.sub(r"(^|\.)0+(?=[0-9])", r"\1", text)


def _is_strict(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _is_mapped(text: str) -> bool:
    return ":" in text and _is_strict(text) and ipaddress.IPv6Address(text) in _MAPPED


def is_legacy_ip(path: str, text: str, accepted: Sequence[str] = ()) -> list[FieldError]:
    """Problems of an address in a field that was once lenient; `accepted` ones are old values."""
    if text in accepted:
        return []
    if parse_ip(text) is None:
        return [invalid_value(path, text, _NOT_AN_IP)]
    if not _is_strict(text):
        return [invalid_value(path, text, "must not have leading 0s")]
    if _is_mapped(text):
        return [invalid_value(path, text, "must not be an IPv4-mapped IPv6 address")]
    return []


def is_ip(path: str, text: str) -> list[FieldError]:
    """Problems of an address in a field that wants the canonical form."""
    problems = is_legacy_ip(path, text)
    address = parse_ip(text)
    if not problems and address is not None and text != str(address):
        problems = [invalid_value(path, text, f'must be in canonical form ("{address}")')]
    return problems


def is_legacy_cidr(path: str, text: str, accepted: Sequence[str] = ()) -> list[FieldError]:
    """Problems of a block in a field that was once lenient."""
    if text in accepted:
        return []
    parsed = parse_cidr(text)
    if parsed is None:
        return [invalid_value(path, text, _NOT_A_CIDR)]
    host, _, length = text.partition("/")
    if not _is_strict(host) or (len(length) > 1 and length.startswith("0")):
        return [invalid_value(path, text, "must not have leading 0s in IP or prefix length")]
    if _is_mapped(host):
        return [invalid_value(path, text, "must not have an IPv4-mapped IPv6 address")]
    if parsed[0] != parsed[1].network_address:
        return [invalid_value(path, text, "must not have bits set beyond the prefix length")]
    return []


def is_cidr(path: str, text: str) -> list[FieldError]:
    """Problems of a block in a field that wants the canonical form."""
    problems = is_legacy_cidr(path, text)
    parsed = parse_cidr(text)
    if not problems and parsed is not None and text != str(parsed[1]):
        problems = [invalid_value(path, text, f'must be in canonical form ("{parsed[1]}")')]
    return problems


def address_warnings(path: str, text: str) -> list[str]:
    """What to warn about an address that was accepted."""
    address = parse_ip(text)
    if address is None:
        return []
    if not _is_strict(text) or _is_mapped(text):
        return [f'{path}: non-standard IP address "{text}" is invalid: use "{address}"']
    if address.version == 6 and str(address) != text:
        return [
            f'{path}: IPv6 address "{text}" should be in RFC 5952 canonical format ("{address}")'
        ]
    return []


def cidr_warnings(path: str, text: str) -> list[str]:
    """What to warn about a block that was accepted."""
    parsed = parse_cidr(text)
    if parsed is None:
        return []
    address, network = parsed
    warnings = []
    if address != network.network_address:
        single = f"{address}/{address.max_prefixlen}"
        warnings.append(
            f'{path}: CIDR value "{text}" is ambiguous in this context '
            f'(should be "{network}" or "{single}"?)'
        )
    host, _, length = text.partition("/")
    if not _is_strict(host) or (len(length) > 1 and length.startswith("0")) or _is_mapped(host):
        warnings.append(f'{path}: non-standard CIDR value "{text}" is invalid: use "{network}"')
    if not warnings and network.version == 6 and str(network) != text:
        warnings.append(
            f'{path}: IPv6 CIDR value "{text}" should be in RFC 5952 canonical format ("{network}")'
        )
    return warnings
