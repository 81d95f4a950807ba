"""Pods of a node that is lost: not ready at once, evicted when they bear it no longer."""

from __future__ import annotations

import pytest

from cluster_engine.controllers.eviction import tolerated_seconds
from tests.engine.controllers.lab import Lab

DEPLOYMENT = {
    "apiVersion": "apps/v1",
    "kind": "Deployment",
    "metadata": {"name": "web"},
    "spec": {
        "replicas": 3,
        "selector": {"matchLabels": {"app": "web"}},
        "template": {
            "metadata": {"labels": {"app": "web"}},
            "spec": {"containers": [{"name": "c", "image": "nginx"}]},
        },
    },
}
UNREACHABLE = {"key": "node.kubernetes.io/unreachable", "effect": "NoExecute"}
OURS = {"key": "gone", "value": "yes", "effect": "NoExecute"}


def on(lab: Lab, node: str) -> list[str]:
    return [p["metadata"]["name"] for p in lab.items("pods") if p["spec"]["nodeName"] == node]


def ready(pod: dict) -> str:
    return next(c["status"] for c in pod["status"]["conditions"] if c["type"] == "Ready")


@pytest.fixture
def lab() -> Lab:
    made = Lab(nodes=3)
    made.create("deployments", DEPLOYMENT)
    return made


def test_a_lost_node_loses_the_readiness_of_its_pods_then_the_pods(lab: Lab) -> None:
    (lost,) = on(lab, "node-2")
    lab.call("POST", "/podyard/v1/faults", {"fault": "kubelet-down", "target": "node-2"})
    lab.pass_time(49)
    assert ready(lab.get("pods", lost)) == "True"
    lab.pass_time(2)
    assert ready(lab.get("pods", lost)) == "False"
    node = lab.get("nodes", "node-2")
    assert UNREACHABLE.items() <= node["spec"]["taints"][-1].items()
    assert "Node is not ready" in lab.messages(lost)
    lab.pass_time(298)
    assert "deletionTimestamp" not in lab.get("pods", lost)["metadata"]
    lab.pass_time(3)
    pod = lab.get("pods", lost)
    assert "deletionTimestamp" in pod["metadata"]
    condition = next(c for c in pod["status"]["conditions"] if c["type"] == "DisruptionTarget")
    assert condition["reason"] == "DeletionByTaintManager"
    assert f"Marking for deletion Pod default/{lost}" in lab.messages(lost)
    assert len([p for p in lab.items("pods") if ready(p) == "True"]) == 3


def test_a_node_that_comes_back_in_time_keeps_its_pods(lab: Lab) -> None:
    (lost,) = on(lab, "node-2")
    fault = lab.call("POST", "/podyard/v1/faults", {"fault": "node-cut", "target": "node-2"})
    lab.pass_time(120)
    assert ready(lab.get("pods", lost)) == "False"
    lab.cluster.handle(lab.request("DELETE", f"/podyard/v1/faults/{fault['id']}"))
    lab.pass_time(1)
    assert ready(lab.get("pods", lost)) == "True"
    assert f"Cancelling deletion of Pod default/{lost}" in lab.messages(lost)
    lab.pass_time(600)
    assert on(lab, "node-2") == [lost]


def test_a_taint_by_hand_evicts_at_once_and_a_fork_goes_on_counting(lab: Lab) -> None:
    (one,) = on(lab, "node-1")
    lab.patch("nodes", "node-1", {"spec": {"taints": [OURS]}})
    assert on(lab, "node-1") == []
    assert one not in lab.names("pods")
    lab.call("POST", "/podyard/v1/faults", {"fault": "kubelet-down", "target": "node-2"})
    lab.pass_time(200)
    twin = Lab.of(lab.cluster.fork())
    twin.pass_time(160)
    going = [p for p in twin.items("pods") if "deletionTimestamp" in p["metadata"]]
    assert going and {p["spec"]["nodeName"] for p in going} == {"node-2"}


@pytest.mark.parametrize(
    ("tolerations", "seconds"),
    [
        pytest.param([], 0, id="nothing is tolerated"),
        pytest.param([{"operator": "Exists"}], None, id="everything for ever"),
        pytest.param([{"key": "gone", "operator": "Exists"}], None, id="a key for ever"),
        pytest.param([{"key": "gone", "value": "no"}], 0, id="another value"),
        pytest.param([{"key": "gone", "value": "yes", "tolerationSeconds": 9}], 9, id="a while"),
        pytest.param(
            [
                {"key": "gone", "operator": "Exists", "tolerationSeconds": 9},
                {"operator": "Exists", "tolerationSeconds": 4},
            ],
            4,
            id="the shortest counts",
        ),
        pytest.param(
            [{"operator": "Exists", "effect": "NoExecute", "tolerationSeconds": -5}],
            0,
            id="a negative time is none",
        ),
        pytest.param([{"operator": "Exists", "effect": "NoSchedule"}], 0, id="another effect"),
    ],
)
def test_how_long_taints_are_borne(tolerations: list, seconds: int | None) -> None:
    assert tolerated_seconds([OURS], tolerations) == seconds


def test_every_taint_has_to_be_tolerated() -> None:
    assert tolerated_seconds([OURS, UNREACHABLE], [{"key": "gone", "operator": "Exists"}]) == 0
    assert tolerated_seconds([], []) is None
