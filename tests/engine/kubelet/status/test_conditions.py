"""The conditions of a pod."""

import pytest

from cluster_engine.kubelet.status.conditions import containers_ready, initialized

READY = {"ready": True, "started": True, "state": {"running": {}}, "lastState": {}}
UNREADY = {**READY, "ready": False}
WAITING = {"ready": False, "started": False, "state": {"waiting": {}}, "lastState": {}}
SPEC = {
    "initContainers": [{"name": "i"}, {"name": "s", "restartPolicy": "Always"}],
    "containers": [{"name": "a"}, {"name": "b"}],
}


@pytest.mark.parametrize(
    ("statuses", "phase", "expected"),
    [
        ({"i": WAITING, "s": READY, "a": READY, "b": READY}, "Running", (True, "", "")),
        (
            {"i": READY, "s": UNREADY, "a": READY, "b": UNREADY},
            "Running",
            (False, "ContainersNotReady", "containers with unready status: [s b]"),
        ),
        (
            {"i": READY, "s": READY, "a": UNREADY},
            "Pending",
            (
                False,
                "ContainersNotReady",
                "containers with unknown status: [b], containers with unready status: [a]",
            ),
        ),
        (
            {"i": READY, "s": UNREADY, "a": UNREADY, "b": UNREADY},
            "Succeeded",
            (False, "PodCompleted", ""),
        ),
        ({"a": READY, "b": READY}, "Failed", (False, "PodFailed", "")),
    ],
    ids=[
        "init containers do not count",
        "sidecars do",
        "unknown ones are named",
        "a succeeded pod",
        "a failed pod",
    ],
)
def test_containers_ready(statuses, phase, expected):
    found = containers_ready(SPEC, statuses, phase)
    assert (found.is_true, found.reason, found.message) == expected


@pytest.mark.parametrize(
    ("statuses", "phase", "expected"),
    [
        (
            {"i": WAITING, "s": WAITING, "a": WAITING, "b": WAITING},
            "Pending",
            (False, "ContainersNotInitialized", "containers with incomplete status: [i s]"),
        ),
        ({"i": READY, "s": READY, "a": WAITING, "b": WAITING}, "Pending", (True, "", "")),
        ({"i": READY, "s": WAITING, "a": READY, "b": WAITING}, "Running", (True, "", "")),
        ({"i": READY, "s": READY, "a": READY, "b": READY}, "Succeeded", (True, "PodCompleted", "")),
    ],
    ids=["nothing has run", "all init containers are done", "it once was", "a succeeded pod"],
)
def test_initialized(statuses, phase, expected):
    found = initialized(SPEC, statuses, phase)
    assert (found.is_true, found.reason, found.message) == expected
