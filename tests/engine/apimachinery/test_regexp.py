"""Regular expressions in Go's syntax."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster_engine.apimachinery.regexp.matching import compile_regexp
from cluster_engine.apimachinery.regexp.syntax import RegexpError

SUBDOMAIN = r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"


@pytest.mark.parametrize(
    ("expression", "text", "matches"),
    [
        pytest.param("^[a-z]+$", "abc", True, id="a class, repeated"),
        pytest.param("^[a-z]+$", "abc\n", False, id="a dollar is the very end"),
        pytest.param("(?m)^b$", "a\nb\nc", True, id="a line, when asked for"),
        pytest.param("a{2,3}", "xaax", True, id="anywhere in the text"),
        pytest.param("^a{2,3}$", "aaaa", False, id="more than the most"),
        pytest.param(r"^\d+$", "12", True, id="digits"),
        pytest.param("(?i)^abc$", "AbC", True, id="any case"),
        pytest.param("^(?:a(?i:b)c)+$", "aBcabc", True, id="any case in a group only"),
        pytest.param("[[:alpha:]]", "1", False, id="a POSIX class"),
        pytest.param(r"\bfoo\b", "a foo b", True, id="a word"),
        pytest.param(r"\bfoo\b", "afoo", False, id="the end of a word"),
        pytest.param("^$", "", True, id="nothing"),
        pytest.param("a.c", "a\nc", False, id="a dot is no newline"),
        pytest.param("(?s)a.c", "a\nc", True, id="a dot is anything, when asked for"),
        pytest.param(r"^\pL+$", "äö", True, id="letters of all scripts"),
        pytest.param("^a??b$", "b", True, id="reluctantly"),
        pytest.param("^[^a-c]$", "b", False, id="a negated class"),
        pytest.param("^[-a]$", "-", True, id="a dash at its edge"),
        pytest.param(SUBDOMAIN, "a.b-c.d", True, id="a subdomain"),
        pytest.param(SUBDOMAIN, "a..b", False, id="no subdomain"),
    ],
)
def test_matching(expression: str, text: str, matches: bool) -> None:
    assert compile_regexp(expression).matches(text) is matches


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ("(", "missing closing ): `(`"),
        (")", "unexpected ): `)`"),
        ("[a", "missing closing ]: `[a`"),
        ("*a", "missing argument to repetition operator: `*`"),
        ("a**", "invalid nested repetition operator: `**`"),
        ("a{1001}", "invalid repeat count: `{1001}`"),
        ("[z-a]", "invalid character class range: `[z-a`"),
        (r"\8", r"invalid escape sequence: `\8`"),
        ("\\", "trailing backslash at end of expression"),
        ("a" * 2001, "expression too large"),
        ("((a{100}){100}){100}", "expression too large"),
    ],
    ids=lambda text: text[:40],
)
def test_problems(expression: str, problem: str) -> None:
    with pytest.raises(RegexpError) as caught:
        compile_regexp(expression)
    assert str(caught.value) == f"error parsing regexp: {problem}"


def test_hostile_expressions_take_no_time() -> None:
    assert not compile_regexp("^(a+)+$").matches("a" * 20_000 + "b")
    assert not compile_regexp("^(([a-z])+.)+[A-Z]([a-z])+$").matches("a" * 20_000)


PIECES = ["a", "b", ".", "(a|b)", "(ab)*", "a?", "b+", "[ab]", "^", "$", "a{1,2}", "(a*b)?"]


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=5), st.text("ab", max_size=6))
def test_matches_are_those_of_another_engine(pieces: list[str], text: str) -> None:
    expression = "".join(pieces)
    other = re.compile(expression.replace("$", r"\Z"))
    assert compile_regexp(expression).matches(text) is bool(other.search(text))
