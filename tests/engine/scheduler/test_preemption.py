"""Making room: whom it hits, what it says, and how the pod gets its place."""

from __future__ import annotations

from typing import Any

import pytest

from cluster_engine.apimachinery.objects import Object
from tests.builders import node, pod
from tests.engine.scheduler.harness import START_MS, Bench


def hosted(name: str, cpu: str = "4") -> Object:
    return node(name, cpu).labels(**{"kubernetes.io/hostname": name}).build()


def ranked(name: str, priority: int, cpu: str = "2", grace: int = 0, **labels: str) -> Object:
    made = pod(name).requests(cpu=cpu).labels(**labels).set("spec.priority", priority)
    return made.set("spec.terminationGracePeriodSeconds", grace).build()


def pinned(made: Object, node_name: str) -> Object:
    made["spec"]["nodeSelector"] = {"kubernetes.io/hostname": node_name}
    return made


def budget(name: str, allowed: int, **labels: str) -> Object:
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": {"name": name, "namespace": "default"},
        "spec": {"selector": {"matchLabels": labels}},
        "status": {"disruptionsAllowed": allowed},
    }


def evicted(bench: Bench) -> list[str]:
    return sorted(event["involvedObject"]["name"] for event in bench.events("Preempted"))


def test_a_victim_goes_and_the_pod_takes_its_place() -> None:
    bench = Bench()
    bench.create(hosted("a", cpu="2"))
    bench.create(ranked("low", 1))
    bench.settle()
    bench.create(ranked("high", 10))
    bench.settle()
    assert bench.place("high") == "a"
    assert bench.store.get("pods", "default", "low") is None
    uid = bench.pod("high")["metadata"]["uid"]
    [event] = bench.events("Preempted")
    assert event["message"] == f"Preempted by pod {uid} on node a"
    first, last = bench.attempts("high")
    assert first["message"] == (
        "0/1 nodes are available: 1 Insufficient cpu. preemption: found a potential placement "
        "for pod on node a, preempting 1 victims"
    )
    assert first["victims"] == ["default/low"]
    assert (last["result"], last["node"]) == ("scheduled", "a")


def test_while_the_victim_takes_its_time_the_pod_is_nominated_and_does_not_preempt_again() -> None:
    bench = Bench()
    bench.create(hosted("a", cpu="2"), hosted("b", cpu="2"))
    bench.create(pinned(ranked("low-a", 1, grace=30), "a"), pinned(ranked("low-b", 5), "b"))
    bench.settle()
    bench.create(ranked("high", 10))
    bench.settle(START_MS + 10_000)
    assert bench.pod("high")["status"]["nominatedNodeName"] == "a"
    victim = bench.pod("low-a")
    assert victim["metadata"]["deletionTimestamp"]
    [condition] = [c for c in victim["status"]["conditions"] if c["type"] == "DisruptionTarget"]
    assert (condition["status"], condition["reason"]) == ("True", "PreemptionByScheduler")
    assert condition["message"] == (
        "default-scheduler: preempting to accommodate a higher priority pod"
    )
    assert evicted(bench) == ["low-a"]
    bench.delete("low-a")
    bench.settle()
    assert bench.place("high") == "a"
    assert "nominatedNodeName" not in bench.pod("high")["status"]


def test_a_retry_before_the_victim_is_gone_says_why_nobody_else_is_preempted() -> None:
    bench = Bench()
    bench.create(hosted("a", cpu="2"))
    bench.create(ranked("low", 1, grace=600))
    bench.settle()
    bench.create(ranked("high", 10))
    bench.settle(START_MS + 400_000)
    assert bench.condition("high")["message"] == (
        "0/1 nodes are available: 1 Insufficient cpu. preemption: not eligible due to a "
        "terminating pod on the nominated node."
    )


def test_a_less_important_pod_does_not_take_the_place_made_for_another() -> None:
    bench = Bench()
    bench.create(hosted("a", cpu="2"))
    bench.create(ranked("low", 1, grace=30))
    bench.settle()
    bench.create(ranked("high", 10))
    bench.settle()
    bench.create(ranked("thief", 5))
    bench.settle()
    bench.delete("low")
    bench.settle()
    assert bench.place("high") == "a"
    assert bench.place("thief") is None


