"""The parts of objects with doors of their own."""

from typing import Any

import pytest

from cluster_engine.apiserver.nodelink import ExecOptions, LogOptions
from tests.builders import pod
from tests.engine.apiserver.served import (
    DEPLOYMENTS,
    PODS,
    SERVICES,
    EchoingNodes,
    Served,
    events,
)
from tests.engine.apiserver.test_updating import DEPLOYMENT


@pytest.fixture
def nodes(served: Served) -> EchoingNodes:
    """Nodes behind the API server, and one pod on them."""
    nodes = EchoingNodes()
    served.api.node_link = nodes
    served.post("/api/v1/nodes", {"metadata": {"name": "node-1"}})
    served.post(PODS, pod("p").on("node-1").build())
    status = {"phase": "Running", "podIP": "10.244.1.2", "podIPs": [{"ip": "10.244.1.2"}]}
    served.merge(f"{PODS}/p/status", {"status": status})
    return nodes


def test_binding_sets_the_node(served: Served) -> None:
    served.post(PODS, pod("p").build())
    target = {"target": {"apiVersion": "v1", "kind": "Node", "name": "node-1"}}
    answer = served.post(f"{PODS}/p/binding", {"metadata": {"name": "p"}, **target})
    assert answer.status == 201
    bound = served.get(f"{PODS}/p").body
    assert bound["spec"]["nodeName"] == "node-1"
    assert bound["status"]["conditions"][0]["type"] == "PodScheduled"
    again = served.post(f"{PODS}/p/binding", {"metadata": {"name": "p"}, **target})
    assert again.status == 409
    assert again.message == (
        'Operation cannot be fulfilled on pods/binding "p": pod p is already assigned to node '
        '"node-1"'
    )


def test_bound_pods_carry_the_zone_of_their_node(served: Served) -> None:
    labels = {"topology.kubernetes.io/zone": "a", "topology.kubernetes.io/region": "r", "x": "y"}
    served.post("/api/v1/nodes", {"metadata": {"name": "n", "labels": labels}})
    served.post(PODS, pod("p").build())
    target = {"target": {"apiVersion": "v1", "kind": "Node", "name": "n"}}
    served.post(f"{PODS}/p/binding", {"metadata": {"name": "p"}, **target})
    placed = served.post(PODS, pod("q").on("n").build()).body
    for found in (served.get(f"{PODS}/p").body, placed):
        assert found["metadata"]["labels"] == {
            "topology.kubernetes.io/zone": "a",
            "topology.kubernetes.io/region": "r",
        }


def test_scale_shows_and_sets_replicas(served: Served) -> None:
    served.post(DEPLOYMENTS, DEPLOYMENT)
    path = f"{DEPLOYMENTS}/d/scale"
    scale = served.get(path).body
    assert (scale["kind"], scale["apiVersion"]) == ("Scale", "autoscaling/v1")
    assert scale["spec"] == {"replicas": 1}
    scaled = served.put(path, {**scale, "spec": {"replicas": 3}})
    assert scaled.body["spec"] == {"replicas": 3}
    assert served.get(f"{DEPLOYMENTS}/d").body["spec"]["replicas"] == 3
    refused = served.merge(path, {"spec": {"replicas": -1}})
    assert refused.status == 422


def budget(served: Served, allowed: int) -> None:
    path = "/apis/policy/v1/namespaces/default/poddisruptionbudgets"
    served.post(
        path,
        {
            "metadata": {"name": "b"},
            "spec": {"minAvailable": 1, "selector": {"matchLabels": {"app": "a"}}},
        },
    )
    status = {
        "observedGeneration": 1,
        "disruptionsAllowed": allowed,
        "currentHealthy": 2,
        "desiredHealthy": 1,
        "expectedPods": 2,
    }
    answer = served.merge(f"{path}/b/status", {"status": status})
    assert answer.status == 200, answer.body


@pytest.mark.parametrize(
    ("allowed", "status"),
    [
        pytest.param(1, 201, id="while disruptions are allowed"),
        pytest.param(0, 429, id="not when none is"),
    ],
)
def test_eviction_asks_the_budget(served: Served, allowed: int, status: int) -> None:
    budget(served, allowed)
    served.post(PODS, pod("p").labels(app="a").on("node-1").build())
    ready = {"type": "Ready", "status": "True"}
    served.merge(f"{PODS}/p/status", {"status": {"phase": "Running", "conditions": [ready]}})
    answer = served.post(f"{PODS}/p/eviction", {"metadata": {"name": "p"}})
    assert answer.status == status
    if status == 201:
        budgets = "/apis/policy/v1/namespaces/default/poddisruptionbudgets/b"
        left = served.get(budgets).body["status"]
        assert left["disruptionsAllowed"] == 0
        assert list(left["disruptedPods"]) == ["p"]
        assert "deletionTimestamp" in served.get(f"{PODS}/p").body["metadata"]
    else:
        assert answer.message == (
            "Cannot evict pod as it would violate the pod's disruption budget."
        )


def test_logs_are_read_on_the_node(served: Served, nodes: EchoingNodes) -> None:
    query = "tailLines=2&timestamps=true&sinceSeconds=60"
    answer = served.get(f"{PODS}/p/log?{query}")
    assert answer.body == b"line 1\nline 2\n"
    assert answer.headers["content-type"] == "text/plain"
    assert nodes.asked == [LogOptions("main", timestamps=True, since_seconds=60, tail_lines=2)]


def test_followed_logs_are_streams(served: Served, nodes: EchoingNodes) -> None:
    stream = served.get(f"{PODS}/p/log?follow=true").stream
    assert stream is not None
    assert [frame.data for frame in stream.read()] == [b"line\n"]


