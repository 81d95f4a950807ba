"""ReplicationControllers keep their pods as ReplicaSets do, by a plain map of labels."""

from __future__ import annotations

from typing import Any

from tests.builders import Builder, pod
from tests.engine.controllers.lab import Lab


def _controller(name: str, replicas: int) -> dict[str, Any]:
    builder = Builder("v1", "ReplicationController", name, "default")
    labels = {"app": name}
    builder.object["spec"] = {
        "replicas": replicas,
        "selector": labels,
        "template": {
            "metadata": {"labels": labels},
            "spec": {"containers": [{"name": "main", "image": "nginx"}]},
        },
    }
    return builder.build()


def test_it_makes_as_many_pods_as_asked_for_and_says_so() -> None:
    lab = Lab()
    lab.create("replicationcontrollers", _controller("web", 2))
    lab.pass_time(60)
    status = lab.get("replicationcontrollers", "web")["status"]
    assert status == {
        "availableReplicas": 2,
        "fullyLabeledReplicas": 2,
        "observedGeneration": 1,
        "readyReplicas": 2,
        "replicas": 2,
    }
    (owner, _) = [item["metadata"]["ownerReferences"][0] for item in lab.items("pods")]
    assert (owner["apiVersion"], owner["kind"], owner["name"]) == (
        "v1",
        "ReplicationController",
        "web",
    )


def test_a_deleted_pod_is_replaced() -> None:
    lab = Lab()
    lab.create("replicationcontrollers", _controller("web", 1))
    (name,) = lab.names("pods")
    lab.delete("pods", name)
    lab.pass_time(60)
    (other,) = lab.names("pods")
    assert other != name


def test_a_matching_orphan_is_adopted_and_one_with_other_labels_let_go() -> None:
    lab = Lab()
    lab.create("pods", pod("orphan").labels(app="web").build())
    lab.create("replicationcontrollers", _controller("web", 1))
    assert lab.names("pods") == ["orphan"]
    lab.patch("pods", "orphan", {"metadata": {"labels": {"app": "other"}}})
    assert "ownerReferences" not in lab.get("pods", "orphan")["metadata"]
    assert len(lab.names("pods")) == 2


def test_scaling_down_deletes_pods() -> None:
    lab = Lab()
    lab.create("replicationcontrollers", _controller("web", 3))
    lab.patch("replicationcontrollers", "web", {"spec": {"replicas": 1}})
    lab.pass_time(60)
    assert len(lab.names("pods")) == 1
