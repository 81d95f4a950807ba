"""JSON patch and JSON merge patch."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster_engine.apimachinery.patches.json_patch import JsonPatchError, apply_json_patch
from cluster_engine.apimachinery.patches.merge import (
    create_merge_patch,
    create_three_way_merge_patch,
    merge_patch,
)

DOCUMENT = {"data": {"a": "1", "b": "2"}, "list": [1, 2, 3], "x/y": 0}

DONE = {
    "add a member": ([{"op": "add", "path": "/data/c", "value": "3"}], "/data/c", "3"),
    "replace sets a missing member": (
        [{"op": "replace", "path": "/data/q", "value": "3"}],
        "/data/q",
        "3",
    ),
    "add at the end of a list": ([{"op": "add", "path": "/list/-", "value": 4}], "/list/3", 4),
    "insert into a list": ([{"op": "add", "path": "/list/0", "value": 0}], "/list/1", 1),
    "escaped path": ([{"op": "replace", "path": "/x~1y", "value": 5}], "/x~1y", 5),
    "move": ([{"op": "move", "from": "/data/a", "path": "/data/z"}], "/data/z", "1"),
    "copy": ([{"op": "copy", "from": "/data", "path": "/copy"}], "/copy/b", "2"),
    "test then add": (
        [
            {"op": "test", "path": "/data/a", "value": "1"},
            {"op": "add", "path": "/data/t", "value": "y"},
        ],
        "/data/t",
        "y",
    ),
    "a missing member tests as null": (
        [{"op": "test", "path": "/data/none", "value": None}],
        "/data/a",
        "1",
    ),
    "the whole document": ([{"op": "replace", "path": "", "value": {"n": 1}}], "/n", 1),
}


@pytest.mark.parametrize(("operations", "where", "expected"), DONE.values(), ids=DONE.keys())
def test_operations(operations, where, expected):
    result = apply_json_patch(DOCUMENT, operations)
    assert apply_json_patch(result, [{"op": "test", "path": where, "value": expected}]) is result
    assert DOCUMENT == {"data": {"a": "1", "b": "2"}, "list": [1, 2, 3], "x/y": 0}


REFUSED = {
    "remove a missing member": {"op": "remove", "path": "/data/none"},
    "test with another value": {"op": "test", "path": "/data/a", "value": "2"},
    "a boolean is no number": {"op": "test", "path": "/x~1y", "value": False},
    "an unknown operation": {"op": "zap", "path": "/data/a"},
    "no operation": {"path": "/data/a"},
    "no path": {"op": "add", "value": 1},
    "no parent": {"op": "add", "path": "/none/x", "value": 1},
    "no pointer": {"op": "add", "path": "data", "value": 1},
    "index out of range": {"op": "remove", "path": "/list/9"},
    "index that is no number": {"op": "add", "path": "/list/x", "value": 1},
    "move from nowhere": {"op": "move", "from": "/data/none", "path": "/data/a"},
    "not an object": 5,
}


@pytest.mark.parametrize("operation", REFUSED.values(), ids=REFUSED.keys())
def test_refused_operations(operation):
    with pytest.raises(JsonPatchError):
        apply_json_patch(DOCUMENT, [operation])


LEAVES = st.one_of(st.integers(0, 3), st.text("ab", max_size=2), st.lists(st.integers(0, 2)))
OBJECTS = st.recursive(
    st.dictionaries(st.text("abc", min_size=1, max_size=1), LEAVES, max_size=3),
    lambda inner: st.dictionaries(
        st.text("abc", min_size=1, max_size=1), st.one_of(LEAVES, inner), max_size=3
    ),
    max_leaves=8,
)


@given(OBJECTS, OBJECTS)
def test_a_merge_patch_leads_where_it_was_made_for(before, after):
    assert merge_patch(before, create_merge_patch(before, after)) == after


@given(OBJECTS)
def test_nothing_to_change_is_an_empty_patch(obj):
    assert create_merge_patch(obj, obj) == {}


def test_three_way_removes_only_what_was_applied():
    patch = create_three_way_merge_patch(
        {"a": 1, "b": {"x": 1, "y": 2}}, {"a": 1, "b": {"x": 5}}, {"a": 1, "b": {"x": 1}, "own": 1}
    )
    assert patch == {"b": {"x": 5, "y": None}}
