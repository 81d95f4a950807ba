"""What the scheduler tells about its decisions."""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.scheduler.explanation import DECISIONS_MAX, NODES_PER_DECISION_MAX
from cluster_engine.simulation.limits import Limits
from tests.builders import node, pod
from tests.engine.scheduler.harness import START_MS, Bench


def tainted(name: str) -> Object:
    made = node(name).build()
    made["spec"]["taints"] = [{"key": "k", "effect": "NoSchedule"}]
    return made


def test_a_placed_pod_shows_filters_scores_and_ties() -> None:
    bench = Bench()
    bench.create(node("a").build(), node("b").build(), node("small", cpu="100m").build())
    bench.create(tainted("t"), pod("p").requests(cpu="200m", memory="1Gi").build())
    bench.settle()
    [attempt] = bench.attempts("p")
    assert attempt["time"] == "2026-01-01T00:00:00.000000Z"
    assert attempt["result"] == "scheduled"
    assert attempt["node"] in ("a", "b")
    assert attempt["tie"] == ["a", "b"]
    assert attempt["victims"] == []
    assert set(attempt["filters"]) == {"a", "b", "small", "t"}
    assert all(verdict["passed"] for verdict in attempt["filters"]["a"].values())
    assert attempt["filters"]["small"]["TaintToleration"] == {"passed": True, "reason": ""}
    assert attempt["filters"]["small"]["NodeResourcesFit"] == {
        "passed": False,
        "reason": "Insufficient cpu",
    }
    assert attempt["filters"]["t"] == {
        "NodeName": {"passed": True, "reason": ""},
        "NodeUnschedulable": {"passed": True, "reason": ""},
        "TaintToleration": {"passed": False, "reason": "node(s) had untolerated taint(s)"},
    }
    scores = attempt["scores"]
    assert set(scores) == {"a", "b"}
    assert scores["a"]["plugins"]["TaintToleration"] == {
        "raw": 0,
        "normalized": 100,
        "weighted": 300,
    }
    assert scores["a"]["total"] == sum(held["weighted"] for held in scores["a"]["plugins"].values())


def test_a_pod_with_one_feasible_node_is_not_scored() -> None:
    bench = Bench()
    bench.create(node("a").build(), pod("p").build())
    bench.settle()
    [attempt] = bench.attempts("p")
    assert (attempt["node"], attempt["scores"], attempt["tie"]) == ("a", {}, [])


def test_a_pod_refused_before_any_node_is_looked_at_shows_that_for_each_node() -> None:
    bench = Bench()
    bench.create(node("a").build(), node("b").build())
    volumes = [{"name": "v", "persistentVolumeClaim": {"claimName": "gone"}}]
    bench.create(pod("p").set("spec.volumes", volumes).build())
    bench.settle()
    [attempt] = bench.attempts("p")
    refusal = {"passed": False, "reason": 'persistentvolumeclaim "gone" not found'}
    assert attempt["filters"] == {
        "a": {"VolumeRestrictions": refusal},
        "b": {"VolumeRestrictions": refusal},
    }


def test_a_daemon_pod_shows_why_the_other_nodes_were_not_looked_at() -> None:
    bench = Bench()
    bench.create(node("a", cpu="1").build(), node("b").build())
    field = {"key": "metadata.name", "operator": "In", "values": ["a"]}
    required = {"nodeSelectorTerms": [{"matchFields": [field]}]}
    affinity = {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": required}}
    bench.create(pod("d").requests(cpu="2").set("spec.affinity", affinity).build())
    bench.settle()
    assert bench.condition("d")["message"] == (
        "0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't satisfy plugin(s) "
        "[NodeAffinity]. preemption: 0/2 nodes are available: 2 Preemption is not helpful for "
        "scheduling."
    )
    [attempt] = bench.attempts("d")
    assert attempt["filters"]["b"] == {
        "NodeAffinity": {
            "passed": False,
            "reason": "node(s) didn't satisfy plugin(s) [NodeAffinity]",
        }
    }


def test_contradicting_names_are_refused_with_their_own_words() -> None:
    bench = Bench()
    bench.create(node("a").build())
    fields = [{"key": "metadata.name", "operator": "In", "values": [name]} for name in ("a", "b")]
    required = {"nodeSelectorTerms": [{"matchFields": fields}]}
    affinity = {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": required}}
    bench.create(pod("p").set("spec.affinity", affinity).build())
    bench.settle()
    assert bench.condition("p")["message"].startswith(
        "0/1 nodes are available: pod affinity terms conflict."
    )


def test_only_the_last_attempts_are_kept() -> None:
    bench = Bench()
    bench.create(pod("lonely").build())
    bench.settle(START_MS + 120_000)
    attempts = bench.attempts("lonely")
    assert len(attempts) == Limits().scheduling_attempts_kept
    assert [a["time"] for a in attempts] == sorted(a["time"] for a in attempts)


def test_nothing_is_known_of_a_pod_that_does_not_exist() -> None:
    assert Bench().scheduler.explanation("default", "nobody") == {"attempts": []}


def test_decisions_come_once_the_newest_fifty_at_most() -> None:
    bench = Bench()
    bench.create(node("a", pods="500").build(), tainted("t"))
    bench.create(*(pod(f"p{number:02}").build() for number in range(DECISIONS_MAX + 10)))
    bench.settle()
    cursor, decisions = bench.scheduler.decisions_since(0)
    assert [d["pod"] for d in decisions] == [
        f"default/p{number:02}" for number in range(10, DECISIONS_MAX + 10)
    ]
    assert decisions[0] == {
        "pod": "default/p10",
        "node": "a",
        "result": "scheduled",
        "message": "",
        "rejected": {"t": "had untolerated taint(s)"},
        "scores": {},
    }
    assert bench.scheduler.decisions_since(cursor) == (cursor, [])
    bench.create(pod("late").build())
    bench.settle()
    assert [d["pod"] for d in bench.scheduler.decisions_since(cursor)[1]] == ["default/late"]


def test_a_decision_names_a_bounded_number_of_nodes_the_best_first() -> None:
    bench = Bench()
    bench.create(*(node(f"n{n:03}", cpu=str(n + 1)).build() for n in range(90)))
    bench.create(pod("p").requests(cpu="1").build())
    bench.settle()
    [decision] = bench.scheduler.decisions_since(0)[1]
    assert len(decision["scores"]) == NODES_PER_DECISION_MAX
    totals = list(decision["scores"].values())
    assert totals == sorted(totals, reverse=True)
    assert decision["node"] in decision["scores"]
