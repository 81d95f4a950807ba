"""Typed values: their fields, comparing, merging, removing, validating."""

from __future__ import annotations

import pytest
from hypothesis import given

from cluster_engine.apimachinery.patches import field_sets as fs
from cluster_engine.apimachinery.patches.typed import (
    TypedError,
    compare,
    field_set,
    remove,
    validate,
)
from cluster_engine.apimachinery.patches.typed_merge import merge
from tests.engine.apimachinery.shapes_for_tests import THING
from tests.engine.apimachinery.test_strategic import THINGS


def spec(**fields):
    return {"spec": fields}


FIELDS = {
    "leaves only": (spec(replicas=1), {"f:spec": {"f:replicas": {}}}),
    "an atomic map is a leaf": (
        spec(selector={"matchLabels": {"a": "b"}}),
        {"f:spec": {"f:selector": {}}},
    ),
    "an empty map is a leaf": ({"data": {}}, {"f:data": {}}),
    "entries of a map": ({"data": {"a": "1"}}, {"f:data": {"f:a": {}}}),
    "items by key, with the default of a missing key": (
        spec(containers=[{"name": "c", "ports": [{"port": 80}]}]),
        {
            "f:spec": {
                "f:containers": {
                    'k:{"name":"c"}': {
                        ".": {},
                        "f:name": {},
                        "f:ports": {
                            'k:{"port":80,"protocol":"TCP"}': {".": {}, "f:port": {}},
                        },
                    }
                }
            }
        },
    ),
    "a set by value": (
        {"metadata": {"finalizers": ["x"]}},
        {"f:metadata": {"f:finalizers": {'v:"x"': {}}}},
    ),
    "free maps own their way": (
        {"free": {"a": {"b": 1}}},
        {"f:free": {"f:a": {".": {}, "f:b": {}}}},
    ),
}


@pytest.mark.parametrize(("value", "expected"), FIELDS.values(), ids=FIELDS.keys())
def test_fields_of_a_value(value, expected):
    assert field_set(value, THING) == expected


def test_what_is_new_owns_the_way_to_it():
    found = compare({}, {"data": {"a": "1"}}, THING)
    assert found == ({}, {}, {"f:data": {".": {}, "f:a": {}}})


def test_changes_by_key_are_found_whatever_the_order():
    old = spec(containers=[{"name": "a", "image": "1"}, {"name": "b"}])
    new = spec(containers=[{"name": "b"}, {"name": "a", "image": "2"}])
    found = compare(old, new, THING)
    changed = {"f:spec": {"f:containers": {'k:{"name":"a"}': {"f:image": {}}}}}
    assert found == ({}, changed, {})


def test_true_is_not_one():
    assert compare(spec(paused=True), spec(paused=1), THING).modified


@given(THINGS)
def test_a_value_does_not_differ_from_itself(thing):
    assert compare(thing, dict(thing), THING) == ({}, {}, {})


@given(THINGS, THINGS)
def test_what_one_way_is_added_the_other_way_is_removed(one, two):
    there, back = compare(one, two, THING), compare(two, one, THING)
    assert there.added == back.removed and there.modified == back.modified


@given(THINGS, THINGS)
def test_a_merged_config_is_all_there(live, config):
    merged = merge(live, config, THING)
    difference = compare(config, merged, THING)
    owned = field_set(config, THING)
    assert not fs.intersection(owned, difference.modified)
    assert not fs.intersection(owned, difference.removed)
    assert merge(merged, config, THING) == merged


ORDERS = {
    "new items after those before them": (["a", "b"], ["b", "c"], ["a", "b", "c"]),
    "the config's order wins": (["a", "b"], ["b", "a"], ["b", "a"]),
    "live items keep their place": (["x", "a", "y", "b"], ["b", "a"], ["x", "y", "b", "a"]),
    "a new first item": (["c"], ["x", "c"], ["x", "c"]),
}


@pytest.mark.parametrize(("live", "config", "expected"), ORDERS.values(), ids=ORDERS.keys())
def test_order_of_merged_items(live, config, expected):
    def named(names):
        return spec(containers=[{"name": name} for name in names])

    assert merge(named(live), named(config), THING) == named(expected)


def test_removing_fields():
    value = spec(replicas=1, containers=[{"name": "a", "image": "i"}, {"name": "b"}])
    gone = fs.of_paths(
        ("f:spec", "f:replicas"),
        ("f:spec", "f:containers", 'k:{"name":"a"}', "f:image"),
        ("f:spec", "f:containers", 'k:{"name":"b"}'),
    )
    assert remove(value, gone, THING) == spec(containers=[{"name": "a"}])


PROBLEMS = {
    "an unknown field": (spec(zap=1), [".spec.zap: field not declared in schema"]),
    "a wrong scalar": (
        spec(replicas="1"),
        [".spec.replicas: expected numeric (int or float), got string"],
    ),
    "a list for a map": ({"data": []}, [".data: expected map, got []"]),
    "twice the same key": (
        spec(containers=[{"name": "a"}, {"name": "a"}]),
        ['.spec.containers: duplicate entries for key [name="a"]'],
    ),
    "no key": (
        spec(containers=[{"image": "a"}]),
        [
            ".spec.containers: element 0: associative list with keys has an element that omits "
            'all key fields ["name"] (and doesn\'t have default values for any key fields)'
        ],
    ),
}


@pytest.mark.parametrize(("value", "problems"), PROBLEMS.values(), ids=PROBLEMS.keys())
def test_what_does_not_fit(value, problems):
    with pytest.raises(TypedError) as caught:
        validate(value, THING)
    assert caught.value.problems == problems
