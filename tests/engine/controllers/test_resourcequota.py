"""The quota controller: a quota's status says what is used, also when things go."""

from __future__ import annotations

from typing import Any

import pytest

from cluster_engine import Cluster
from tests.engine.controllers.lab import Lab

_QUOTAS = "/api/v1/namespaces/default/resourcequotas"
_PODS = "/api/v1/namespaces/default/pods"


def _quota(lab: Lab, **hard: str) -> None:
    body = {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "all"},
        "spec": {"hard": {name.replace("_", "."): amount for name, amount in hard.items()}},
    }
    lab.call("POST", _QUOTAS, body)
    lab.pass_time(0)


def _used(lab: Lab) -> Any:
    return lab.call("GET", f"{_QUOTAS}/all")["status"].get("used")


def _pod(lab: Lab, name: str, command: str = "sleep 1000") -> None:
    container = {
        "name": "c",
        "image": "busybox",
        "command": ["sh", "-c", command],
        "resources": {"requests": {"cpu": "100m"}},
    }
    spec = {"containers": [container], "restartPolicy": "Never"}
    lab.create("pods", {"metadata": {"name": name}, "spec": spec})


def test_a_new_quota_counts_what_is_there() -> None:
    lab = Lab()
    _pod(lab, "a")
    _quota(lab, pods="3", requests_cpu="1", services="2")
    status = lab.call("GET", f"{_QUOTAS}/all")["status"]
    assert status["hard"] == {"pods": "3", "requests.cpu": "1", "services": "2"}
    # The namespace has the service `kubernetes`.
    assert status["used"] == {"pods": "1", "requests.cpu": "100m", "services": "1"}


@pytest.mark.parametrize("end", ["deleted", "over"])
def test_what_goes_is_free_again(end: str) -> None:
    lab = Lab()
    _quota(lab, pods="1", requests_cpu="1")
    _pod(lab, "a", "exit 0" if end == "over" else "sleep 1000")
    if end == "deleted":
        assert _used(lab) == {"pods": "1", "requests.cpu": "100m"}
        lab.call("DELETE", f"{_PODS}/a?gracePeriodSeconds=0")
    lab.pass_time(60)
    assert _used(lab) == {"pods": "0", "requests.cpu": "0"}
    _pod(lab, "b")
    assert _used(lab) == {"pods": "1", "requests.cpu": "100m"}


def test_a_changed_limit_is_told() -> None:
    lab = Lab()
    _quota(lab, pods="1")
    body = {"spec": {"hard": {"configmaps": "9", "pods": None}}}
    lab.call("PATCH", f"{_QUOTAS}/all", body, "merge-patch+json")
    lab.pass_time(0)
    status = lab.call("GET", f"{_QUOTAS}/all")["status"]
    assert status == {"hard": {"configmaps": "9"}, "used": {"configmaps": "1"}}


def test_a_service_of_another_type_uses_something_else() -> None:
    lab = Lab()
    _quota(lab, services_nodeports="5")
    spec = {"type": "NodePort", "selector": {"a": "b"}, "ports": [{"port": 80}]}
    lab.create("services", {"metadata": {"name": "s"}, "spec": spec})
    assert _used(lab) == {"services.nodeports": "1"}
    path = "/api/v1/namespaces/default/services/s"
    lab.call("PATCH", path, {"spec": {"type": "ClusterIP"}}, "merge-patch+json")
    lab.pass_time(0)
    assert _used(lab) == {"services.nodeports": "0"}


def test_a_copy_counts_on() -> None:
    lab = Lab()
    _quota(lab, pods="2")
    _pod(lab, "a")
    for cluster in (lab.cluster.fork(), Cluster.restore(lab.cluster.snapshot())):
        twin = Lab.of(cluster)
        twin.call("DELETE", f"{_PODS}/a?gracePeriodSeconds=0")
        twin.pass_time(60)
        assert _used(twin) == {"pods": "0"}
