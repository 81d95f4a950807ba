"""On random clusters the scheduler judges as slow, plain models of its rules do."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest

from cluster_engine.apimachinery.objects import Object
from cluster_engine.scheduler.cycle import Outcome
from cluster_engine.scheduler.framework import Cycle, FilterPlugin
from cluster_engine.scheduler.pods import pod_info
from cluster_engine.scheduler.rejections import Rejections
from tests.engine.scheduler import models
from tests.engine.scheduler.clusters import random_node, random_pod
from tests.engine.scheduler.harness import Bench


def _populated(seed: int) -> tuple[Bench, Random]:
    random = Random(seed)
    bench = Bench(seed=seed)
    for namespace in ("default", "other"):
        bench.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}})
    bench.create(*(random_node(random, number) for number in range(12)))
    for number in range(40):
        bench.create(random_pod(random, number))
    bench.settle()
    return bench, random


def _objects(bench: Bench, resource: str) -> list[Object]:
    return [record.object for record in bench.store.records(resource)]


def _world(bench: Bench) -> models.World:
    return models.World(_objects(bench, "nodes"), _objects(bench, "pods"))


def _stored(bench: Bench, pod: Object) -> Object:
    bench.create(pod)
    return bench.pod(pod["metadata"]["name"], pod["metadata"]["namespace"])


@pytest.mark.parametrize("seed", range(12))
def test_spreading_and_affinity_agree_with_their_models(seed: int) -> None:
    bench, random = _populated(seed)
    for number in range(100, 120):
        world = _world(bench)
        pod = _stored(bench, random_pod(random, number))
        outcome = bench.scheduler._attempts.attempt(pod_info(pod), bench.scheduler._ready_table())
        _check_filters(world, pod, outcome)
        _check_scores(world, pod, outcome)
        bench.settle()


def _check_filters(world: models.World, pod: Object, outcome: Outcome) -> None:
    table = outcome.cycle.table
    assert outcome.rejections is not None
    rejected = {table.names[row]: (name, s) for row, name, s in outcome.rejections.items()}
    for name in table.names:
        plugin = rejected.get(name, ("", None))[0]
        if plugin in ("", "InterPodAffinity", "PodTopologySpread"):
            allows = models.spread_allows(world, pod, name)
            assert allows == (plugin != "PodTopologySpread"), (name, plugin)
        if plugin in ("", "InterPodAffinity"):
            assert models.affinity_allows(world, pod, name) == (not plugin), (name, plugin)


def _check_scores(world: models.World, pod: Object, outcome: Outcome) -> None:
    if not outcome.scores or outcome.feasible is None:
        return
    feasible = [outcome.cycle.table.names[row] for row in outcome.feasible]
    found = {
        scores.plugin: dict(
            zip(feasible, np.broadcast_to(scores.normalized, len(feasible)).tolist())
        )
        for scores in outcome.scores
    }
    assert found.get("InterPodAffinity") == models.affinity_scores(world, pod, feasible)
    assert found.get("PodTopologySpread") == models.spread_scores(world, pod, feasible)


@pytest.mark.parametrize("seed", range(20, 32))
def test_filters_judge_alike_one_by_one_and_all_at_once(seed: int) -> None:
    bench, random = _populated(seed)
    table = bench.scheduler._ready_table()
    for number in range(100, 130):
        cycle = Cycle(pod_info(_stored(bench, random_pod(random, number))), table)
        for plugin in bench.scheduler.profile.pre_filters:
            found = plugin.pre_filter(cycle)
            assert found is None or not isinstance(found, frozenset)
            if found is not None:
                cycle.skipped_filters.add(plugin.name)
        for plugin in bench.scheduler.profile.filters:
            if plugin.name not in cycle.skipped_filters:
                _check_alike(cycle, plugin)


def _check_alike(cycle: Cycle, plugin: FilterPlugin) -> None:
    rejections = Rejections(np.ones(len(cycle.table), np.bool_))
    plugin.filter_all(cycle, rejections)
    for row, node in enumerate(cycle.table.nodes):
        status = plugin.filter(cycle, node)
        at_once = rejections.status(row) if rejections.codes[row] >= 0 else None
        assert at_once == status, (plugin.name, node.name)


@pytest.mark.parametrize("seed", range(40, 46))
def test_arrays_kept_up_to_date_equal_arrays_made_anew(seed: int) -> None:
    bench, random = _populated(seed)
    kept = bench.scheduler._ready_table()
    for name in [f"p{number}" for number in range(0, 40, 3)]:
        for namespace in ("default", "other"):
            if bench.store.get("pods", namespace, name) is not None:
                bench.delete(name, namespace)
    bench.create(*(random_pod(random, number) for number in range(200, 215)))
    bench.settle()
    order = kept.order()
    bench.scheduler.table_if_built = None
    bench.scheduler._order = order
    fresh = bench.scheduler._ready_table()
    assert fresh.names == kept.names
    for name in ("cpu", "memory", "example.com/gpu"):
        for one, other in zip(kept.resource(name), fresh.resource(name)):
            assert one.tolist() == other.tolist(), name
    for field in ("nonzero_cpu", "nonzero_memory", "pod_counts", "pods_max", "unschedulable"):
        assert getattr(kept, field).tolist() == getattr(fresh, field).tolist(), field
    affine = [
        {template: group.counts.tolist() for template, group in table.affine.items()}
        for table in (kept, fresh)
    ]
    assert affine[0] == affine[1]
    for question in list(kept._counters._answers):
        assert kept.counts(question).tolist() == fresh.counts(question).tolist()
