"""A scheduler goes on from its state as the original would."""

from __future__ import annotations

import pickle
from random import Random

import pytest

from cluster_engine.scheduler.scheduler import Scheduler
from cluster_engine.store.store import Store
from tests.builders import node, pod
from tests.engine.scheduler.clusters import random_node, random_pod
from tests.engine.scheduler.harness import START_MS, Bench


def forked(bench: Bench) -> Bench:
    """A bench that goes on where the given one is, as a fork of its cluster does."""
    store: Store = bench.store.fork()
    twin = Bench(store=store)
    twin.clock.move_to(bench.clock.now_ms)
    twin.agenda.restore(bench.agenda.state())
    twin.randomness.restore(bench.randomness.state())
    state = pickle.loads(pickle.dumps(bench.scheduler.state()))
    twin.scheduler.restore(state)
    return twin


def outcome(bench: Bench) -> list[tuple[str, str, str | None, str]]:
    """Where each pod is, and what is said of it."""
    found = []
    for record in bench.store.records("pods"):
        metadata = record.object["metadata"]
        name, namespace = metadata["name"], metadata["namespace"]
        message = bench.condition(name, namespace).get("message", "")
        found.append((namespace, name, bench.place(name, namespace), message))
    return found


@pytest.mark.parametrize("seed", range(6))
def test_a_fork_decides_as_the_original(seed: int) -> None:
    random = Random(seed)
    bench = Bench(seed=seed)
    bench.create(*(random_node(random, number) for number in range(8)))
    bench.create(*(random_pod(random, number) for number in range(25)))
    bench.settle(wakes_max=10**6)
    more = [random_pod(random, number) for number in range(100, 120)]
    bench.create(*more[:10])
    twin = forked(bench)
    for one in (bench, twin):
        one.create(*more[10:])
        one.settle(START_MS + 400_000)
    assert outcome(twin) == outcome(bench)
    for record in bench.store.records("pods"):
        metadata = record.object["metadata"]
        key = metadata["name"], metadata["namespace"]
        assert twin.attempts(*key) == bench.attempts(*key)


def test_a_fork_in_the_middle_of_a_preemption_goes_on_with_it() -> None:
    bench = Bench()
    bench.create(node("a", cpu="2").build())
    low = pod("low").requests(cpu="2").set("spec.terminationGracePeriodSeconds", 0)
    bench.create(low.build())
    bench.settle()
    bench.create(pod("high").requests(cpu="2").set("spec.priority", 5).build())
    entry = bench.agenda.pop_due(bench.clock.now_ms)
    assert entry is not None
    bench.scheduler.wake(entry.message)
    twin = forked(bench)
    for one in (bench, twin):
        one.settle()
        assert one.place("high") == "a"


def test_a_fork_changes_nothing_of_the_original() -> None:
    bench = Bench()
    bench.create(node("a", cpu="1").build())
    bench.create(pod("big").requests(cpu="2").build())
    bench.settle()
    twin = forked(bench)
    twin.create(node("b").build())
    twin.settle()
    assert twin.place("big") == "b"
    assert bench.place("big") is None
    assert len(bench.attempts("big")) == 1


def test_pods_and_nodes_that_were_there_before_are_taken_note_of() -> None:
    bench = Bench()
    bench.create(node("a").build(), pod("p").build())
    twin = Bench(store=bench.store.fork())
    twin.scheduler.start()
    twin.settle()
    assert twin.place("p") == "a"


def test_the_same_seed_breaks_ties_alike_and_another_may_not() -> None:
    def places(seed: int) -> list[str | None]:
        bench = Bench(seed=seed)
        bench.create(*(node(name).build() for name in "abcd"))
        bench.create(*(pod(f"p{number}").build() for number in range(8)))
        bench.settle()
        return [bench.place(f"p{number}") for number in range(8)]

    assert places(3) == places(3)
    assert len({tuple(places(seed)) for seed in range(5)}) > 1


def test_the_scheduler_is_a_component_with_its_name() -> None:
    assert Scheduler.name == "scheduler"
