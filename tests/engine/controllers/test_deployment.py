"""Deployments: rolling out, rolling back, scaling, pausing, recreating, getting stuck."""

from typing import Any

import pytest

from tests.builders import deployment
from tests.engine.controllers.lab import Lab


def image(name: str) -> dict[str, Any]:
    """A patch that gives the container another image."""
    containers = [{"name": "main", "image": name}]
    return {"spec": {"template": {"spec": {"containers": containers}}}}


def sizes(lab: Lab) -> dict[str, int]:
    """Replicas asked for by image."""
    return {
        item["spec"]["template"]["spec"]["containers"][0]["image"]: item["spec"]["replicas"]
        for item in lab.items("replicasets")
    }


def condition(obj: Any, type_: str) -> Any:
    return next(c for c in obj["status"]["conditions"] if c["type"] == type_)


def test_a_new_deployment_makes_one_set_and_says_so() -> None:
    lab = Lab()
    lab.create("deployments", deployment("web", 3).build())
    held = lab.get("deployments", "web")
    (replica_set,) = lab.names("replicasets")
    assert held["status"]["readyReplicas"] == 3
    assert held["metadata"]["generation"] == 1
    assert condition(held, "Available")["reason"] == "MinimumReplicasAvailable"
    progress = condition(held, "Progressing")
    assert progress["reason"] == "NewReplicaSetAvailable"
    assert progress["message"] == f'ReplicaSet "{replica_set}" has successfully progressed.'
    assert lab.messages("web") == [f"Scaled up replica set {replica_set} from 0 to 3"]


def test_a_rolling_update_never_goes_below_its_fenceposts() -> None:
    lab = Lab()
    lab.create("deployments", deployment("web", 4).build())
    lab.patch("deployments", "web", image("nginx:1.16.1"))
    fewest = 4
    for _ in range(200):
        lab.pass_time(0.5)
        ready = lab.get("deployments", "web")["status"].get("availableReplicas", 0)
        fewest = min(fewest, ready)
    assert fewest >= 3
    assert sizes(lab) == {"nginx": 0, "nginx:1.16.1": 4}


def test_going_back_uses_the_old_set_under_a_new_revision() -> None:
    lab = Lab()
    lab.create("deployments", deployment("web", 2).build())
    lab.patch("deployments", "web", image("nginx:1.16.1"))
    lab.pass_time(60)
    lab.patch("deployments", "web", image("nginx"))
    lab.pass_time(60)
    assert sizes(lab) == {"nginx": 2, "nginx:1.16.1": 0}
    held = lab.get("deployments", "web")
    assert held["metadata"]["annotations"]["deployment.kubernetes.io/revision"] == "3"


def test_a_wrong_image_stops_the_rollout_and_leaves_the_old_pods() -> None:
    lab = Lab()
    body = deployment("web", 3).set("spec.progressDeadlineSeconds", 60).build()
    lab.create("deployments", body)
    lab.patch("deployments", "web", image("nginx:1.161"))
    lab.pass_time(120)
    held = lab.get("deployments", "web")
    assert held["status"]["availableReplicas"] == 3
    progress = condition(held, "Progressing")
    assert (progress["status"], progress["reason"]) == ("False", "ProgressDeadlineExceeded")


@pytest.mark.parametrize("replicas", [0, 1, 7])
def test_scaling_reaches_the_number(replicas: int) -> None:
    lab = Lab()
    lab.create("deployments", deployment("web", 3).build())
    lab.patch("deployments", "web", {"spec": {"replicas": replicas}})
    lab.pass_time(60)
    assert len(lab.names("pods")) == replicas
    assert lab.get("deployments", "web")["status"].get("replicas", 0) == replicas


def test_a_paused_deployment_scales_but_does_not_roll() -> None:
    lab = Lab()
    lab.create("deployments", deployment("web", 2).set("spec.paused", True).build())
    assert lab.names("pods") == []
    lab.patch("deployments", "web", {"spec": {"paused": False}})
    lab.patch("deployments", "web", {"spec": {"paused": True}})
    lab.patch("deployments", "web", image("nginx:1.16.1"))
    lab.patch("deployments", "web", {"spec": {"replicas": 3}})
    lab.pass_time(60)
    assert sizes(lab) == {"nginx": 3}
    assert condition(lab.get("deployments", "web"), "Progressing")["reason"] == "DeploymentPaused"


def test_recreate_lets_all_old_pods_go_first() -> None:
    lab = Lab()
    lab.create("deployments", deployment("web", 2).set("spec.strategy.type", "Recreate").build())
    lab.patch("deployments", "web", image("nginx:1.16.1"))
    images = {p["spec"]["containers"][0]["image"] for p in lab.items("pods")}
    assert len(images) == 1
    lab.pass_time(60)
    assert sizes(lab) == {"nginx": 0, "nginx:1.16.1": 2}


def test_old_sets_beyond_the_history_limit_go() -> None:
    lab = Lab()
    lab.create("deployments", deployment("web").set("spec.revisionHistoryLimit", 1).build())
    for version in ("1.14.2", "1.16.1", "1.20"):
        lab.patch("deployments", "web", image(f"nginx:{version}"))
        lab.pass_time(60)
    assert set(sizes(lab)) == {"nginx:1.16.1", "nginx:1.20"}
