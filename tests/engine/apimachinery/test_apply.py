"""Server-side apply and managed fields, told as short conversations of managers."""

from __future__ import annotations

import json
import re

import pytest

from cluster_engine.apimachinery.errors import ApiError
from cluster_engine.apimachinery.patches import apply as ssa
from cluster_engine.apimachinery.patches.managed_fields import (
    OneShape,
    Write,
    after_update,
    decode,
    encode,
    is_reset,
    sent_or_live,
)
from tests.engine.apimachinery.shapes_for_tests import THING

TYPES = OneShape(THING, {"metadata": {}, "spec": {}})
T0, T1 = "2026-01-01T00:00:00Z", "2026-01-01T00:01:00Z"


def thing(**fields):
    return {"apiVersion": "v1", "kind": "Thing", "metadata": {"name": "t"}, **fields}


class Conversation:
    """One object and its managers."""

    def __init__(self):
        self.live = None
        self.entries = []

    def apply(self, manager, force=False, time=T0, subresource="", **fields):
        done = ssa.apply(
            self.live,
            thing(**fields),
            self.entries,
            TYPES,
            Write(manager, "v1", time, subresource),
            kind="Thing",
            force=force,
        )
        self.live, self.entries = done.object, done.entries
        return done

    def update(self, manager, time=T0, **fields):
        new = thing(**fields)
        self.entries = after_update(self.entries, self.live, new, TYPES, Write(manager, "v1", time))
        self.live = new

    def owned(self, manager, operation="Apply"):
        return next(
            item["fieldsV1"]
            for item in encode(self.entries)
            if (item["manager"], item["operation"]) == (manager, operation)
        )

    def managers(self):
        return [item["manager"] for item in encode(self.entries)]


def test_an_applier_owns_its_leaves_and_an_updater_the_way_to_them():
    talk = Conversation()
    talk.apply("a", data={"x": "1"})
    assert talk.owned("a") == {"f:data": {"f:x": {}}}
    talk = Conversation()
    talk.update("u", data={"x": "1"}, spec={"replicas": 1})
    assert talk.owned("u", "Update") == {
        "f:data": {".": {}, "f:x": {}},
        "f:spec": {"f:replicas": {}},
    }


def test_two_appliers_may_agree():
    talk = Conversation()
    talk.apply("a", data={"x": "1", "y": "2"})
    done = talk.apply("b", data={"x": "1"}, time=T1)
    assert not done.is_changed
    entries = encode(talk.entries)
    assert [item["manager"] for item in entries] == ["b", "a"]
    assert "time" not in entries[0] and entries[1]["time"] == T0


CONFLICT_TEXTS = {
    "one field": ({"x": "9"}, 'Apply failed with 1 conflict: conflict with "a": .data.x'),
    "two fields": (
        {"x": "9", "y": "9"},
        'Apply failed with 2 conflicts: conflicts with "a":\n- .data.x\n- .data.y',
    ),
}


@pytest.mark.parametrize(("data", "text"), CONFLICT_TEXTS.values(), ids=CONFLICT_TEXTS.keys())
def test_disagreement_is_a_conflict(data, text):
    talk = Conversation()
    talk.apply("a", data={"x": "1", "y": "2"})
    with pytest.raises(ApiError) as caught:
        talk.apply("b", data=data)
    assert (caught.value.code, caught.value.message) == (409, text)
    causes = caught.value.details["causes"]
    assert causes[0] == {
        "reason": "FieldManagerConflict",
        "message": 'conflict with "a"',
        "field": ".data.x",
    }


def test_conflicts_say_whether_it_was_an_update_and_where():
    talk = Conversation()
    talk.update("u", data={"x": "1"})
    with pytest.raises(ApiError, match=re.escape('conflict with "u" using v1: .data.x')):
        talk.apply("a", data={"x": "2"})
    talk.apply("s", data={"y": "1"}, subresource="status")
    with pytest.raises(
        ApiError, match=re.escape('conflict with "s" with subresource "status": .data.y')
    ):
        talk.apply("a", data={"y": "2"})


def test_force_takes_the_field():
    talk = Conversation()
    talk.apply("a", data={"x": "1", "y": "2"})
    talk.apply("b", force=True, data={"x": "9"})
    assert talk.live["data"] == {"x": "9", "y": "2"}
    assert talk.owned("a") == {"f:data": {"f:y": {}}}


def test_what_is_given_up_goes_unless_another_owns_it():
    talk = Conversation()
    talk.apply("a", data={"x": "1", "y": "2"})
    talk.apply("b", data={"y": "2"})
    talk.apply("a", data={})
    assert talk.live["data"] == {"y": "2"}
    assert talk.owned("a") == {"f:data": {}}


def test_a_field_an_updater_has_touched_stays_when_the_applier_gives_it_up():
    talk = Conversation()
    talk.apply("a", data={"x": "1", "y": "1"})
    talk.update("u", data={"x": "2", "y": "1"})
    talk.apply("a", data={"y": "1"})
    assert talk.live["data"] == {"x": "2", "y": "1"}


