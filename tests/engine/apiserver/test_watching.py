"""Watching: what is told, from which revision on, in which form, and how a watch ends."""

from typing import Any

import pytest

from tests.engine.apiserver.served import CONFIGS, PODS, TABLE, Served, config, events, told


def watch(served: Served, query: str = "", path: str = CONFIGS, **options: Any) -> Any:
    answer = served.get(f"{path}?watch=1&{query}", **options)
    assert answer.status == 200
    return answer.stream


def change_three(served: Served) -> None:
    served.post(CONFIGS, config("a"))
    served.merge(f"{CONFIGS}/a", {"data": {"x": "1"}})
    served.delete(f"{CONFIGS}/a")


def test_changes_are_told_in_order(served: Served) -> None:
    stream = watch(served, f"resourceVersion={served.store.revision}")
    change_three(served)
    assert told(stream) == ["ADDED a", "MODIFIED a", "DELETED a"]


def test_what_is_past_is_told_from_its_revision_on(served: Served) -> None:
    revision = served.store.revision
    change_three(served)
    assert told(watch(served, f"resourceVersion={revision}")) == [
        "ADDED a",
        "MODIFIED a",
        "DELETED a",
    ]
    assert told(watch(served, f"resourceVersion={revision + 2}")) == ["DELETED a"]


@pytest.mark.parametrize("query", ["", "resourceVersion=0"], ids=["without a revision", "from 0"])
def test_what_is_there_comes_first(served: Served, query: str) -> None:
    served.post(CONFIGS, config("b"))
    served.post(CONFIGS, config("a"))
    stream = watch(served, query)
    assert told(stream) == ["ADDED a", "ADDED b"]
    served.delete(f"{CONFIGS}/a")
    assert told(stream) == ["DELETED a"]


def test_a_deleted_object_has_the_revision_of_its_end(served: Served) -> None:
    served.post(CONFIGS, config("a"))
    stream = watch(served, f"resourceVersion={served.store.revision}")
    served.delete(f"{CONFIGS}/a")
    [(_, last)] = events(stream)
    assert last["metadata"]["resourceVersion"] == str(served.store.revision)


def test_objects_come_and_go_by_selector(served: Served) -> None:
    stream = watch(served, f"labelSelector=on=yes&resourceVersion={served.store.revision}")
    path = f"{CONFIGS}/a"
    served.post(CONFIGS, config("a"))
    served.merge(path, {"metadata": {"labels": {"on": "yes"}}})
    served.merge(path, {"data": {"x": "1"}})
    served.merge(path, {"metadata": {"labels": {"on": "no"}}})
    served.merge(path, {"metadata": {"labels": {"on": "yes"}}})
    served.delete(path)
    assert told(stream) == ["ADDED a", "MODIFIED a", "DELETED a", "ADDED a", "DELETED a"]


def test_other_namespaces_are_not_told(served: Served) -> None:
    here = watch(served, f"resourceVersion={served.store.revision}")
    everywhere = watch(
        served, f"resourceVersion={served.store.revision}", path="/api/v1/configmaps"
    )
    served.post("/api/v1/namespaces/kube-system/configmaps", config("b"))
    assert told(here) == []
    assert told(everywhere) == ["ADDED b"]


def test_one_object_is_watched_by_name(served: Served) -> None:
    stream = watch(served, f"fieldSelector=metadata.name=a&resourceVersion={served.store.revision}")
    old_way = served.get("/api/v1/watch/namespaces/default/configmaps/a?resourceVersion=0").stream
    served.post(CONFIGS, config("a"))
    served.post(CONFIGS, config("b"))
    assert told(stream) == ["ADDED a"]
    assert told(old_way) == ["ADDED a"]


def test_a_forgotten_revision_is_gone(served: Served) -> None:
    change_three(served)
    served.store.compact(served.store.revision)
    answer = served.get(f"{CONFIGS}?watch=1&resourceVersion=2")
    [(type_, status)] = events(answer.stream)
    assert answer.status == 200
    assert type_ == "ERROR"
    assert (status["code"], status["reason"]) == (410, "Expired")
    assert answer.stream is not None
    assert answer.stream.is_done


def test_a_watch_list_starts_with_everything_and_a_bookmark(served: Served) -> None:
    served.post(CONFIGS, config("a"))
    query = (
        "sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan"
        "&resourceVersion="
    )
    found = events(watch(served, query))
    assert [type_ for type_, _ in found] == ["ADDED", "BOOKMARK"]
    metadata = found[1][1]["metadata"]
    assert metadata["annotations"] == {"k8s.io/initial-events-end": "true"}
    assert metadata["resourceVersion"] == str(served.store.revision)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        pytest.param(
            "sendInitialEvents=true",
            "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan",
            id="without a match",
        ),
        pytest.param(
            "resourceVersionMatch=NotOlderThan&resourceVersion=0",
            "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden for watch unless",
            id="a match without initial events",
        ),
    ],
)
def test_refused_watches(served: Served, query: str, message: str) -> None:
    answer = served.get(f"{CONFIGS}?watch=1&{query}")
    assert answer.status == 422
    assert message in answer.message


def test_a_watch_ends_after_its_time(served: Served) -> None:
    stream = watch(served, "timeoutSeconds=30")
    assert not stream.is_done
    served.advance(29_999)
    assert not stream.is_done
    served.advance(1)
    assert stream.is_done


def test_a_closed_watch_is_forgotten(served: Served) -> None:
    stream = watch(served, "timeoutSeconds=30")
    stream.close()
    served.post(CONFIGS, config("a"))
    assert told(stream) == []
    assert served.api.next_expiry_ms() is None


def test_the_client_is_called_once_until_it_reads(served: Served) -> None:
    calls: list[int] = []
    stream = watch(served, f"resourceVersion={served.store.revision}")
    stream.on_ready = lambda: calls.append(1)
    change_three(served)
    assert len(calls) == 1
    told(stream)
    served.post(CONFIGS, config("b"))
    assert len(calls) == 2


def test_tables_are_watched(served: Served) -> None:
    stream = watch(served, f"resourceVersion={served.store.revision}", accept=TABLE)
    served.post(CONFIGS, config("a"))
    served.post(CONFIGS, config("b"))
    first, second = (table for _, table in events(stream))
    assert first["kind"] == "Table"
    assert first["columnDefinitions"][0]["name"] == "Name"
    assert "columnDefinitions" not in second or not second["columnDefinitions"]
    assert second["rows"][0]["cells"][0] == "b"


def test_a_graceful_end_is_told_as_a_change_first(served: Served) -> None:
    pod = {
        "metadata": {"name": "p"},
        "spec": {"nodeName": "n", "containers": [{"name": "c", "image": "i"}]},
    }
    stream = watch(served, f"resourceVersion={served.store.revision}", path=PODS)
    served.post(PODS, pod)
    served.delete(f"{PODS}/p")
    served.delete(f"{PODS}/p?gracePeriodSeconds=0")
    assert told(stream)[:2] == ["ADDED p", "MODIFIED p"]
    assert served.get(f"{PODS}/p").status == 404
