"""The store against a plain model, its history, forks and freezing."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cluster_engine.store.changes import ADDED, DELETED, MODIFIED, Change, Origin
from cluster_engine.store.history import Compacted
from cluster_engine.store.store import StaleRevision, Store

ME = Origin("tester")


def thing(name: str, namespace: str = "default", **fields: Any) -> dict[str, Any]:
    return {"metadata": {"name": name, "namespace": namespace}, **fields}


def put(store: Store, name: str, **fields: Any) -> None:
    held = store.get("things", "default", name)
    store.put("things", thing(name, **fields), ME, time_ms=0, expected=held)


def names(store: Store) -> list[str]:
    return [record.object["metadata"]["name"] for record in store.records("things")]


def test_a_write_sets_the_resource_version() -> None:
    store = Store()
    put(store, "a")
    record = store.get("things", "default", "a")
    assert record is not None
    assert record.object["metadata"]["resourceVersion"] == str(store.revision)


def test_a_stale_write_is_refused_and_changes_nothing() -> None:
    store = Store()
    put(store, "a", color="red")
    before = store.revision
    with pytest.raises(StaleRevision):
        store.put("things", thing("a", color="blue"), ME, time_ms=0, expected=None)
    record = store.get("things", "default", "a")
    assert record is not None
    assert record.object["color"] == "red"
    assert store.revision == before


def test_lists_are_ordered_by_namespace_and_name() -> None:
    store = Store()
    for name, namespace in (("b", "x"), ("a", "y"), ("a", "x")):
        store.put("things", thing(name, namespace), ME, time_ms=0, expected=None)
    found = [
        (r.object["metadata"]["namespace"], r.object["metadata"]["name"])
        for r in store.records("things")
    ]
    assert found == [("x", "a"), ("x", "b"), ("y", "a")]
    assert len(store.records("things", "x")) == 2


def test_listeners_hear_each_change_with_its_origin() -> None:
    store, heard = Store(), list[Change]()
    stop = store.subscribe(heard.append, "things")
    put(store, "a")
    put(store, "a", color="red")
    record = store.get("things", "default", "a")
    assert record is not None
    store.delete("things", record, Origin("reaper", "r1", 7), time_ms=5)
    stop()
    put(store, "b")
    assert [change.type for change in heard] == [ADDED, MODIFIED, DELETED]
    assert heard[2].origin == Origin("reaper", "r1", 7)
    assert heard[2].time_ms == 5


def test_a_compacted_revision_cannot_be_asked_for() -> None:
    store = Store()
    put(store, "a")
    put(store, "b")
    store.compact(store.revision)
    put(store, "c")
    with pytest.raises(Compacted):
        store.changes_after(1)
    after = list(store.changes_after(store.compacted_revision))
    assert [change.name for change in after] == ["c"]


def test_history_keeps_no_more_than_its_limit() -> None:
    store = Store(history_max=16)
    for number in range(100):
        put(store, "a", number=number)
    kept = list(store.changes_after(store.compacted_revision))
    assert 0 < len(kept) <= 17
    assert kept[-1].object["number"] == 99


def test_a_fork_shares_the_past_and_not_the_future() -> None:
    store = Store()
    put(store, "a")
    twin = store.fork()
    put(twin, "b")
    put(store, "c")
    assert names(store) == ["a", "c"]
    assert names(twin) == ["a", "b"]


def test_frozen_objects_refuse_to_be_changed() -> None:
    store = Store(is_freezing=True)
    put(store, "a", tags=["x"])
    record = store.get("things", "default", "a")
    assert record is not None
    with pytest.raises(TypeError, match="read-only"):
        record.object["color"] = "red"
    with pytest.raises(TypeError, match="read-only"):
        record.object["tags"].append("y")


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.booleans()), max_size=30))
def test_any_past_revision_can_be_listed(steps: list[tuple[str, bool]]) -> None:
    store = Store()
    past: dict[int, list[str]] = {store.revision: []}
    for name, is_deletion in steps:
        held = store.get("things", "default", name)
        if is_deletion and held is not None:
            store.delete("things", held, ME, time_ms=0)
        elif not is_deletion:
            put(store, name)
        past[store.revision] = names(store)
    for revision, expected in past.items():
        found = [r.object["metadata"]["name"] for r in store.records_at("things", revision)]
        assert found == expected
