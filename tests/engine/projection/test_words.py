"""A pod's state in a word and a sentence, as the picture and people need it."""

from typing import Any

import pytest

from cluster_engine.projection.words import pod_state, restart_count
from tests.builders import pod


def waiting(reason: str, message: str = "") -> dict[str, Any]:
    state = {"waiting": {"reason": reason, "message": message}}
    return {"name": "main", "image": "ngnix", "ready": False, "restartCount": 0, "state": state}


def ended(code: int, reason: str) -> dict[str, Any]:
    state = {"terminated": {"exitCode": code, "reason": reason}}
    return {"name": "main", "image": "nginx", "ready": False, "restartCount": 2, "state": state}


RUNNING = {"name": "main", "ready": True, "restartCount": 1, "state": {"running": {}}}
UNSCHEDULABLE = {
    "type": "PodScheduled",
    "status": "False",
    "reason": "Unschedulable",
    "message": "0/3 nodes are available: 3 Insufficient cpu.",
}
GATED = {"type": "PodScheduled", "status": "False", "reason": "SchedulingGated"}

CASES = [
    ("a fresh pod waits for the scheduler", pod("a").phase("Pending"), "waiting", "Pending"),
    (
        "an unschedulable pod says why",
        pod("a").phase("Pending", conditions=[UNSCHEDULABLE]),
        "waiting",
        "Unschedulable",
    ),
    (
        "a gated pod is held back",
        pod("a").phase("Pending", conditions=[GATED]),
        "waiting",
        "SchedulingGated",
    ),
    (
        "a bound pod is being created",
        pod("a").on("node-1").phase("Pending"),
        "creating",
        "ContainerCreating",
    ),
    (
        "a wrong image is trouble",
        pod("a").on("n").phase("Pending", containerStatuses=[waiting("ImagePullBackOff")]),
        "failing",
        "ImagePullBackOff",
    ),
    (
        "a crash loop is trouble although the phase is Running",
        pod("a").on("n").phase("Running", containerStatuses=[waiting("CrashLoopBackOff")]),
        "failing",
        "CrashLoopBackOff",
    ),
    (
        "all containers ready",
        pod("a").on("n").phase("Running", containerStatuses=[RUNNING]),
        "running",
        "Running",
    ),
    (
        "a container that is not ready",
        pod("a").on("n").phase("Running", containerStatuses=[{**RUNNING, "ready": False}]),
        "notready",
        "Running",
    ),
    ("a finished pod", pod("a").on("n").phase("Succeeded"), "succeeded", "Completed"),
    (
        "a failed pod names the exit code's reason",
        pod("a").on("n").phase("Failed", containerStatuses=[ended(1, "Error")]),
        "failed",
        "Error",
    ),
    (
        "a pod on its way out, whatever its phase",
        pod("a")
        .on("n")
        .phase("Running", containerStatuses=[RUNNING])
        .set("metadata.deletionTimestamp", "2026-01-01T00:00:00Z"),
        "terminating",
        "Terminating",
    ),
]


@pytest.mark.parametrize(
    ("built", "state", "reason"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_state(built: Any, state: str, reason: str) -> None:
    found = pod_state(built.build(), "")
    assert (found.state, found.reason) == (state, reason)


def test_a_pull_in_progress_is_named() -> None:
    found = pod_state(pod("a").on("n").phase("Pending").build(), "redis:7")
    assert (found.state, found.text) == ("pulling", "is pulling image redis:7")


def test_restarts_count_over_containers() -> None:
    built = pod("a").phase("Running", containerStatuses=[RUNNING, ended(1, "Error")]).build()
    assert restart_count(built) == 3
