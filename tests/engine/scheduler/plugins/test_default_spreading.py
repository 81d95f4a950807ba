"""Pods without spread constraints are spread by their services and owners."""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from tests.builders import node, pod, service
from tests.engine.scheduler.harness import Bench

ZONE = "topology.kubernetes.io/zone"


def hosted(name: str, zone: str = "") -> Object:
    made = node(name).build()
    made["metadata"]["labels"] = {"kubernetes.io/hostname": name}
    if zone:
        made["metadata"]["labels"][ZONE] = zone
    return made


def replica(name: str, owner: str = "web", **labels: str) -> Object:
    made = pod(name).labels(**labels).build()
    reference = {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "name": owner,
        "uid": "u",
        "controller": True,
    }
    made["metadata"]["ownerReferences"] = [reference]
    return made


def replica_set(name: str, **labels: str) -> Object:
    return {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {"name": name},
        "spec": {"selector": {"matchLabels": labels}},
    }


def spread_scores(bench: Bench, name: str) -> dict[str, tuple[int, int]] | None:
    """Raw and normalized score per node; None when the plugin had nothing to say."""
    scores = bench.attempts(name)[-1]["scores"]
    if not all("PodTopologySpread" in held["plugins"] for held in scores.values()):
        return None
    return {
        at: (
            held["plugins"]["PodTopologySpread"]["raw"],
            held["plugins"]["PodTopologySpread"]["normalized"],
        )
        for at, held in scores.items()
    }


def test_a_pod_of_nobody_is_not_spread() -> None:
    bench = Bench()
    bench.create(hosted("a"), hosted("b"), pod("p").labels(app="web").build())
    bench.settle()
    assert spread_scores(bench, "p") is None


def test_replicas_go_to_the_host_and_zone_with_fewest_of_them() -> None:
    bench = Bench()
    bench.create(hosted("a", "x"), hosted("b", "x"), hosted("c", "y"))
    bench.create(replica_set("web", app="web"))
    first = replica("first", app="web")
    first["spec"]["nodeSelector"] = {"kubernetes.io/hostname": "a"}
    bench.create(first)
    bench.settle()
    bench.create(replica("second", app="web"))
    bench.settle()
    # Hosts: ln(5) per replica plus 2; zones: ln(4) per replica plus 4.
    assert spread_scores(bench, "second") == {
        "a": (9, 66),
        "b": (7, 88),
        "c": (6, 100),
    }
    assert bench.place("second") == "c"


def test_nodes_without_a_zone_are_spread_by_host_alone() -> None:
    bench = Bench()
    bench.create(hosted("a", "x"), hosted("b"), replica_set("web", app="web"))
    bench.create(replica("p", app="web"))
    bench.settle()
    assert spread_scores(bench, "p") == {"a": (6, 33), "b": (2, 100)}


def test_services_count_too_and_a_change_of_theirs_is_noticed() -> None:
    bench = Bench()
    bench.create(hosted("a"), hosted("b"), service("web", app="web").build())
    bench.create(pod("p0").labels(app="web").build())
    bench.settle()
    assert spread_scores(bench, "p0") is not None
    bench.update("Service", "web", "default", spec={"selector": {"app": "other"}})
    bench.create(pod("p1").labels(app="web").build())
    bench.settle()
    assert spread_scores(bench, "p1") is None


def test_pods_being_deleted_do_not_count() -> None:
    bench = Bench()
    bench.create(hosted("a"), hosted("b"), replica_set("web", app="web"))
    first = replica("first", app="web")
    first["spec"]["nodeSelector"] = {"kubernetes.io/hostname": "a"}
    bench.create(first)
    bench.settle()
    bench.delete("first", grace_seconds=None)
    bench.create(replica("second", app="web"))
    bench.settle()
    scores = spread_scores(bench, "second")
    assert scores is not None
    assert scores["a"] == scores["b"]
