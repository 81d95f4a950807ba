"""Quantities against tables taken from upstream's behaviour, and their algebra."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster_engine.apimachinery import quantity as q

CANONICAL = {
    "zero": ("0", "0"),
    "zero with a suffix": ("0Mi", "0"),
    "no digits is zero": ("m", "0"),
    "milli stays": ("500m", "500m"),
    "half a core": ("0.5", "500m"),
    "many zeros move up": ("1000m", "1"),
    "a number of thousands": ("5000", "5k"),
    "binary moves up": ("1024Mi", "1Gi"),
    "binary with a fraction": ("1.5Gi", "1536Mi"),
    "less than 1024 is decimal": ("1000Ki", "1000Ki"),
    "small binary": ("0.5Ki", "512"),
    "binary that is no whole number": ("1.1Ki", "1126400m"),
    "exponent form": ("12e6", "12e6"),
    "exponent form is normalised": ("1200e3", "1200e3"),
    "exponent with zeros": ("10e2", "1e3"),
    "less than a nano rounds up": ("0.1n", "1n"),
    "micro": ("100u", "100u"),
    "a plus sign that upstream keeps": ("+5", "+5"),
    "negative": ("-1.5", "-1500m"),
    "a fraction upstream keeps": ("1.500", "1.500"),
    "exa": ("3E", "3E"),
    "the cap of binary": ("100Ei", "9223372036854775807"),
    "number without a suffix": (1024, "1024"),
    "float": (0.25, "250m"),
}


@pytest.mark.parametrize(("written", "expected"), CANONICAL.values(), ids=CANONICAL.keys())
def test_canonical_text(written, expected):
    assert q.canonical(written) == expected


REFUSED = {
    "empty": ("", q.FORMAT_WRONG),
    "words": ("aoeu", q.FORMAT_WRONG),
    "space inside": ("1 G", q.FORMAT_WRONG),
    "two dots": ("1.1.M", q.FORMAT_WRONG),
    "trailing sign": ("1+1.0M", q.FORMAT_WRONG),
    "unknown letters": ("0.1mi", q.SUFFIX_WRONG),
    "small i alone": ("1i", q.SUFFIX_WRONG),
    "an exponent without a number": ("3.01e-", q.SUFFIX_WRONG),
    "too large for any machine": ("1e999999999", q.NUMERIC_WRONG),
    "thousands of digits": ("9" * 5000, q.NUMERIC_WRONG),
}


@pytest.mark.parametrize(("written", "text"), REFUSED.values(), ids=REFUSED.keys())
def test_malformed_text_is_refused_with_upstreams_words(written, text):
    with pytest.raises(q.QuantityError) as caught:
        q.parse_quantity(written)
    assert str(caught.value) == text


ROUNDED = {
    "milli of a half": ("0.5", 500, 1),
    "micro rounds up": ("1u", 1, 1),
    "binary": ("2Ki", 2048000, 2048),
    "negative rounds away from zero": ("-1.0001", -1001, -2),
}


@pytest.mark.parametrize(("written", "milli", "whole"), ROUNDED.values(), ids=ROUNDED.keys())
def test_rounding_goes_away_from_zero(written, milli, whole):
    assert (q.milli_value(written), q.value(written)) == (milli, whole)


def test_a_sum_takes_the_format_of_its_left_side():
    assert str(q.parse_quantity("1Gi") + q.parse_quantity("512Mi")) == "1536Mi"
    assert str(q.ZERO + q.parse_quantity("1Gi")) == "1Gi"
    assert str(q.parse_quantity("2") - q.parse_quantity("500m")) == "1500m"


AMOUNTS = st.tuples(
    st.integers(-(10**6), 10**6), st.sampled_from(["", "m", "k", "M", "Ki", "Mi", "Gi", "e3"])
).map(lambda pair: f"{pair[0]}{pair[1]}")


@given(AMOUNTS)
def test_canonical_text_means_the_same_and_is_stable(written):
    text = q.canonical(written)
    assert q.parse_quantity(text) == q.parse_quantity(written)
    assert q.parse_quantity(q.canonical(text)) == q.parse_quantity(text)


@given(AMOUNTS, AMOUNTS)
def test_addition_is_undone_by_subtraction(left, right):
    one, two = q.parse_quantity(left), q.parse_quantity(right)
    assert one + two - two == one
    assert (one < two) == (two - one > q.ZERO)
