"""Looking into a cluster: what is found, and that the cluster does not notice."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from cluster_engine import ADMIN, Cluster, ClusterSpec, Request, User

SECRET = {
    "apiVersion": "v1",
    "kind": "Secret",
    "metadata": {"name": "db"},
    "stringData": {"password": "hunter2"},
}
WEB = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "web", "labels": {"app": "web"}},
    "spec": {
        "containers": [
            {
                "name": "web",
                "image": "nginx",
                "volumeMounts": [{"name": "secret", "mountPath": "/etc/secret"}],
            }
        ],
        "volumes": [{"name": "secret", "secret": {"secretName": "db"}}],
    },
}
SERVICE = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "web"},
    "spec": {"selector": {"app": "web"}, "ports": [{"port": 80}]},
}
DENY = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "NetworkPolicy",
    "metadata": {"name": "deny"},
    "spec": {"podSelector": {"matchLabels": {"app": "web"}}, "policyTypes": ["Ingress"]},
}


def ask(cluster: Cluster, what: str, user: User = ADMIN, **query: str) -> tuple[int, Any]:
    path = f"/podyard/v1/peek/{what}"
    response = cluster.handle(Request("GET", path, urlencode(query), user=user))
    return response.status, json.loads(response.body)


def create(cluster: Cluster, collection: str, body: dict[str, Any]) -> None:
    headers = {"content-type": "application/json"}
    data = json.dumps(body).encode()
    response = cluster.handle(Request("POST", collection, headers=headers, body=data, user=ADMIN))
    assert response.status == 201, response.body


@pytest.fixture
def cluster() -> Cluster:
    made = Cluster(ClusterSpec(nodes=1, profile="instant", is_freezing=True))
    pods = "/api/v1/namespaces/default/pods"
    create(made, "/api/v1/namespaces/default/secrets", SECRET)
    create(made, pods, WEB)
    other = {**WEB, "metadata": {"name": "client"}}
    create(made, pods, other)
    create(made, "/api/v1/namespaces/default/services", SERVICE)
    made.advance(made.now_ms + 10_000)
    return made


def test_a_projected_file_is_read(cluster: Cluster) -> None:
    status, found = ask(cluster, "file", pod="web", path="/etc/secret/password")
    assert (status, found["exists"], found["kind"], found["text"]) == (200, True, "file", "hunter2")


def test_a_directory_gives_its_names(cluster: Cluster) -> None:
    _, found = ask(cluster, "file", pod="web", path="/etc/secret")
    assert found["kind"] == "directory"
    assert "password" in found["entries"]


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({"path": "/nowhere"}, "No such file or directory"),
        ({"path": "/etc/passwd/x"}, "Not a directory"),
        ({"path": "/etc", "container": "other"}, "the container is not running"),
    ],
    ids=["no such file", "a file is no directory", "no such container"],
)
def test_what_is_not_there_says_why(cluster: Cluster, query: dict[str, str], reason: str) -> None:
    _, found = ask(cluster, "file", pod="web", **query)
    assert (found["exists"], found["reason"]) == (False, reason)


def test_a_service_answers_by_its_name(cluster: Cluster) -> None:
    _, found = ask(cluster, "http", host="web")
    assert found["status"] == 200
    assert "nginx" in found["body"]
    assert found["headers"]["content-type"].startswith("text/html")


def test_a_policy_counts_for_who_asks(cluster: Cluster) -> None:
    assert ask(cluster, "http", host="web", pod="client")[1]["status"] == 200
    create(cluster, "/apis/networking.k8s.io/v1/namespaces/default/networkpolicies", DENY)
    assert ask(cluster, "http", host="web", pod="client")[1] == {"error": "timeout"}


def test_nobody_listens(cluster: Cluster) -> None:
    assert ask(cluster, "http", host="web", port="81")[1]["error"] in (
        "connection refused",
        "timeout",
    )
    assert ask(cluster, "http", host="nowhere")[1] == {"error": "no such host"}


@pytest.mark.parametrize(
    ("what", "query", "status"),
    [
        ("file", {"pod": "missing", "path": "/"}, 404),
        ("file", {"path": "/"}, 400),
        ("file", {"pod": "web"}, 400),
        ("http", {}, 400),
        ("http", {"host": "web", "port": "70000"}, 400),
        ("other", {}, 404),
    ],
    ids=["no such pod", "no pod", "no path", "no host", "a port too high", "no such question"],
)
def test_senseless_questions(
    cluster: Cluster, what: str, query: dict[str, str], status: int
) -> None:
    assert ask(cluster, what, **query)[0] == status


def test_only_administrators_look(cluster: Cluster) -> None:
    viewer = User("viewer", ("podyard:viewers", "system:authenticated"))
    assert ask(cluster, "file", user=viewer, pod="web", path="/etc/secret/password")[0] == 403
    request = Request("POST", "/podyard/v1/peek/file", user=ADMIN)
    assert cluster.handle(request).status == 405


def test_the_cluster_does_not_notice() -> None:
    """Two clusters with the same calls stay the same, though one of them is looked into."""
    clusters = []
    for is_looked_into in (False, True):
        made = Cluster(ClusterSpec(nodes=2, profile="realistic"))
        create(made, "/api/v1/namespaces/default/secrets", SECRET)
        create(made, "/api/v1/namespaces/default/pods", WEB)
        create(made, "/api/v1/namespaces/default/services", SERVICE)
        for _ in range(20):
            made.advance(made.now_ms + 1_000)
            if is_looked_into:
                ask(made, "http", host="web")
                ask(made, "file", pod="web", path="/etc/secret/password")
        log = Request("GET", "/api/v1/namespaces/default/pods/web/log", user=ADMIN)
        everything = Request("GET", "/api/v1/pods", user=ADMIN)
        clusters.append((made.handle(everything).body, made.handle(log).body, made.revision))
    assert clusters[0] == clusters[1]