@pytest.mark.parametrize(
    ("victims", "budgets", "expected"),
    [
        pytest.param(
            [("a", 5, {}), ("b", 1, {})], [], ["b-0"], id="the least important victim is hit"
        ),
        pytest.param(
            [("a", 1, {"app": "kept"}), ("b", 5, {})],
            [budget("kept", 0, app="kept")],
            ["b-1"],
            id="a budget is spared even if its pods are less important",
        ),
        pytest.param(
            [("a", 1, {"app": "kept"}), ("b", 5, {})],
            [budget("kept", 1, app="kept")],
            ["a-0"],
            id="a budget with something left is no obstacle",
        ),
    ],
)
def test_whom_it_hits(
    victims: list[tuple[str, int, dict[str, str]]], budgets: list[Object], expected: list[str]
) -> None:
    bench = Bench()
    bench.create(hosted("a", cpu="2"), hosted("b", cpu="2"), *budgets)
    names = []
    for number, (where, priority, labels) in enumerate(victims):
        names.append(f"{where}-{number}")
        bench.create(pinned(ranked(names[-1], priority, **labels), where))
    bench.settle()
    bench.create(ranked("high", 10))
    bench.settle()
    wanted = expected if expected[0] in names else [names[1]]
    assert evicted(bench) == wanted


def test_no_more_pods_go_than_must_and_the_more_important_stay() -> None:
    bench = Bench()
    bench.create(hosted("a"))
    bench.create(ranked("one", 1, cpu="1"), ranked("two", 2, cpu="1"), ranked("three", 3, cpu="2"))
    bench.settle()
    bench.create(ranked("high", 10, cpu="2"))
    bench.settle()
    assert evicted(bench) == ["one", "two"]


def test_of_equals_the_one_that_came_last_goes() -> None:
    bench = Bench()
    bench.create(hosted("a"))
    for name in ("z-first", "a-second"):
        bench.create(ranked(name, 1, cpu="2"))
        bench.settle()
    bench.create(ranked("high", 10, cpu="2"))
    bench.settle()
    assert evicted(bench) == ["a-second"]


def test_a_pod_with_policy_never_preempts_nobody() -> None:
    bench = Bench()
    bench.create(hosted("a", cpu="2"))
    bench.create(ranked("low", 1))
    bench.settle()
    polite = ranked("polite", 10)
    polite["spec"]["preemptionPolicy"] = "Never"
    bench.create(polite)
    bench.settle()
    assert bench.condition("polite")["message"] == (
        "0/1 nodes are available: 1 Insufficient cpu. preemption: not eligible due to "
        "preemptionPolicy=Never."
    )


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        pytest.param(
            {"nodeSelector": {"no": "where"}},
            "1 Preemption is not helpful for scheduling.",
            id="evicting does not change a label",
        ),
        pytest.param({}, "1 No preemption victims found for incoming pod.", id="all are equals"),
    ],
)
def test_why_it_does_not_help(spec: dict[str, Any], reason: str) -> None:
    bench = Bench()
    bench.create(hosted("a", cpu="2"))
    bench.create(ranked("equal", 10))
    bench.settle()
    made = ranked("high", 10)
    made["spec"].update(spec)
    bench.create(made)
    bench.settle()
    assert bench.condition("high")["message"].endswith(
        f"preemption: 0/1 nodes are available: {reason}"
    )


def test_many_victims_are_told_a_few_at_a_time_and_all_go() -> None:
    bench = Bench()
    bench.create(hosted("a", cpu="20"))
    bench.create(*(ranked(f"low-{number:02}", 1, cpu="1") for number in range(20)))
    bench.settle()
    bench.create(ranked("high", 10, cpu="20"))
    bench.settle()
    assert bench.place("high") == "a"
    assert len(evicted(bench)) == 20


def test_a_pod_evicted_for_its_ports_and_one_for_its_neighbours() -> None:
    bench = Bench()
    bench.create(hosted("a"))
    ports = [{"containerPort": 80, "hostPort": 80}]
    holder = ranked("holder", 1, cpu="1")
    holder["spec"]["containers"][0]["ports"] = ports
    bench.create(holder, ranked("shy", 1, cpu="1", app="shy"))
    bench.settle()
    high = ranked("high", 10, cpu="1")
    high["spec"]["containers"][0]["ports"] = ports
    term = {
        "topologyKey": "kubernetes.io/hostname",
        "labelSelector": {"matchLabels": {"app": "shy"}},
    }
    required = "requiredDuringSchedulingIgnoredDuringExecution"
    high["spec"]["affinity"] = {"podAntiAffinity": {required: [term]}}
    bench.create(high)
    bench.settle()
    assert bench.place("high") == "a"
    assert evicted(bench) == ["holder", "shy"]
