"""Expansion in its parts: patterns, arithmetic, braces, fields; against independent models."""

import fnmatch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cluster_engine.shell.expansion.arithmetic import ArithmeticProblem, evaluate
from cluster_engine.shell.expansion.braces import WORDS_MAX, expand_braces
from cluster_engine.shell.expansion.fields import Piece, split, text_of
from cluster_engine.shell.expansion.pattern import Pattern
from cluster_engine.shell.syntax.nodes import Literal, Word

TEXT = st.text("ab.", max_size=8)
PATTERN = st.lists(st.sampled_from(["a", "b", ".", "*", "?", "[ab]", "[!a]"]), max_size=6)


class Names:
    def __init__(self):
        self.held = {"x": "5", "loop": "loop", "sum": "x+1"}

    def number_text(self, name, index):
        return self.held.get(name, "")

    def set_number(self, name, index, value):
        self.held[name] = str(value)


@settings(max_examples=300, deadline=None)
@given(PATTERN, TEXT)
def test_patterns_match_what_fnmatch_matches(parts, text):
    pattern = "".join(parts)
    assert Pattern(pattern).matches(text) == fnmatch.fnmatchcase(text, pattern)


@settings(max_examples=200, deadline=None)
@given(PATTERN, TEXT)
def test_ends_and_begins_agree_with_matching_every_piece(parts, text):
    pattern = Pattern("".join(parts))
    pieces = {
        (i, j) for i in range(len(text) + 1) for j in range(i, len(text) + 1)
        if pattern.matches(text[i:j])
    }  # fmt: skip
    assert pattern.ends(text) == sorted(j for i, j in pieces if i == 0)
    begins = [any(i == position < j for i, j in pieces) for position in range(len(text))]
    assert list(map(bool, pattern.begins(text))) == begins


def test_a_pattern_of_many_stars_is_not_slow():
    pattern = Pattern("*a" * 30 + "b")
    assert not pattern.matches("a" * 20_000)


NUMBER = st.integers(-50, 50)
TREE = st.recursive(
    NUMBER.map(lambda n: f"({n})"),
    lambda inner: st.tuples(inner, st.sampled_from(["+", "-", "*", "&", "|", "^"]), inner).map(
        lambda t: f"({t[0]}{t[1]}{t[2]})"
    ),
    max_leaves=8,
)


@settings(max_examples=200, deadline=None)
@given(TREE)
def test_arithmetic_agrees_with_python(text):
    assert evaluate(text, Names()) == eval(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7/2", 3),
        ("-7/2", -3),
        ("-7%3", -1),
        ("2**10", 1024),
        ("1<<63", -(1 << 63)),
        ("9223372036854775807+1", -(1 << 63)),
        ("0x1f+010", 39),
        ("2#101", 5),
        ("x*2", 10),
        ("sum", 6),
        ("unset+1", 1),
        ("1?2:3", 2),
        ("0&&(1/0)", 0),
        ("1||(1/0)", 1),
        ("(y=3)+y", 6),
        ("1,2,3", 3),
        ("!0+~0", 0),
        ("", 0),
    ],
)
def test_arithmetic_is_that_of_c(text, value):
    assert evaluate(text, Names()) == value


@pytest.mark.parametrize(
    "text", ["1+", "1/0", "(1", "1 2", "08", "loop", "@", "2**-1", "(" * 100 + "1" + ")" * 100]
)
def test_wrong_expressions_are_refused(text):
    with pytest.raises(ArithmeticProblem):
        evaluate(text, Names())


def braces(text):
    return ["".join(part.text for part in word.parts) for word in expand_braces(
        Word((Literal(text),), text)
    )]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a{b,c}d", ["abd", "acd"]),
        ("{a,b}{1,2}", ["a1", "a2", "b1", "b2"]),
        ("{1..3}", ["1", "2", "3"]),
        ("{3..1}", ["3", "2", "1"]),
        ("{08..10}", ["08", "09", "10"]),
        ("{1..9..4}", ["1", "5", "9"]),
        ("{a..c}", ["a", "b", "c"]),
        ("{a,{b,c}}", ["a", "b", "c"]),
        ("{a}", ["{a}"]),
        ("{a,b", ["{a,b"]),
        ("{,x}", ["", "x"]),
        ("${x,y}", ["${x,y}"]),
    ],
)
def test_braces(text, words):
    assert braces(text) == words


def test_braces_are_bounded():
    assert len(braces("{1..1000000}")) <= WORDS_MAX + 1
    assert len(braces("{a,b}" * 20)) <= WORDS_MAX


@pytest.mark.parametrize(
    ("text", "separators", "fields"),
    [
        ("  a  b ", " \t\n", ["a", "b"]),
        ("a:b::c", ":", ["a", "b", "", "c"]),
        (":a", ":", ["", "a"]),
        ("a : b", " :", ["a", "b"]),
        ("a b", "", ["a b"]),
        ("", " ", []),
    ],
)
def test_words_are_split_where_ifs_says(text, separators, fields):
    pieces = [Piece(text, is_split=True)]
    assert [text_of(field) for field in split(pieces, separators)] == fields
