"""Strategic merge patches: directives, merge keys, order, and their making."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster_engine.apimachinery.patches.strategic import StrategicPatchError, strategic_merge
from cluster_engine.apimachinery.patches.strategic_diff import create_patch, create_three_way_patch
from tests.engine.apimachinery.shapes_for_tests import THING


def spec(**fields):
    return {"spec": fields}


C1 = {"name": "c1", "image": "one", "command": ["run"]}
C2 = {"name": "c2", "image": "two"}

MERGED = {
    "an item is merged by its key": (
        spec(containers=[C1, C2]),
        spec(containers=[{"name": "c1", "image": "new"}]),
        spec(containers=[{**C1, "image": "new"}, C2]),
    ),
    "a new item goes to the front": (
        spec(containers=[C1]),
        spec(containers=[C2]),
        spec(containers=[C2, C1]),
    ),
    "an item is deleted": (
        spec(containers=[C1, C2]),
        spec(containers=[{"name": "c1", "$patch": "delete"}]),
        spec(containers=[C2]),
    ),
    "a list is replaced": (
        spec(containers=[C1]),
        spec(containers=[{"$patch": "replace"}, C2]),
        spec(containers=[C2]),
    ),
    "the order is set": (
        spec(containers=[C1, C2]),
        {"spec": {"$setElementOrder/containers": [{"name": "c2"}, {"name": "c1"}]}},
        spec(containers=[C2, C1]),
    ),
    "lists without a strategy are replaced": (
        spec(containers=[C1]),
        spec(containers=[{"name": "c1", "command": ["a", "b"]}]),
        spec(containers=[{**C1, "command": ["a", "b"]}]),
    ),
    "null removes": (spec(replicas=1, paused=True), spec(paused=None), spec(replicas=1)),
    "null of what is absent does nothing": (spec(replicas=1), spec(paused=None), spec(replicas=1)),
    "a map is replaced": (
        {"data": {"a": "1"}},
        {"data": {"$patch": "replace", "b": "2"}},
        {"data": {"b": "2"}},
    ),
    "a map is emptied": ({"data": {"a": "1"}}, {"data": {"$patch": "delete"}}, {"data": {}}),
    "only retained keys stay": (
        spec(strategy={"type": "RollingUpdate", "rollingUpdate": {"a": "1"}}),
        spec(strategy={"type": "Recreate", "$retainKeys": ["type"]}),
        spec(strategy={"type": "Recreate"}),
    ),
    "scalars are united": (
        {"metadata": {"finalizers": ["a"]}},
        {"metadata": {"finalizers": ["b", "a"]}},
        {"metadata": {"finalizers": ["b", "a"]}},
    ),
    "scalars are deleted": (
        {"metadata": {"finalizers": ["a", "b"]}},
        {"metadata": {"$deleteFromPrimitiveList/finalizers": ["a"]}},
        {"metadata": {"finalizers": ["b"]}},
    ),
    "unknown fields are taken": (
        {"spec": {}},
        {"other": {"x": 1}},
        {"spec": {}, "other": {"x": 1}},
    ),
    "directives of what is new vanish": ({}, {"data": {"$patch": "delete"}}, {}),
}


@pytest.mark.parametrize(("original", "patch", "expected"), MERGED.values(), ids=MERGED.keys())
def test_merge(original, patch, expected):
    assert strategic_merge(original, patch, THING) == expected


REFUSED = {
    "an item without its key": (
        spec(containers=[C1]),
        spec(containers=[{"image": "x"}]),
        "map: map[image:x] does not contain declared merge key: name",
    ),
    "an unknown directive": (
        {"data": {"a": "1"}},
        {"data": {"$patch": "zap"}},
        "unknown patch type: zap in map: map[$patch:zap]",
    ),
    "merging within a list": (
        spec(containers=[C1]),
        spec(containers=[{"$patch": "merge", "name": "c1"}]),
        "merging lists cannot yet be specified in the patch",
    ),
    "mixed items": (
        {"metadata": {"finalizers": ["a"]}},
        {"metadata": {"finalizers": [1]}},
        "list element types are not identical: [[a] [1]]",
    ),
    "retainKeys that forget a field": (
        spec(strategy={"type": "a"}),
        spec(strategy={"type": "b", "$retainKeys": ["rollingUpdate"]}),
        "invalid patch format of retainKeys",
    ),
    "an order without the patched item": (
        spec(containers=[C1, C2]),
        {"spec": {"$setElementOrder/containers": [{"name": "c1"}], "containers": [C2]}},
        "The order in patch list:",
    ),
}


@pytest.mark.parametrize(("original", "patch", "text"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(original, patch, text):
    with pytest.raises(StrategicPatchError) as caught:
        strategic_merge(original, patch, THING)
    assert str(caught.value).startswith(text)


def test_nothing_given_is_changed():
    original = spec(containers=[C1, C2], strategy={"type": "a"})
    patch = {
        "spec": {
            "$setElementOrder/containers": [{"name": "c2"}, {"name": "c1"}],
            "containers": [{"name": "c2", "image": "n"}],
            "strategy": {"$retainKeys": ["type"], "type": "b"},
        }
    }
    before = (repr(original), repr(patch))
    strategic_merge(original, patch, THING)
    assert (repr(original), repr(patch)) == before


def test_apply_keeps_what_others_set_and_removes_what_was_applied():
    last = spec(replicas=1, containers=[C1, C2])
    config = spec(containers=[{**C1, "image": "new"}])
    live = spec(replicas=3, paused=True, containers=[{**C1, "ports": [{"port": 80}]}, C2])
    patch = create_three_way_patch(last, config, live, THING)
    assert patch == {
        "spec": {
            "replicas": None,
            "$setElementOrder/containers": [{"name": "c1"}],
            "containers": [
                {"name": "c1", "image": "new"},
                {"$patch": "delete", "name": "c2"},
            ],
        }
    }
    assert strategic_merge(live, patch, THING) == spec(
        paused=True, containers=[{**C1, "image": "new", "ports": [{"port": 80}]}]
    )


def test_a_change_of_a_retained_struct_names_its_keys():
    before = spec(strategy={"type": "RollingUpdate", "rollingUpdate": {"a": "1"}})
    patch = create_patch(before, spec(strategy={"type": "Recreate"}), THING)
    assert patch == spec(
        strategy={"type": "Recreate", "rollingUpdate": None, "$retainKeys": ["type"]}
    )


WORDS = st.text("ab", min_size=1, max_size=2)
MAPS = st.dictionaries(WORDS, WORDS, max_size=3)
CONTAINERS = st.lists(
    st.fixed_dictionaries(
        {"name": WORDS}, optional={"image": WORDS, "command": st.lists(WORDS, max_size=2)}
    ),
    max_size=4,
    unique_by=lambda item: item["name"],
)
THINGS = st.fixed_dictionaries(
    {},
    optional={
        "data": MAPS,
        "metadata": st.fixed_dictionaries(
            {}, optional={"labels": MAPS, "finalizers": st.lists(WORDS, unique=True, max_size=3)}
        ),
        "spec": st.fixed_dictionaries(
            {},
            optional={
                "replicas": st.integers(0, 3),
                "paused": st.booleans(),
                "containers": CONTAINERS,
                "strategy": st.fixed_dictionaries(
                    {}, optional={"type": WORDS, "rollingUpdate": MAPS}
                ),
            },
        ),
    },
)


@given(THINGS, THINGS)
def test_a_patch_leads_where_it_was_made_for(before, after):
    assert strategic_merge(before, create_patch(before, after, THING), THING) == after


@given(THINGS)
def test_no_difference_is_an_empty_patch(thing):
    assert create_patch(thing, thing, THING) == {}


@given(THINGS, THINGS)
def test_applying_twice_changes_nothing(config, live):
    once = strategic_merge(live, create_three_way_patch({}, config, live, THING), THING)
    again = create_three_way_patch(config, config, once, THING)
    assert strategic_merge(once, again, THING) == once
