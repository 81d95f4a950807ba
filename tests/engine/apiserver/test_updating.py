"""Replacing objects: conflicts, what may change where, creation by update."""

import pytest

from tests.engine.apiserver.served import CONFIGS, DEPLOYMENTS, Served, config

DEPLOYMENT = {
    "metadata": {"name": "d"},
    "spec": {
        "selector": {"matchLabels": {"a": "b"}},
        "template": {
            "metadata": {"labels": {"a": "b"}},
            "spec": {"containers": [{"name": "c", "image": "i"}]},
        },
    },
}


def test_an_update_replaces(served: Served) -> None:
    served.post(CONFIGS, config("a", {"x": "1", "y": "2"}, labels={"l": "1"}))
    body = served.put(f"{CONFIGS}/a", config("a", {"x": "3"})).body
    assert body["data"] == {"x": "3"}
    assert "labels" not in body["metadata"]


def test_an_outdated_update_is_refused(served: Served) -> None:
    created = served.post(CONFIGS, config("a")).body
    served.merge(f"{CONFIGS}/a", {"data": {"x": "1"}})
    answer = served.put(f"{CONFIGS}/a", created)
    assert (answer.status, answer.body["reason"]) == (409, "Conflict")
    assert answer.message == (
        'Operation cannot be fulfilled on configmaps "a": the object has been modified; please '
        "apply your changes to the latest version and try again"
    )


def test_an_update_that_changes_nothing_keeps_the_revision(served: Served) -> None:
    created = served.post(CONFIGS, config("a", {"x": "1"})).body
    before = served.store.revision
    again = served.put(f"{CONFIGS}/a", created).body
    assert again["metadata"]["resourceVersion"] == created["metadata"]["resourceVersion"]
    assert served.store.revision == before


@pytest.mark.parametrize(
    ("change", "status", "message"),
    [
        pytest.param(
            {"uid": "another"}, 409, "Precondition failed: UID in precondition: another", id="a uid"
        ),
        pytest.param(
            {"name": "b"},
            400,
            "the name of the object (b) does not match the name on the URL (a)",
            id="a name",
        ),
    ],
)
def test_identity_cannot_change(
    served: Served, change: dict[str, str], status: int, message: str
) -> None:
    served.post(CONFIGS, config("a"))
    answer = served.put(f"{CONFIGS}/a", config(**{"name": "a", **change}))
    assert answer.status == status
    assert message in answer.message


def test_system_metadata_stays(served: Served) -> None:
    created = served.post(CONFIGS, config("a")).body["metadata"]
    changed = config("a", creationTimestamp="2001-01-01T00:00:00Z", generation=9)
    updated = served.put(f"{CONFIGS}/a", changed).body["metadata"]
    assert updated["creationTimestamp"] == created["creationTimestamp"]
    assert updated["uid"] == created["uid"]


def test_updating_what_is_not_there(served: Served) -> None:
    answer = served.put(f"{CONFIGS}/a", config("a"))
    assert answer.status == 404


def test_leases_come_by_update(served: Served) -> None:
    leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases"
    answer = served.put(f"{leases}/a", {"metadata": {"name": "a"}, "spec": {}})
    assert answer.status == 201


def test_spec_and_status_are_written_apart(served: Served) -> None:
    served.post(DEPLOYMENTS, DEPLOYMENT)
    path = f"{DEPLOYMENTS}/d"
    by_spec = served.merge(path, {"status": {"replicas": 5}, "spec": {"replicas": 2}}).body
    assert by_spec["status"] == {}
    assert by_spec["spec"]["replicas"] == 2
    by_status = served.merge(
        f"{path}/status", {"status": {"replicas": 1}, "spec": {"replicas": 9}}
    ).body
    assert by_status["status"]["replicas"] == 1
    assert by_status["spec"]["replicas"] == 2
    assert by_status["metadata"]["generation"] == 2


def test_managers_are_told_apart(served: Served) -> None:
    served.post(f"{CONFIGS}?fieldManager=one", config("a", {"x": "1"}))
    served.merge(f"{CONFIGS}/a?fieldManager=two", {"data": {"y": "2"}})
    fields = {
        entry["manager"]: (entry["operation"], entry["fieldsV1"])
        for entry in served.get(f"{CONFIGS}/a").body["metadata"]["managedFields"]
    }
    assert fields == {
        "one": ("Update", {"f:data": {".": {}, "f:x": {}}}),
        "two": ("Update", {"f:data": {"f:y": {}}}),
    }


def test_the_manager_is_guessed_from_the_user_agent(served: Served) -> None:
    served.post(CONFIGS, config("a", {"x": "1"}), user_agent="kubectl/v1.37.2 (linux/amd64)")
    entries = served.get(f"{CONFIGS}/a").body["metadata"]["managedFields"]
    assert [entry["manager"] for entry in entries] == ["kubectl"]
