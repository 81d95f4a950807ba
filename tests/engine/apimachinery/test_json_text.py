"""Text as Go writes it."""

from __future__ import annotations

import pytest

from cluster_engine.apimachinery.fields import invalid_value, not_supported
from cluster_engine.apimachinery.json_text import quoted, to_json, to_shown_json

QUOTED = {
    "plain text": ("web", '"web"'),
    "letters of any language": ("straße", '"straße"'),
    "a quote and a backslash": ('a"b\\', r'"a\"b\\"'),
    "a line break": ("a\nb", r'"a\nb"'),
    "a control character": ("\x00", r'"\x00"'),
    "a sign without width": ("\u200b", r'"\u200b"'),
    "signs of HTML stay": ("<a&b>", '"<a&b>"'),
}


@pytest.mark.parametrize(("text", "expected"), QUOTED.values(), ids=QUOTED.keys())
def test_a_quoted_string(text: str, expected: str) -> None:
    assert quoted(text) == expected


def test_json_sorts_keys_and_escapes_the_signs_of_html() -> None:
    assert to_json({"b": "<", "a": 1.0}, indent=None) == '{"a":1,"b":"\\u003c"}'


def test_a_shown_value_keeps_the_order_of_its_keys() -> None:
    assert to_shown_json({"b": "&", "a": [None]}) == '{"b":"\\u0026","a":[null]}'


def test_an_error_quotes_a_string_and_encodes_anything_else() -> None:
    assert invalid_value("spec", "a<\n", "no").text() == r'spec: Invalid value: "a<\n": no'
    assert invalid_value("spec", {"a": "<"}, "no").text() == (
        'spec: Invalid value: {"a":"\\u003c"}: no'
    )
    assert not_supported("spec", "", ("A",)).text() == (
        'spec: Unsupported value: "": supported values: "A"'
    )
