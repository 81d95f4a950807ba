"""Who is tried when: priorities, backing off, events that help, and five minutes."""

from __future__ import annotations

import pytest

from cluster_engine.apimachinery.objects import Object
from tests.builders import node, pod
from tests.engine.scheduler.harness import START_MS, Bench

SECOND = 1_000


def hosted(name: str, cpu: str = "4") -> Object:
    return node(name, cpu).labels(**{"kubernetes.io/hostname": name}).build()


def failures(bench: Bench, name: str) -> int:
    return len([a for a in bench.attempts(name) if a["result"] == "unschedulable"])


def test_more_important_pods_go_first_and_equals_in_order_of_arrival() -> None:
    bench = Bench()
    bench.create(hosted("a"))
    for name, priority in (("low", 1), ("high", 9), ("first", 5), ("second", 5)):
        bench.create(pod(name).set("spec.priority", priority).build())
    bench.settle()
    bound = [
        change.name
        for change in bench.store.changes_after(1, "pods")
        if change.previous is not None
    ]
    assert bound == ["high", "first", "second", "low"]


def test_pods_of_other_schedulers_are_left_alone() -> None:
    bench = Bench()
    bench.create(hosted("a"))
    bench.create(pod("other").set("spec.schedulerName", "mine").build())
    bench.settle()
    assert bench.place("other") is None
    assert bench.attempts("other") == []


def test_a_pod_being_deleted_is_skipped_with_an_event() -> None:
    bench = Bench()
    bench.create(hosted("a"))
    bench.create(pod("going").set("metadata.deletionTimestamp", "2026-01-01T00:00:00Z").build())
    bench.settle()
    assert bench.place("going") is None
    [event] = bench.events("FailedScheduling")
    assert event["message"] == "skip schedule deleting pod: default/going"


def test_without_nodes_a_pod_is_tried_again_after_growing_pauses() -> None:
    bench = Bench()
    bench.create(pod("lonely").build())
    bench.settle()
    assert bench.condition("lonely")["message"] == "no nodes available to schedule pods"
    assert bench.condition("lonely")["reason"] == "Unschedulable"
    bench.settle(START_MS + 60 * SECOND)
    times = [event["count"] for event in bench.events("FailedScheduling")]
    assert times == [8], "at 0, 2, 5, 10, 19 … seconds, then every 11"


def test_a_rejected_pod_waits_until_something_helps() -> None:
    bench = Bench()
    bench.create(hosted("a", cpu="1"))
    bench.create(pod("big").requests(cpu="2").build())
    bench.settle(START_MS + 60 * SECOND)
    assert failures(bench, "big") == 1
    bench.create(hosted("b", cpu="1"))
    bench.settle(START_MS + 60 * SECOND)
    assert failures(bench, "big") == 1, "another small node does not help"
    bench.create(hosted("c", cpu="4"))
    bench.settle(START_MS + 60 * SECOND)
    assert bench.place("big") == "c"


def test_a_rejected_pod_is_tried_again_after_five_minutes() -> None:
    bench = Bench()
    bench.create(hosted("a", cpu="1"))
    bench.create(pod("big").requests(cpu="2").build())
    bench.settle(START_MS + 299 * SECOND)
    assert failures(bench, "big") == 1
    bench.settle(START_MS + 331 * SECOND)
    assert failures(bench, "big") == 2
    bench.settle(START_MS + 662 * SECOND)
    assert failures(bench, "big") == 3


def test_an_idle_scheduler_does_not_wait_for_the_end_of_a_backoff() -> None:
    bench = Bench()
    bench.create(hosted("a", cpu="1"))
    bench.create(pod("holder").requests(cpu="1").build())
    bench.create(pod("next").requests(cpu="1").build())
    bench.settle()
    assert bench.place("next") is None
    bench.delete("holder")
    bench.settle()
    assert bench.place("next") == "a"


@pytest.mark.parametrize(
    ("blocked", "change", "helps"),
    [
        pytest.param({}, {"spec": {"unschedulable": False}}, True, id="uncordoning helps"),
        pytest.param(
            {"nodeSelector": {"disk": "ssd"}},
            {"spec": {"unschedulable": False}},
            False,
            id="uncordoning does not help a pod that wants another node",
        ),
    ],
)
def test_changes_of_a_node(blocked: Object, change: Object, helps: bool) -> None:
    bench = Bench()
    cordoned = {**hosted("a"), "spec": {"unschedulable": True}}
    bench.create(cordoned)
    waiting = pod("waiting").build()
    waiting["spec"].update(blocked)
    bench.create(waiting)
    bench.settle()
    assert bench.place("waiting") is None
    bench.update("Node", "a", **change)
    bench.settle()
    assert (bench.place("waiting") is not None) is helps


