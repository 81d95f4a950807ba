"""ReplicaSets: healing, adopting, releasing, and whom they let go first."""

from typing import Any

from tests.builders import Builder, pod
from tests.engine.controllers.lab import PATHS, Lab


def replica_set(name: str, replicas: int) -> dict[str, Any]:
    builder = Builder("apps/v1", "ReplicaSet", name, "default")
    labels = {"app": name}
    builder.object["spec"] = {
        "replicas": replicas,
        "selector": {"matchLabels": labels},
        "template": {
            "metadata": {"labels": labels},
            "spec": {"containers": [{"name": "main", "image": "nginx"}]},
        },
    }
    return builder.build()


def test_a_deleted_pod_is_replaced() -> None:
    lab = Lab()
    lab.create("replicasets", replica_set("web", 2))
    first = lab.names("pods")
    lab.delete("pods", first[0])
    lab.pass_time(60)
    assert len(lab.names("pods")) == 2
    assert first[0] not in lab.names("pods")
    assert lab.get("replicasets", "web")["status"]["readyReplicas"] == 2


def test_a_matching_orphan_is_adopted_and_counts() -> None:
    lab = Lab()
    lab.create("pods", pod("orphan").labels(app="web").build())
    lab.create("replicasets", replica_set("web", 1))
    assert lab.names("pods") == ["orphan"]
    (owner,) = lab.get("pods", "orphan")["metadata"]["ownerReferences"]
    assert (owner["kind"], owner["name"], owner["controller"]) == ("ReplicaSet", "web", True)


def test_a_pod_whose_labels_change_is_released_and_replaced() -> None:
    lab = Lab()
    lab.create("replicasets", replica_set("web", 1))
    (name,) = lab.names("pods")
    lab.patch("pods", name, {"metadata": {"labels": {"app": "other"}}})
    assert "ownerReferences" not in lab.get("pods", name)["metadata"]
    assert len(lab.names("pods", "?labelSelector=app%3Dweb")) == 1


def test_shrinking_lets_the_cheapest_pod_go_first() -> None:
    lab = Lab()
    lab.create("replicasets", replica_set("web", 3))
    names = lab.names("pods")
    cost = {"controller.kubernetes.io/pod-deletion-cost": "-5"}
    lab.patch("pods", names[1], {"metadata": {"annotations": cost}})
    lab.patch("replicasets", "web", {"spec": {"replicas": 2}})
    lab.pass_time(60)
    assert lab.names("pods") == [names[0], names[2]]


def test_pods_that_cannot_be_made_are_told_of() -> None:
    lab = Lab()
    body = replica_set("web", 1)
    body["spec"]["template"]["spec"]["serviceAccountName"] = "nobody"
    lab.create("replicasets", body)
    (condition,) = lab.get("replicasets", "web")["status"]["conditions"]
    assert condition["type"] == "ReplicaFailure"
    assert 'serviceaccount "nobody" not found' in condition["message"]
    assert any("Error creating" in message for message in lab.messages("web"))


def begun(replicas: int) -> Lab:
    """A set of so many whose first pods have been created, and not its last ones."""
    lab = Lab()
    lab.call("POST", PATHS["replicasets"], replica_set("web", replicas))
    cluster = lab.cluster
    while not lab.names("pods"):
        cluster.advance(cluster.now_ms, lambda: True)
    assert len(lab.names("pods")) < replicas
    return lab


def test_many_pods_come_in_steps_and_a_fork_goes_on_with_them() -> None:
    lab = begun(50)
    lab.cluster = lab.cluster.fork()
    lab.pass_time(30)
    assert len(lab.names("pods")) == 50
    assert lab.get("replicasets", "web")["status"]["readyReplicas"] == 50


def test_who_asks_for_fewer_in_the_middle_gets_fewer() -> None:
    lab = begun(50)
    lab.patch("replicasets", "web", {"spec": {"replicas": 10}})
    assert len(lab.names("pods")) == 10
    lab.patch("replicasets", "web", {"spec": {"replicas": 60}})
    assert len(lab.names("pods")) == 60
    lab.patch("replicasets", "web", {"spec": {"replicas": 1}})
    lab.pass_time(60)
    assert len(lab.names("pods")) == 1
