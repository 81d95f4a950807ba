"""Regular expressions against what GNU grep 3.8 finds, and that none takes for ever."""

import pickle
import time

import pytest

from cluster_engine.shell.commands.regex.pattern import Pattern
from cluster_engine.shell.commands.regex.problems import PatternProblem
from cluster_engine.shell.commands.regex.reading import read_pattern

BASIC, EXTENDED, PERL = "basic", "extended", "perl"


@pytest.mark.parametrize(
    ("dialect", "pattern", "text", "found"),
    [
        pytest.param(EXTENDED, "a|ab", "xabc", ["ab"], id="the longest branch wins"),
        pytest.param(EXTENDED, "(a|ab)(c|bcd)", "abcd", ["abcd"], id="the longest whole wins"),
        pytest.param(EXTENDED, "x*", "axxc", ["", "xx", ""], id="empty matches between others"),
        pytest.param(EXTENDED, r"\bfoo\b", "a foo b food", ["foo"], id="word edges"),
        pytest.param(EXTENDED, r"\<the\>", "then the then", ["the"], id="word start and end"),
        pytest.param(EXTENDED, r"\Bo", "foo o", ["o", "o"], id="no word edge"),
        pytest.param(EXTENDED, "^a|b", "aab", ["a", "b"], id="anchor in a branch"),
        pytest.param(
            EXTENDED, "([0-9]{1,3}\\.){3}[0-9]{1,3}", "at 10.244.1.3.", ["10.244.1.3"], id="address"
        ),
        pytest.param(EXTENDED, "a{2,3}", "aaaaaa", ["aaa", "aaa"], id="interval"),
        pytest.param(EXTENDED, "a{,2}b", "aaaab", ["aab"], id="interval without a least"),
        pytest.param(EXTENDED, "a{1", "a{1", ["a{1"], id="no interval"),
        pytest.param(EXTENDED, "a)", "a)", ["a)"], id="a lone parenthesis is itself"),
        pytest.param(EXTENDED, "*a", "*a", ["a"], id="nothing to repeat"),
        pytest.param(EXTENDED, "[]a]+", "]a]x", ["]a]"], id="bracket that begins with ]"),
        pytest.param(EXTENDED, "[^]a]+", "]abc]", ["bc"], id="negated bracket with ]"),
        pytest.param(EXTENDED, "[[:alpha:]_]+", "foo_bar 12", ["foo_bar"], id="named class"),
        pytest.param(EXTENDED, r"[\n]+", r"a\nn", [r"\nn"], id="backslash in brackets is itself"),
        pytest.param(EXTENDED, r"(.)\1", "hello", ["ll"], id="backreference"),
        pytest.param(EXTENDED, "(a*)*b", "aaab", ["aaab"], id="repeat of a repeat"),
        pytest.param(BASIC, "a+", "a+b aa", ["a+"], id="basic plus is itself"),
        pytest.param(BASIC, r"a\+", "a+b aa", ["a", "aa"], id="GNU's basic plus"),
        pytest.param(BASIC, r"a\|b", "cab", ["a", "b"], id="GNU's basic alternative"),
        pytest.param(BASIC, "*a", "b*a", ["*a"], id="star at the start is itself"),
        pytest.param(BASIC, "^*ab", "*ab", ["*ab"], id="star after the anchor is itself"),
        pytest.param(BASIC, "a^b$c", "a^b$c", ["a^b$c"], id="anchors in the middle"),
        pytest.param(BASIC, r"a\{2\}", "aaa", ["aa"], id="basic interval"),
        pytest.param(PERL, '".*?"', '"a" "b"', ['"a"', '"b"'], id="reluctant repeat"),
        pytest.param(PERL, r"x\K\d+", "x123 y4", ["123"], id="keep"),
        pytest.param(PERL, "(?<=foo)bar", "foobar bar", ["bar"], id="look behind"),
        pytest.param(PERL, "a(?!b)", "abac", ["a"], id="look ahead"),
    ],
)
def test_what_is_found(dialect, pattern, text, found):
    compiled = Pattern(pattern, dialect)
    assert [match[0] for match in compiled.finditer(text)] == found
    assert compiled.finds(text)
    assert pickle.loads(pickle.dumps(compiled)).search(text)[0] == found[0]


def test_groups_tell_what_they_matched():
    found = Pattern(r"([a-z]+)-([0-9]*)(x)?", EXTENDED).search("  web-42")
    assert found.groups() == ("web", "42", None)
    assert found.span() == (2, 8)


def test_case_is_ignored_in_letters_and_brackets():
    assert Pattern("[a-c]X", EXTENDED, ignores_case=True).search("zBx")[0] == "Bx"


@pytest.mark.parametrize(
    ("dialect", "pattern", "text"),
    [
        (EXTENDED, "(a", "Unmatched ( or \\("),
        (BASIC, "a\\)", "Unmatched ) or \\)"),
        (EXTENDED, "[a", "Unmatched [, [^, [:, [., or [="),
        (EXTENDED, "a\\", "Trailing backslash"),
        (EXTENDED, "[z-a]", "Invalid range end"),
        (EXTENDED, "[[:foo:]]", "Invalid character class name"),
        (EXTENDED, r"\1(a)", "Invalid back reference"),
        (EXTENDED, "a{2,1}", "Invalid content of \\{\\}"),
        (BASIC, "a\\{1", "Unmatched \\{"),
        (EXTENDED, "(((a{99}){99}){99})", "Regular expression too big"),
        (EXTENDED, "(" * 100, "Regular expression too big"),
    ],
)
def test_malformed_patterns_are_refused(dialect, pattern, text):
    with pytest.raises(PatternProblem) as problem:
        Pattern(pattern, dialect)
    assert str(problem.value) == text


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(a|aa)+$", "a" * 50_000 + "b"),
        ("(x+x+)+y", "x" * 50_000),
        ("a.*b.*c.*d", "abc" * 20_000),
        ("(a|b)*a(a|b){200}", "abbabaab" * 4_000),
        ("a(.*b)?", "a" * 5_000),
        (r"(.*)(.*)(.*)\1x", "ab" * 2_000),
    ],
)
def test_no_pattern_takes_for_ever(pattern, text):
    compiled = Pattern(pattern, EXTENDED)
    before = time.process_time()
    try:
        compiled.finds(text)
        list(compiled.finditer(text))
    except PatternProblem as problem:
        assert "work allowed" in str(problem)
    assert time.process_time() - before < 3


def test_the_number_of_groups_is_known():
    assert read_pattern("(a)(b(c))", EXTENDED)[1] == 3