def test_a_taint_taken_away_and_a_label_put_on_help() -> None:
    bench = Bench()
    taint = {"key": "k", "effect": "NoSchedule"}
    bench.create({**hosted("a"), "spec": {"taints": [taint]}})
    wants = pod("wants").set("spec.nodeSelector", {"disk": "ssd"}).build()
    bench.create(pod("bare").build(), wants)
    bench.settle()
    assert bench.condition("bare")["message"].startswith(
        "0/1 nodes are available: 1 node(s) had untolerated taint(s)."
    )
    bench.update("Node", "a", spec={})
    bench.settle()
    assert bench.place("bare") == "a"
    held = bench.door.read("nodes", "", "a")["metadata"]
    labelled = {**held, "labels": {**held["labels"], "disk": "ssd"}}
    bench.update("Node", "a", metadata=labelled)
    bench.settle()
    assert bench.place("wants") == "a"


def test_a_finished_pod_frees_its_place() -> None:
    bench = Bench()
    bench.create(hosted("a", cpu="1"))
    bench.create(pod("done").requests(cpu="1").build(), pod("next").requests(cpu="1").build())
    bench.settle()
    assert bench.place("next") is None
    bench.update("Pod", "done", "default", status={"phase": "Succeeded"})
    bench.settle()
    assert bench.place("next") == "a"


def test_gates_keep_a_pod_out_until_the_last_is_gone() -> None:
    bench = Bench()
    bench.create(hosted("a"))
    bench.create(pod("gated").set("spec.schedulingGates", [{"name": "x"}, {"name": "y"}]).build())
    bench.settle(START_MS + 400 * SECOND)
    [attempt] = bench.attempts("gated")
    assert attempt["result"] == "gated"
    assert attempt["message"] == "waiting for scheduling gates: [x y]"
    assert bench.events() == []
    spec = bench.pod("gated")["spec"]
    bench.update("Pod", "gated", "default", spec={**spec, "schedulingGates": [{"name": "y"}]})
    bench.settle()
    assert bench.place("gated") is None
    bench.update("Pod", "gated", "default", spec={**spec, "schedulingGates": []})
    bench.settle()
    assert bench.place("gated") == "a"


def test_a_pod_deleted_while_it_waits_is_forgotten() -> None:
    bench = Bench()
    bench.create(hosted("a", cpu="1"))
    bench.create(pod("big").requests(cpu="2").build())
    bench.settle()
    bench.delete("big")
    bench.create(hosted("b"))
    bench.settle(START_MS + 400 * SECOND)
    assert bench.attempts("big") == []
    assert bench.scheduler.queue.pods == {}


def test_a_new_toleration_helps_the_pod_that_lacked_it() -> None:
    bench = Bench()
    bench.create({**hosted("a"), "spec": {"taints": [{"key": "k", "effect": "NoSchedule"}]}})
    bench.create(pod("bare").build())
    bench.settle()
    spec = bench.pod("bare")["spec"]
    tolerations = [{"key": "k", "operator": "Exists"}]
    bench.update("Pod", "bare", "default", spec={**spec, "tolerations": tolerations})
    bench.settle()
    assert bench.place("bare") == "a"


def test_a_failed_bind_is_reported_and_tried_again() -> None:
    bench = Bench()
    bench.create(hosted("a"))
    bind = bench.door.bind

    def refuse(*args: object) -> None:
        bench.door.bind = bind  # type: ignore[method-assign]
        bench.door.read("pods", "default", "gone")

    bench.door.bind = refuse  # type: ignore[method-assign]
    bench.create(pod("p").build())
    bench.settle()
    assert bench.condition("p")["reason"] == "SchedulerError"
    assert bench.condition("p")["message"] == (
        'running Bind plugin "DefaultBinder": pods "gone" not found'
    )
    bench.settle(START_MS + 5 * SECOND)
    assert bench.place("p") == "a"


def test_the_same_failure_is_one_event_with_a_count_and_one_write() -> None:
    bench = Bench()
    bench.create(hosted("a", cpu="1"))
    bench.create(pod("big").requests(cpu="2").build())
    bench.settle(START_MS + 400 * SECOND)
    [event] = bench.events("FailedScheduling")
    assert event["count"] == 2
    writes = [change.name for change in bench.store.changes_after(1, "pods")]
    assert writes == ["big", "big"], "created, and its condition written once"
