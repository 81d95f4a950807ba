"""How the cluster's own components write."""

import pytest

from cluster_engine.apimachinery.errors import ApiError
from tests.builders import deployment, pod
from tests.engine.apiserver.served import ME, PODS, Served

MANAGER = "kube-controller-manager"


def test_create_goes_through_the_chain(served: Served) -> None:
    given = pod("p").build()
    created = served.api.create("pods", given, ME, MANAGER)
    assert created["metadata"]["uid"]
    assert created["spec"]["serviceAccountName"] == "default"
    assert "serviceAccountName" not in given["spec"]
    assert served.api.read("pods", "default", "p") is created


def test_refusals_are_errors(served: Served) -> None:
    with pytest.raises(ApiError, match='namespaces "nowhere" not found'):
        served.api.create("pods", pod("p", "nowhere").build(), ME, MANAGER)
    with pytest.raises(ApiError, match='pods "p" not found'):
        served.api.read("pods", "default", "p")


def test_what_no_type_holds_is_a_bug(served: Served) -> None:
    with pytest.raises(ValueError, match="unknown field"):
        served.api.create("pods", pod("p").set("spec.zap", 1).build(), ME, MANAGER)


def test_an_outdated_update_conflicts(served: Served) -> None:
    first = served.api.create("deployments.apps", deployment("d").build(), ME, MANAGER)
    changed = {**first, "spec": {**first["spec"], "replicas": 2}}
    second = served.api.update("deployments.apps", changed, ME, MANAGER)
    assert second["metadata"]["generation"] == 2
    with pytest.raises(ApiError) as refused:
        served.api.update("deployments.apps", changed, ME, MANAGER)
    assert refused.value.code == 409


def test_a_status_write_changes_the_status_only(served: Served) -> None:
    held = served.api.create("deployments.apps", deployment("d").build(), ME, MANAGER)
    changed = {**held, "spec": {**held["spec"], "replicas": 9}, "status": {"replicas": 1}}
    written = served.api.update("deployments.apps", changed, ME, MANAGER, "status")
    assert written["spec"]["replicas"] == 1
    assert written["status"] == {"replicas": 1}
    assert written["metadata"]["generation"] == 1


def test_a_status_that_changes_nothing_is_not_written(served: Served) -> None:
    held = served.api.create("deployments.apps", deployment("d").build(), ME, MANAGER)
    before = served.store.revision
    again = served.api.update("deployments.apps", held, ME, MANAGER, "status")
    assert served.store.revision == before
    assert again is held


def test_binding_asks_for_the_pod_that_is_meant(served: Served) -> None:
    uid = served.api.create("pods", pod("p").build(), ME, MANAGER)["metadata"]["uid"]
    with pytest.raises(ApiError) as refused:
        served.api.bind("default", "p", "another", "node-1", ME)
    assert refused.value.code == 409
    served.api.bind("default", "p", uid, "node-1", ME)
    assert served.api.read("pods", "default", "p")["spec"]["nodeName"] == "node-1"


def test_deletion_with_preconditions(served: Served) -> None:
    held = served.api.create("pods", pod("p").build(), ME, MANAGER)
    with pytest.raises(ApiError):
        served.api.delete("pods", "default", "p", ME, uid="another")
    served.api.delete("pods", "default", "p", ME, uid=held["metadata"]["uid"])
    with pytest.raises(ApiError):
        served.api.read("pods", "default", "p")


def test_changes_know_their_origin(served: Served) -> None:
    before = served.store.revision
    served.api.create("pods", pod("p").build(), ME, MANAGER)
    [change] = served.store.changes_after(before)
    assert change.origin.actor == "tester"


def test_requests_are_the_origin_of_their_changes(served: Served) -> None:
    before = served.store.revision
    served.post(PODS, pod("p").build())
    [change] = served.store.changes_after(before)
    assert change.origin.actor == "kubernetes-admin"
