"""Naming rules with upstream's messages."""

from __future__ import annotations

import pytest

from cluster_engine.apimachinery import names as n

LABEL = (
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "
    "must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used "
    "for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"
)
KEY = (
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end "
    "with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for "
    "validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
)
CASES = {
    "a label": (n.is_dns1123_label, "my-name", []),
    "a label with a capital": (n.is_dns1123_label, "My", [LABEL]),
    "a label with a dot": (n.is_dns1123_label, "a.b", ["must not contain dots"]),
    "a long label": (n.is_dns1123_label, "a" * 64, ["must be no more than 63 characters"]),
    "a subdomain": (n.is_dns1123_subdomain, "a.b-c.d", []),
    "a key with a prefix": (n.is_label_key, "example.com/Name", []),
    "a key with an empty prefix": (n.is_label_key, "/a", ["prefix part must be non-empty"]),
    "an empty key": (n.is_label_key, "", ["name part must be non-empty", KEY]),
    "a long value": (n.is_label_value, "a" * 64, ["must be no more than 63 bytes"]),
    "an empty value": (n.is_label_value, "", []),
    "a port": (n.is_port_number, 0, ["must be between 1 and 65535, inclusive"]),
    "a port name": (n.is_port_name, "http", []),
    "a port name of digits": (n.is_port_name, "80", ["must contain at least one letter (a-z)"]),
    "a port name with hyphens": (
        n.is_port_name,
        "a--b-",
        ["must not contain consecutive hyphens", "must not begin or end with a hyphen"],
    ),
    "a path segment": (n.is_path_segment, "a/b", ["may not contain '/'"]),
    "a dot": (n.is_path_segment, ".", ["may not be '.'"]),
    "a parent as a key": (n.is_config_map_key, "..x", ["must not start with '..'"]),
    "a domain": (n.is_fully_qualified_domain, "example.com.", []),
    "one segment": (
        n.is_fully_qualified_domain,
        "com",
        ["should be a domain with at least two segments separated by dots"],
    ),
}


@pytest.mark.parametrize(("check", "text", "expected"), CASES.values(), ids=CASES.keys())
def test_messages(check, text, expected):
    assert check(text) == expected


def test_a_newline_at_the_end_is_no_name():
    assert n.is_dns1123_label("a\n") == [LABEL]


def test_a_generated_name_may_end_in_a_dash():
    assert n.is_dns1123_label(n.mask_trailing_dash("web-")) == []
