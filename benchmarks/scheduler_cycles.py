"""Scheduling cycles a second, everything recorded: `scheduler_cycles.py [NODES PODS]...`.

Prints a JSON line per run. The API is a plain store, so this is the scheduler's own share, with
binding and events at their least.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from tests.engine.scheduler.harness import Bench

RUNS = ((3, 300), (100, 1000), (1000, 2000))
ZONES = 3


def node(number: int) -> dict[str, Any]:
    """A node of the usual size."""
    amounts = {"cpu": "32", "memory": "128Gi", "pods": "250", "ephemeral-storage": "100Gi"}
    labels = {
        "kubernetes.io/hostname": f"node-{number}",
        "topology.kubernetes.io/zone": f"zone-{number % ZONES}",
    }
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": f"node-{number}", "labels": labels},
        "spec": {},
        "status": {"allocatable": amounts, "capacity": amounts},
    }


def pod(number: int, owner: dict[str, Any] | None) -> dict[str, Any]:
    """A replica of one of ten workloads."""
    metadata: dict[str, Any] = {
        "name": f"pod-{number}",
        "namespace": "default",
        "labels": {"app": f"app-{number % 10}"},
    }
    if owner is not None:
        metadata["ownerReferences"] = [owner]
    requests = {"cpu": "100m", "memory": "128Mi"}
    tolerations = [
        {"key": f"node.kubernetes.io/{key}", "operator": "Exists", "effect": "NoExecute"}
        for key in ("not-ready", "unreachable")
    ]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": metadata,
        "spec": {
            "containers": [{"name": "main", "image": "nginx", "resources": {"requests": requests}}],
            "tolerations": tolerations,
        },
    }


def replica_set(number: int) -> dict[str, Any]:
    """The owner of a workload's pods, by whose selector they are spread."""
    labels = {"app": f"app-{number}"}
    return {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {"name": f"app-{number}", "namespace": "default", "uid": f"rs-{number}"},
        "spec": {"selector": {"matchLabels": labels}},
    }


def measure(nodes: int, pods: int, *, is_owned: bool) -> dict[str, Any]:
    """Place that many pods on that many nodes."""
    bench = Bench(is_freezing=False)
    bench.create(*(node(number) for number in range(nodes)))
    bench.create(*(replica_set(number) for number in range(10)))
    owners = [
        {
            "apiVersion": "apps/v1",
            "kind": "ReplicaSet",
            "name": f"app-{number}",
            "uid": f"rs-{number}",
            "controller": True,
        }
        for number in range(10)
    ]
    bench.create(*(pod(n, owners[n % 10] if is_owned else None) for n in range(pods)))
    bench.scheduler.table_if_built = None
    started = time.perf_counter()
    bench.settle(wakes_max=pods * 4)
    seconds = time.perf_counter() - started
    placed = sum(1 for number in range(pods) if bench.place(f"pod-{number}"))
    return {
        "benchmark": "scheduler_cycles",
        "nodes": nodes,
        "pods": pods,
        "spread": is_owned,
        "placed": placed,
        "seconds": round(seconds, 3),
        "cycles_per_second": round(pods / seconds),
    }


def main(arguments: list[str]) -> None:
    numbers = [int(text) for text in arguments]
    runs = tuple(zip(numbers[::2], numbers[1::2])) or RUNS
    for nodes, pods in runs:
        for is_owned in (False, True):
            print(json.dumps(measure(nodes, pods, is_owned=is_owned)))


if __name__ == "__main__":
    main(sys.argv[1:])
