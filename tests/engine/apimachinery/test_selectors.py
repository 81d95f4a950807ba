"""Label and field selectors: what they match and how malformed ones are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster_engine.apimachinery import selectors as s

LABELS = {"app": "web", "tier": "front", "weight": "12"}

MATCHES = {
    "equality": ("app=web", True),
    "double equality": ("app==web", True),
    "another value": ("app=db", False),
    "inequality": ("app!=db", True),
    "inequality of an absent label": ("none!=x", True),
    "set": ("tier in (front, back)", True),
    "not in a set": ("tier notin (front,back)", False),
    "existence": ("app", True),
    "absence": ("!legacy", True),
    "all must hold": ("app=web,!tier", False),
    "greater": ("weight>11", True),
    "less": ("weight<12", False),
    "keyword as a value": ("app in (in,web)", True),
    "empty text selects everything": ("", True),
    "empty value": ("app=", False),
    "blanks": (" app = web , tier ", True),
}


@pytest.mark.parametrize(("text", "expected"), MATCHES.values(), ids=MATCHES.keys())
def test_label_selector_matches(text, expected):
    assert s.parse_label_selector(text).matches(LABELS) is expected


REFUSED = {
    "a comma at the end": ("a=b,", "found '', expected: identifier after ','"),
    "an operator first": ("=b", "found '=', expected: !, identifier, or 'end of string'"),
    "two values": ("a=b c", "found 'c', expected: ',' or 'end of string'"),
    "no operator": (
        "a b",
        "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt",
    ),
    "no parenthesis": ("a in b", "unable to parse requirement: found 'b' expected: '('"),
    "no integer": (
        "a>b",
        "unable to parse requirement: values[0]: Invalid value: \"b\": for 'Gt', 'Lt' "
        "operators, the value must be an integer",
    ),
}


@pytest.mark.parametrize(("text", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_malformed_label_selector(text, message):
    with pytest.raises(s.SelectorError) as caught:
        s.parse_label_selector(text)
    assert str(caught.value) == message


def test_invalid_label_value_names_its_place():
    with pytest.raises(s.SelectorError, match=r"unable to parse requirement: values\[0\]\[a\]: "):
        s.parse_label_selector("a=-b")


def test_selector_objects():
    assert not s.from_label_selector(None).matches(LABELS)
    assert s.from_label_selector({}).matches({})
    selector = s.from_label_selector(
        {
            "matchLabels": {"app": "web"},
            "matchExpressions": [{"key": "tier", "operator": "NotIn", "values": ["b", "a"]}],
        }
    )
    assert selector.matches(LABELS)
    assert str(selector) == "app=web,tier notin (a,b)"


def test_unknown_operator_of_an_object_is_refused():
    with pytest.raises(s.SelectorError, match='"Like" is not a valid label selector operator'):
        s.from_label_selector({"matchExpressions": [{"key": "a", "operator": "Like"}]})


def test_node_expressions_compare_numbers():
    selector = s.from_node_expressions([{"key": "weight", "operator": "Gt", "values": ["3"]}])
    assert selector.matches(LABELS) and not selector.matches({"weight": "x"})


FIELDS = {
    "one term": ("spec.nodeName=n1", True),
    "negated": ("spec.nodeName!=n1", False),
    "unset is empty": ("status.phase=", True),
    "escaped comma": (r"name=a\,b", True),
    "all must hold": ("spec.nodeName=n1,name=x", False),
}


@pytest.mark.parametrize(("text", "expected"), FIELDS.values(), ids=FIELDS.keys())
def test_field_selector_matches(text, expected):
    held = {"spec.nodeName": "n1", "name": "a,b"}
    assert s.parse_field_selector(text).matches(lambda path: held.get(path, "")) is expected


FIELDS_REFUSED = {
    "no operator": ("abc", "invalid selector: 'abc'; can't understand 'abc'"),
    "unknown escape": (r"a=\x", r"invalid field selector: invalid escape sequence: \x"),
    "bare equals sign": ("a=b=c", "invalid field selector: unescaped character in value: 61"),
}


@pytest.mark.parametrize(("text", "message"), FIELDS_REFUSED.values(), ids=FIELDS_REFUSED.keys())
def test_malformed_field_selector(text, message):
    with pytest.raises(s.SelectorError) as caught:
        s.parse_field_selector(text)
    assert str(caught.value) == message


NAMES = st.text("abc", min_size=1, max_size=3)


@given(st.dictionaries(NAMES, NAMES, min_size=1), st.dictionaries(NAMES, NAMES))
def test_a_printed_selector_parses_to_itself(wanted, labels):
    selector = s.from_map(wanted)
    again = s.parse_label_selector(str(selector))
    assert again == selector
    assert again.matches(labels) == all(labels.get(k) == v for k, v in wanted.items())