def test_items_leave_with_their_last_owner():
    talk = Conversation()
    one, two = {"name": "one", "image": "i"}, {"name": "two", "image": "j"}
    talk.apply("a", spec={"containers": [one, two]})
    talk.apply("b", spec={"containers": [{"name": "two", "command": ["x"]}]})
    talk.apply("a", spec={"containers": [one]})
    assert talk.live["spec"]["containers"] == [one, {"name": "two", "command": ["x"]}]
    talk.apply("b", spec={})
    assert talk.live["spec"]["containers"] == [one]


def test_an_update_takes_what_it_changes_and_forgets_what_it_removes():
    talk = Conversation()
    talk.apply("a", data={"x": "1", "y": "2"})
    talk.update("u", data={"x": "5"}, time=T1)
    assert talk.managers() == ["u"]
    talk.update("v", data={"x": "5"}, time=T1)
    assert talk.managers() == ["u"]


def test_an_object_without_managers_is_tracked_from_its_first_apply():
    talk = Conversation()
    talk.live = thing(data={"x": "1"})
    talk.update("u", data={"x": "2"})
    assert talk.entries == []
    talk.apply("a", data={"y": "1"})
    assert talk.managers() == ["a", "before-first-apply"]


def test_kubectl_takes_over_from_client_side_apply():
    talk = Conversation()
    last = thing(data={"x": "1"})
    annotations = {ssa.LAST_APPLIED: json.dumps(last)}
    talk.update("kubectl-client-side-apply", data={"x": "1"})
    talk.live = {**talk.live, "metadata": {"name": "t", "annotations": annotations}}
    talk.apply("kubectl", data={"x": "2"})
    assert talk.live["data"] == {"x": "2"}
    written = json.loads(talk.live["metadata"]["annotations"][ssa.LAST_APPLIED])
    assert written["data"] == {"x": "2"}


def test_kubectl_does_not_take_over_what_others_changed():
    talk = Conversation()
    annotations = {ssa.LAST_APPLIED: json.dumps(thing(data={"x": "1"}))}
    talk.update("other", data={"x": "7"})
    talk.live = {**talk.live, "metadata": {"name": "t", "annotations": annotations}}
    with pytest.raises(ApiError, match=re.escape('conflict with "other" using v1: .data.x')):
        talk.apply("kubectl", data={"x": "2"})


REFUSED = {
    "another kind": ({"kind": "Other"}, 400, "invalid object type: /v1, Kind=Other"),
    "another version": (
        {"apiVersion": "g/v2"},
        400,
        "invalid object type: g/v2, Kind=Thing",
    ),
    "managed fields in the config": (
        {"metadata": {"name": "t", "managedFields": []}},
        400,
        "metadata.managedFields must be nil",
    ),
    "an unknown field": (
        {"zap": 1},
        500,
        "failed to create typed patch object (/t; v1, Kind=Thing): .zap: field not declared in "
        "schema",
    ),
}


@pytest.mark.parametrize(("fields", "code", "text"), REFUSED.values(), ids=REFUSED.keys())
def test_configs_that_do_not_fit(fields, code, text):
    with pytest.raises(ApiError) as caught:
        ssa.apply(None, {**thing(), **fields}, [], TYPES, Write("a", "v1", T0), kind="Thing")
    assert (caught.value.code, caught.value.message) == (code, text)


def test_the_oldest_updates_become_one():
    talk = Conversation()
    data = {}
    for number in range(12):
        data = {**data, f"k{number}": "v"}
        talk.update(f"m{number:02}", time=f"2026-01-01T00:{number:02}:00Z", data=data)
    entries = encode(talk.entries)
    assert len(entries) == 10
    ancient = next(item for item in entries if item["manager"] == "ancient-changes")
    assert ancient["fieldsV1"] == {"f:data": {".": {}, "f:k0": {}, "f:k1": {}, "f:k2": {}}}


def test_entries_survive_writing_and_reading():
    talk = Conversation()
    talk.apply("a", data={"x": "1"})
    talk.update("u", data={"x": "1", "y": "2"})
    written = encode(talk.entries)
    assert encode(decode(written)) == written


def test_a_client_may_reset_or_send_entries():
    assert is_reset([]) and is_reset([{}]) and not is_reset(None)
    talk = Conversation()
    talk.apply("a", data={"x": "1"})
    live = talk.entries
    assert sent_or_live([{}], live) == []
    assert sent_or_live(None, live) == live
    assert sent_or_live([{"operation": "Zap"}], live) == live
    other = [{"manager": "o", "operation": "Apply", "apiVersion": "v1", "fieldsType": "FieldsV1"}]
    assert [entry.manager for entry in sent_or_live(other, live)] == ["o"]


def test_nobody_owns_structs_that_are_always_there():
    types = OneShape(THING, {"metadata": {}, "spec": {"strategy": {}}})
    after = {
        "apiVersion": "v1",
        "kind": "Thing",
        "spec": {"strategy": {"type": "x", "rollingUpdate": {"a": "1"}}, "containers": []},
    }
    entries = after_update([], None, after, types, Write("u", "v1", T0))
    assert encode(entries)[0]["fieldsV1"] == {
        "f:spec": {
            "f:containers": {},
            "f:strategy": {"f:rollingUpdate": {".": {}, "f:a": {}}, "f:type": {}},
        }
    }
