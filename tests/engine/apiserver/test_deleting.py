"""Deleting: at once, with finalizers, with a grace period, many together."""

from typing import Any

import pytest

from tests.builders import pod
from tests.engine.apiserver.served import CONFIGS, DEPLOYMENTS, PODS, Served, config
from tests.engine.apiserver.test_updating import DEPLOYMENT
from tests.engine.schema import test_protobuf as protobuf


def test_a_deleted_object_is_gone(served: Served) -> None:
    uid = served.post(CONFIGS, config("a")).body["metadata"]["uid"]
    answer = served.delete(f"{CONFIGS}/a")
    assert answer.body["status"] == "Success"
    assert answer.body["details"] == {"name": "a", "kind": "configmaps", "uid": uid}
    assert served.get(f"{CONFIGS}/a").status == 404


@pytest.mark.parametrize(
    ("preconditions", "status"),
    [
        pytest.param({"uid": "another"}, 409, id="another uid"),
        pytest.param({"resourceVersion": "1"}, 409, id="another revision"),
        pytest.param({}, 200, id="none"),
    ],
)
def test_preconditions(served: Served, preconditions: dict[str, str], status: int) -> None:
    served.post(CONFIGS, config("a"))
    assert served.delete(f"{CONFIGS}/a", {"preconditions": preconditions}).status == status


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        pytest.param(
            "application/vnd.kubernetes.protobuf",
            protobuf.body("v1", "DeleteOptions", protobuf.text(2, protobuf.text(1, "another"))),
            id="protobuf, as typed clients send it",
        ),
        pytest.param("application/yaml", b"preconditions: {uid: another}", id="YAML"),
    ],
)
def test_options_come_in_every_form(served: Served, content_type: str, body: bytes) -> None:
    served.post(CONFIGS, config("a"))
    answer = served.delete(f"{CONFIGS}/a", body, content_type=content_type)
    assert (answer.status, answer.body["reason"]) == (409, "Conflict")


def test_finalizers_keep_an_object(served: Served) -> None:
    path = f"{CONFIGS}/a"
    served.post(CONFIGS, config("a", finalizers=["example.com/wait"]))
    marked = served.delete(path)
    assert marked.status == 200
    metadata = served.get(path).body["metadata"]
    assert metadata["deletionTimestamp"] == "2026-01-01T00:00:00Z"
    assert metadata["deletionGracePeriodSeconds"] == 0
    served.merge(path, {"metadata": {"finalizers": None}})
    assert served.get(path).status == 404


def test_no_finalizers_come_to_what_is_going(served: Served) -> None:
    path = f"{CONFIGS}/a"
    served.post(CONFIGS, config("a", finalizers=["example.com/wait"]))
    served.delete(path)
    answer = served.merge(path, {"metadata": {"finalizers": ["example.com/wait", "a.b/c"]}})
    assert answer.status == 422
    assert "no new finalizers can be added if the object is being deleted" in answer.message


@pytest.mark.parametrize(
    ("options", "finalizers"),
    [
        pytest.param({"propagationPolicy": "Foreground"}, ["foregroundDeletion"], id="Foreground"),
        pytest.param({"propagationPolicy": "Orphan"}, ["orphan"], id="Orphan"),
        pytest.param({"orphanDependents": True}, ["orphan"], id="orphans, said the old way"),
        pytest.param({"propagationPolicy": "Background"}, None, id="Background"),
    ],
)
def test_propagation(served: Served, options: dict[str, Any], finalizers: list[str] | None) -> None:
    served.post(DEPLOYMENTS, DEPLOYMENT)
    served.delete(f"{DEPLOYMENTS}/d", options)
    left = served.get(f"{DEPLOYMENTS}/d")
    assert left.body["metadata"].get("finalizers") == finalizers


def test_unknown_propagation_is_refused(served: Served) -> None:
    served.post(CONFIGS, config("a"))
    answer = served.delete(f"{CONFIGS}/a", {"propagationPolicy": "Sideways"})
    assert answer.status == 422
    assert 'Unsupported value: "Sideways"' in answer.message


def test_a_running_pod_gets_its_time(served: Served) -> None:
    served.post(PODS, pod("p").on("node-1").build())
    answer = served.delete(f"{PODS}/p")
    assert answer.body["metadata"]["deletionGracePeriodSeconds"] == 30
    assert answer.body["metadata"]["deletionTimestamp"] == "2026-01-01T00:00:30Z"
    sooner = served.delete(f"{PODS}/p?gracePeriodSeconds=5")
    assert sooner.body["metadata"]["deletionTimestamp"] == "2026-01-01T00:00:05Z"
    later = served.delete(f"{PODS}/p?gracePeriodSeconds=50")
    assert later.body["metadata"]["deletionTimestamp"] == "2026-01-01T00:00:05Z"
    served.delete(f"{PODS}/p?gracePeriodSeconds=0")
    assert served.get(f"{PODS}/p").status == 404


def test_a_pod_without_a_node_goes_at_once(served: Served) -> None:
    served.post(PODS, pod("p").build())
    served.delete(f"{PODS}/p")
    assert served.get(f"{PODS}/p").status == 404


def test_a_dry_run_deletes_nothing(served: Served) -> None:
    served.post(CONFIGS, config("a"))
    assert served.delete(f"{CONFIGS}/a?dryRun=All").status == 200
    assert served.get(f"{CONFIGS}/a").status == 200


def test_a_collection_is_deleted_by_selector(served: Served) -> None:
    for name, color in (("a", "red"), ("b", "red"), ("c", "blue")):
        served.post(CONFIGS, config(name, labels={"color": color}))
    answer = served.delete(f"{CONFIGS}?labelSelector=color=red")
    assert answer.body["kind"] == "ConfigMapList"
    assert answer.names == ["a", "b"]
    assert served.get(CONFIGS).names == ["c"]


@pytest.mark.parametrize("name", ["default", "kube-system", "kube-public"], ids="{} stays".format)
def test_some_namespaces_stay(served: Served, name: str) -> None:
    answer = served.delete(f"/api/v1/namespaces/{name}")
    assert answer.status == 403
    assert answer.message == (
        f'namespaces "{name}" is forbidden: this namespace may not be deleted'
    )


def test_a_namespace_goes_when_its_finalizers_are_gone(served: Served) -> None:
    namespaces = "/api/v1/namespaces"
    served.post(namespaces, {"metadata": {"name": "n"}})
    going = served.delete(f"{namespaces}/n").body
    assert going["status"]["phase"] == "Terminating"
    refused = served.post(f"{namespaces}/n/configmaps", config("a"))
    assert refused.status == 403
    assert refused.message == (
        'configmaps "a" is forbidden: unable to create new content in namespace n because it is '
        "being terminated"
    )
    served.put(f"{namespaces}/n/finalize", {"metadata": {"name": "n"}, "spec": {}})
    assert served.get(f"{namespaces}/n").status == 404
