"""A cluster in a few hundred bytes."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from cluster_engine import ADMIN, Cluster, ClusterSpec, Request
from cluster_engine.apiserver.requests import STDIN, Caller, Frame, Source
from tests.engine.controllers.lab import Lab

PODS = "/api/v1/namespaces/default/pods"
ANN = Caller("a1", "Ann", Source.KUBECTL)


def pod(name: str, image: str = "nginx", **spec: Any) -> dict[str, Any]:
    container = {"name": "c", "image": image}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name},
        "spec": {"containers": [container], **spec},
    }


def summary(lab: Lab) -> dict[str, Any]:
    found: dict[str, Any] = lab.call("GET", "/podyard/v1/summary")
    return found


def write(cluster: Cluster, body: dict[str, Any], caller: Caller, command: str = "") -> int:
    headers = {"content-type": "application/json", "kubectl-command": command}
    request = Request(
        "POST", PODS, "", headers, orjson.dumps(body), ADMIN, request_id="1", caller=caller
    )
    return cluster.handle(request).status


@pytest.fixture
def lab() -> Lab:
    return Lab(nodes=2)


def test_pods_are_letters_node_by_node(lab: Lab) -> None:
    lab.create("pods", pod("one", nodeName="node-1"))
    lab.create("pods", pod("two", nodeName="node-1"))
    lab.create("pods", pod("bad", "nginx:no-such-tag", nodeName="node-2"))
    lab.create("pods", pod("waits", nodeSelector={"disk": "none"}))
    found = summary(lab)
    assert found["nodes"] == [
        {"name": "node-1", "ready": True, "pods": "rr"},
        {"name": "node-2", "ready": True, "pods": "f"},
    ]
    assert (found["unplaced"], found["pods"], found["failing"]) == ("w", 4, 1)
    assert found["command"] is None


def test_a_pod_that_is_pulling_says_so_and_stops_saying_so() -> None:
    lab = Lab.of(Cluster(ClusterSpec(nodes=1)))
    lab.call("POST", PODS, pod("web"))
    seen = set()
    for _ in range(60):
        lab.pass_time(0.5)
        seen.add(summary(lab)["nodes"][0]["pods"])
    assert {"c", "p", "r"} <= seen
    assert summary(lab)["nodes"][0]["pods"] == "r"


def test_a_lost_node_is_not_ready(lab: Lab) -> None:
    lab.call("POST", "/podyard/v1/faults", {"fault": "node-cut", "target": "node-2"})
    lab.pass_time(60)
    assert [node["ready"] for node in summary(lab)["nodes"]] == [True, False]


def test_the_last_line_at_the_console_counts_with_its_failures(lab: Lab) -> None:
    request = Request("POST", "/podyard/v1/console", user=ADMIN)
    stream = lab.cluster.handle(request).stream
    assert stream is not None
    lab.pass_time(1)
    seen = []
    for line in ("kubectl get nonsense", "false", "true", "kubectl get pods"):
        stream.write(Frame(STDIN, line.encode() + b"\r"))
        lab.pass_time(10)
        found = summary(lab)
        seen.append((found["command"]["text"], found["failures"]))
    assert seen == [
        ("kubectl get nonsense", 1),
        ("false", 2),
        ("true", 0),
        ("kubectl get pods", 0),
    ]


def test_writes_from_elsewhere_count_unless_they_are_a_teachers(lab: Lab) -> None:
    assert write(lab.cluster, pod("one"), ANN, "kubectl create") == 201
    assert summary(lab)["command"]["text"] == "kubectl create pod one"
    assert write(lab.cluster, pod("one"), ANN, "kubectl create") == 409
    assert write(lab.cluster, pod("one"), ANN, "kubectl create") == 409
    assert summary(lab)["failures"] == 2
    lab.pass_time(1)
    teacher = Caller("t1", "Ms Ray", Source.TEACHER)
    assert write(lab.cluster, pod("two"), teacher) == 201
    assert summary(lab)["command"]["text"] == "kubectl create pod one"
    lab.pass_time(1)
    editor = Caller("a1", "Ann", Source.EDITOR)
    assert write(lab.cluster, pod("three"), editor) == 201
    assert summary(lab)["command"]["text"] == "editor: pod three"
    assert summary(lab)["failures"] == 0


def test_a_fork_and_a_snapshot_say_the_same(lab: Lab) -> None:
    lab.create("pods", pod("one"))
    write(lab.cluster, pod("two"), ANN, "kubectl create")
    lab.pass_time(1)
    expected = summary(lab)
    assert summary(Lab.of(lab.cluster.fork())) == expected
    assert summary(Lab.of(Cluster.restore(lab.cluster.snapshot()))) == expected


def test_asking_changes_nothing(lab: Lab) -> None:
    lab.create("pods", pod("one"))
    before = lab.cluster.snapshot()
    summary(lab)
    assert lab.cluster.snapshot() == before
    assert lab.cluster.handle(Request("POST", "/podyard/v1/summary", user=ADMIN)).status == 405


def test_a_node_shows_forty_pods_and_no_more(lab: Lab) -> None:
    for number in range(45):
        lab.call("POST", PODS, pod(f"p{number}", nodeName="node-1"))
    lab.pass_time(1)
    found = summary(lab)
    assert (len(found["nodes"][0]["pods"]), found["pods"]) == (40, 45)
