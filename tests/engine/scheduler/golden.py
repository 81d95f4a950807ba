"""Playing a recorded schedule: nodes, objects and pods in order, and what should come of them.

See the README beside the recordings for the format.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from tests.engine.scheduler.harness import Bench


def load(path: Path) -> list[dict[str, Any]]:
    """The documents of a YAML file; none when there is no file."""
    if not path.exists():
        return []
    return [document for document in yaml.safe_load_all(path.read_text()) if document]


def play(folder: Path) -> list[str]:
    """What differs from the recording in that folder; empty when nothing does."""
    expected = json.loads((folder / "expected.json").read_text())
    pods = load(folder / "pods.yaml")
    bench = Bench()
    bench.create({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "default"}})
    bench.create(*load(folder / "nodes.yaml"))
    bench.create(*load(folder / "objects.yaml"))
    bench.settle()
    wrong: list[str] = []
    for pod, result in zip(pods, expected["results"], strict=True):
        bench.create(pod)
        # A recorded pod waits until its victims are gone, and starts before the next one comes.
        bench.settle(bench.clock.now_ms + 2_000)
        name, namespace = pod["metadata"]["name"], pod["metadata"].get("namespace", "default")
        wrong += _compare(bench, name, namespace, result)
        if bench.place(name, namespace) is None:
            bench.delete(name, namespace)
            bench.settle()
    final = {}
    for record in bench.store.records("pods"):
        metadata = record.object["metadata"]
        prefix = "" if metadata["namespace"] == "default" else f"{metadata['namespace']}/"
        final[prefix + metadata["name"]] = record.object["spec"].get("nodeName")
    if final != expected["finalNodes"]:
        wrong.append(f"at the end {final}, want {expected['finalNodes']}")
    preempted = sorted(event["involvedObject"]["name"] for event in bench.events("Preempted"))
    if preempted != sorted(expected.get("preempted") or []):
        wrong.append(f"preempted {preempted}, want {expected['preempted']}")
    return wrong


def _compare(bench: Bench, name: str, namespace: str, result: dict[str, Any]) -> list[str]:
    wrong = []
    node = bench.place(name, namespace)
    if node != result["node"]:
        message = bench.condition(name, namespace).get("message")
        wrong.append(f"{name}: on {node}, want {result['node']} ({message})")
    elif node is None and "message" in result:
        condition = bench.condition(name, namespace)
        if condition.get("message") != result["message"]:
            wrong.append(f"{name}: {condition.get('message')!r}, want {result['message']!r}")
    if result.get("eventMessage"):
        messages = [event["message"] for event in bench.events("FailedScheduling")]
        if result["eventMessage"] not in messages:
            wrong.append(f"{name}: events {messages}, want {result['eventMessage']!r}")
    attempts = bench.attempts(name, namespace)
    if node is not None and result.get("scores"):
        scores = attempts[-1]["scores"]
        totals = {at: held["total"] for at, held in scores.items()}
        if totals != result["scores"]:
            wrong.append(f"{name}: scores {totals}, want {result['scores']}")
        weighted = {
            at: {plugin: held["weighted"] for plugin, held in node_scores["plugins"].items()}
            for at, node_scores in scores.items()
        }
        if result.get("pluginScores") and weighted != result["pluginScores"]:
            wrong.append(f"{name}: plugin scores {weighted}, want {result['pluginScores']}")
    return wrong
