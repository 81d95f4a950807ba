"""Addresses, blocks of them, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cluster_engine.apimachinery.fields import FieldError
from cluster_engine.kinds.addresses import (
    address_warnings,
    cidr_warnings,
    is_cidr,
    is_ip,
    is_legacy_cidr,
    is_legacy_ip,
    parse_cidr,
    parse_ip,
)

NOT_AN_ADDRESS = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"
NOT_A_BLOCK = "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)"
CASES: dict[str, tuple[Callable[[str, str], list[FieldError]], str, list[str]]] = {
    "an address": (is_ip, "10.0.0.1", []),
    "an address of version 6": (is_ip, "fd00::1", []),
    "three numbers": (is_ip, "10.0.0", [NOT_AN_ADDRESS]),
    "an address that is written too long": (
        is_ip,
        "fd00:0::1",
        ['must be in canonical form ("fd00::1")'],
    ),
    "which an old field does not mind": (is_legacy_ip, "fd00:0::1", []),
    "zeros in front": (is_legacy_ip, "010.0.0.1", ["must not have leading 0s"]),
    "an address in an address": (
        is_legacy_ip,
        "::ffff:1.2.3.4",
        ["must not be an IPv4-mapped IPv6 address"],
    ),
    "a block": (is_cidr, "10.0.0.0/8", []),
    "no block": (is_cidr, "10.0.0.0", [NOT_A_BLOCK]),
    "a block of too many bits": (is_cidr, "10.0.0.0/33", [NOT_A_BLOCK]),
    "a block with a host": (
        is_legacy_cidr,
        "10.0.0.1/8",
        ["must not have bits set beyond the prefix length"],
    ),
    "a block with zeros in front": (
        is_legacy_cidr,
        "010.0.0.0/8",
        ["must not have leading 0s in IP or prefix length"],
    ),
    "a block that is written too long": (
        is_cidr,
        "fd00:0::/64",
        ['must be in canonical form ("fd00::/64")'],
    ),
}


@pytest.mark.parametrize(("check", "text", "expected"), CASES.values(), ids=CASES.keys())
def test_what_is_wrong_with_it(
    check: Callable[[str, str], list[FieldError]], text: str, expected: list[str]
) -> None:
    assert [problem.detail for problem in check("spec", text)] == expected


def test_what_was_accepted_once_still_is() -> None:
    assert is_legacy_ip("spec", "010.0.0.1", accepted=["010.0.0.1"]) == []
    assert is_legacy_cidr("spec", "10.0.0.1/8", accepted=["10.0.0.1/8"]) == []


def test_an_old_way_to_write_an_address_is_read_and_warned_about() -> None:
    assert str(parse_ip("010.0.0.1")) == "10.0.0.1"
    assert address_warnings("spec", "010.0.0.1") == [
        'spec: non-standard IP address "010.0.0.1" is invalid: use "10.0.0.1"'
    ]


def test_a_block_with_a_host_is_ambiguous() -> None:
    parsed = parse_cidr("10.0.0.1/8")
    assert parsed is not None
    assert (str(parsed[0]), str(parsed[1])) == ("10.0.0.1", "10.0.0.0/8")
    assert cidr_warnings("spec", "10.0.0.1/8") == [
        'spec: CIDR value "10.0.0.1/8" is ambiguous in this context (should be "10.0.0.0/8" or '
        '"10.0.0.1/32"?)'
    ]
