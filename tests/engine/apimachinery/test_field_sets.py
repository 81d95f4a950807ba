"""The algebra of field sets, against plain sets of paths."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster_engine.apimachinery.patches import field_sets as fs

ELEMENTS = st.sampled_from(["f:a", "f:b", 'k:{"n":1}', 'v:"x"'])
PATHS = st.frozensets(st.lists(ELEMENTS, min_size=1, max_size=3).map(tuple), max_size=6)


def members(fields):
    return set(fs.paths(fields))


@given(PATHS)
def test_a_set_has_exactly_the_paths_it_is_made_of(paths):
    assert members(fs.of_paths(*paths)) == set(paths)


@given(PATHS, PATHS)
def test_operations_are_those_of_sets(left, right):
    one, two = fs.of_paths(*left), fs.of_paths(*right)
    assert members(fs.union(one, two)) == left | right
    assert members(fs.intersection(one, two)) == left & right
    assert members(fs.difference(one, two)) == left - right


@given(PATHS, PATHS)
def test_recursive_difference_takes_what_is_below(left, right):
    found = fs.recursive_difference(fs.of_paths(*left), fs.of_paths(*right))
    expected = {p for p in left if not any(p[: len(q)] == q for q in right)}
    assert members(found) == expected


@given(PATHS, PATHS)
def test_membership(left, probe):
    fields = fs.of_paths(*left)
    for path in probe:
        assert fs.contains(fields, path) == (path in left)


@given(PATHS)
def test_writing_and_reading_keeps_the_set(paths):
    fields = fs.of_paths(*paths)
    assert fs.from_json(fs.in_order(fields)) == fields


def test_order_is_numeric_for_numbers():
    fields = fs.of_paths(('k:{"port":443}',), ('k:{"port":80}',), ("f:z",), ('v:"a"',))
    assert list(fs.in_order(fields)) == ["f:z", 'k:{"port":80}', 'k:{"port":443}', 'v:"a"']


def test_a_path_is_shown_as_in_conflicts():
    path = ("f:spec", "f:containers", 'k:{"name":"a","port":80}', "f:env", 'v:"x"')
    assert fs.path_text(path) == '.spec.containers[name="a",port=80].env[="x"]'


REFUSED = {"no object": [], "no colon": {"fx": {}}, "too short": {"f": {}}, "bad key": {"k:[]": {}}}


@pytest.mark.parametrize("fields", REFUSED.values(), ids=REFUSED.keys())
def test_malformed_sets_are_refused(fields):
    with pytest.raises(ValueError):
        fs.from_json(fields)


def test_unknown_element_kinds_are_dropped():
    assert fs.from_json({"x:new": {}, "f:a": {}}) == {"f:a": {}}
