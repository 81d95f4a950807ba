"""Conditions: the transition time changes with the status only."""

from __future__ import annotations

from cluster_engine.apimachinery.conditions import find, is_true, with_condition, without_condition

T0 = 1_700_000_000_000


def test_a_new_condition_is_appended_with_the_present_time():
    found = with_condition(None, "Ready", "True", "Up", "is up", T0)
    assert found == [
        {
            "type": "Ready",
            "status": "True",
            "lastTransitionTime": "2023-11-14T22:13:20Z",
            "reason": "Up",
            "message": "is up",
        }
    ]


def test_the_time_stays_while_the_status_does():
    first = with_condition([], "Ready", "True", "Up", "", T0)
    later = with_condition(first, "Ready", "True", "StillUp", "", T0 + 60_000)
    assert later[0]["lastTransitionTime"] == "2023-11-14T22:13:20Z"
    assert later[0]["reason"] == "StillUp"
    down = with_condition(later, "Ready", "False", "Down", "", T0 + 60_000)
    assert down[0]["lastTransitionTime"] == "2023-11-14T22:14:20Z"
    assert first[0]["reason"] == "Up"


def test_the_same_list_comes_back_when_nothing_changes():
    first = with_condition([], "Ready", "True", "Up", "", T0)
    assert with_condition(first, "Ready", "True", "Up", "", T0 + 1000) is first


def test_lookup_and_removal():
    held = with_condition([], "Ready", "True", "Up", "", T0)
    assert is_true(held, "Ready") and not is_true(held, "Other") and not is_true(None, "Ready")
    assert find(without_condition(held, "Ready"), "Ready") is None
