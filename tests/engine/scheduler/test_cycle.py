"""How many nodes are looked at, and where the next search starts."""

from __future__ import annotations

import pytest

from cluster_engine.scheduler.cycle import feasible_enough
from tests.builders import node, pod
from tests.engine.scheduler.harness import Bench


@pytest.mark.parametrize(
    ("nodes", "enough"),
    [
        (0, 0),
        (3, 3),
        (99, 99),
        (100, 100),
        (150, 100),
        (300, 144),
        (1000, 420),
        (5000, 500),
        (6000, 300),
    ],
)
def test_how_many_feasible_nodes_end_the_search(nodes: int, enough: int) -> None:
    assert feasible_enough(nodes) == enough


def test_in_a_large_cluster_each_search_starts_where_the_last_one_ended() -> None:
    bench = Bench()
    bench.create(*(node(f"n{number:03}").build() for number in range(120)))
    seen: list[set[str]] = []
    for name in ("p0", "p1"):
        bench.create(pod(name).build())
        bench.settle()
        seen.append(set(bench.attempts(name)[0]["scores"]))
    assert seen[0] == {f"n{number:03}" for number in range(100)}
    assert seen[1] == {f"n{(100 + number) % 120:03}" for number in range(100)}


def test_rejected_nodes_on_the_way_count_as_looked_at_those_behind_do_not() -> None:
    bench = Bench()
    for number in range(130):
        made = node(f"n{number:03}").build()
        made["spec"]["unschedulable"] = number % 13 == 0
        bench.create(made)
    bench.create(pod("p").build())
    bench.settle()
    filters = bench.attempts("p")[0]["filters"]
    rejected = [n for n, verdict in filters.items() if "NodeUnschedulable" in verdict]
    rejected = [n for n in rejected if not filters[n]["NodeUnschedulable"]["passed"]]
    assert rejected == [f"n{number:03}" for number in range(0, 108, 13)]
    assert len(filters) == 100 + len(rejected)


def test_nodes_are_looked_at_zone_by_zone() -> None:
    bench = Bench()
    zones = {"a1": "a", "a2": "a", "a3": "a", "b1": "b", "c1": "c", "c2": "c"}
    for name, zone in zones.items():
        made = node(name).build()
        made["metadata"]["labels"] = {"topology.kubernetes.io/zone": zone}
        bench.create(made)
    bench.create(pod("p").build())
    bench.settle()
    order = list(bench.attempts("p")[0]["scores"])
    assert order == ["a1", "b1", "c1", "a2", "c2", "a3"]