@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        pytest.param(
            f"{PODS}/p/log?container=zap", 400, "container zap is not valid for pod p", id="a log"
        ),
        pytest.param(
            f"{PODS}/p/exec?container=zap&command=ls&stdout=true",
            400,
            "container zap is not valid for pod p",
            id="exec",
        ),
        pytest.param(f"{PODS}/zap/log", 404, 'pods "zap" not found', id="a pod that is not there"),
        pytest.param(
            f"{PODS}/p/log?tailLines=-1", 422, "must be greater than or equal to 0", id="a number"
        ),
    ],
)
def test_refused_conversations(
    served: Served, nodes: EchoingNodes, path: str, status: int, message: str
) -> None:
    answer = served.get(path)
    assert answer.status == status
    assert message in answer.message
    assert nodes.asked == []


def test_commands_run_on_the_node(served: Served, nodes: EchoingNodes) -> None:
    query = "command=echo&command=hello&stdin=true&stdout=true&tty=true"
    answer = served.get(f"{PODS}/p/exec?{query}")
    assert answer.status == 101
    assert answer.stream is not None
    assert answer.stream.read()[0].data == b"echo hello"
    assert nodes.asked == [
        ExecOptions("main", ("echo", "hello"), stdin=True, stdout=True, stderr=False, tty=True)
    ]


def test_pods_without_a_node_have_no_conversations(served: Served, nodes: EchoingNodes) -> None:
    served.post(PODS, pod("waiting").build())
    answer = served.get(f"{PODS}/waiting/exec?command=ls&stdout=true")
    assert answer.status == 400
    assert answer.message == "pod waiting does not have a host assigned"


def test_ports_are_forwarded(served: Served, nodes: EchoingNodes) -> None:
    answer = served.get(f"{PODS}/p/portforward?ports=80")
    assert answer.stream is not None
    assert answer.stream.read()[0].data == b"80"


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        pytest.param(f"{PODS}/p/proxy/a/b?x=1", ("10.244.1.2", 80, "/a/b?x=1"), id="a pod"),
        pytest.param(f"{PODS}/p:8080/proxy/", ("10.244.1.2", 8080, "/"), id="a port of a pod"),
        pytest.param(f"{SERVICES}/s/proxy/", ("10.244.1.2", 9376, "/"), id="a service"),
        pytest.param(f"{SERVICES}/s:web/proxy/", ("10.244.1.2", 9376, "/"), id="a named port"),
    ],
)
def test_requests_are_passed_on(
    served: Served, nodes: EchoingNodes, path: str, asked: tuple[Any, ...]
) -> None:
    served.post(
        SERVICES,
        {
            "metadata": {"name": "s"},
            "spec": {"ports": [{"name": "web", "port": 80, "targetPort": 9376}]},
        },
    )
    served.post(
        "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices",
        {
            "metadata": {"name": "s-1", "labels": {"kubernetes.io/service-name": "s"}},
            "addressType": "IPv4",
            "ports": [{"name": "web", "port": 9376}],
            "endpoints": [{"addresses": ["10.244.1.2"], "conditions": {"ready": True}}],
        },
    )
    answer = served.get(path)
    assert answer.body == b"hello"
    host, port, method, target, _ = nodes.asked[0]
    assert ((host, port, target), method) == (asked, "GET")


def test_ephemeral_containers_come_by_their_own_door(served: Served, nodes: EchoingNodes) -> None:
    added = {"spec": {"ephemeralContainers": [{"name": "debug", "image": "busybox"}]}}
    refused = served.merge(f"{PODS}/p", added)
    assert refused.status == 422
    answer = served.ask(
        "PATCH",
        f"{PODS}/p/ephemeralcontainers",
        added,
        content_type="application/strategic-merge-patch+json",
    )
    assert answer.status == 200
    assert answer.body["spec"]["ephemeralContainers"][0]["name"] == "debug"


def test_certificates_are_approved_by_their_own_door(served: Served) -> None:
    path = "/apis/certificates.k8s.io/v1/certificatesigningrequests"
    request = {
        "metadata": {"name": "c"},
        "spec": {"request": "YQ==", "signerName": "example.com/a", "usages": ["client auth"]},
    }
    created = served.post(path, request)
    if created.status == 422:
        assert "spec.request" in created.message
        return
    assert created.body["spec"]["username"] == "kubernetes-admin"
    condition = {"type": "Approved", "status": "True", "reason": "Fine", "message": "ok"}
    approved = served.merge(f"{path}/c/approval", {"status": {"conditions": [condition]}})
    found = approved.body["status"]["conditions"][0]
    assert found["lastUpdateTime"] == "2026-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        pytest.param("GET", f"{PODS}/p/zap", id="no such part"),
        pytest.param("GET", "/api/v1/namespaces/default/configmaps/a/status", id="no status"),
    ],
)
def test_unknown_parts(served: Served, method: str, path: str) -> None:
    answer = served.ask(method, path)
    assert (answer.status, answer.body["reason"]) == (404, "NotFound")


def test_watched_pods_tell_of_their_binding(served: Served) -> None:
    served.post(PODS, pod("p").build())
    stream = served.get(f"{PODS}?watch=1&resourceVersion={served.store.revision}").stream
    target = {"target": {"apiVersion": "v1", "kind": "Node", "name": "node-1"}}
    served.post(f"{PODS}/p/binding", {"metadata": {"name": "p"}, **target})
    assert [obj["spec"]["nodeName"] for _, obj in events(stream)] == ["node-1"]
