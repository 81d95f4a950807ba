"""The phase of a pod."""

import pytest

from cluster_engine.kubelet.status.phase import phase_of

RUNNING = {"state": {"running": {}}, "lastState": {}, "started": True}
STARTING = {"state": {"running": {}}, "lastState": {}, "started": False}
WAITING = {"state": {"waiting": {}}, "lastState": {}}


def ended(code):
    return {"state": {"terminated": {"exitCode": code}}, "lastState": {}}


def again(code):
    return {"state": {"waiting": {}}, "lastState": {"terminated": {"exitCode": code}}}


@pytest.mark.parametrize(
    ("policy", "containers", "expected"),
    [
        ("Always", [RUNNING, RUNNING], "Running"),
        ("Always", [RUNNING, WAITING], "Pending"),
        ("Always", [RUNNING, ended(1)], "Running"),
        ("Always", [ended(0), ended(1)], "Running"),
        ("Always", [again(1)], "Running"),
        ("Never", [ended(0), ended(0)], "Succeeded"),
        ("Never", [ended(0), ended(1)], "Failed"),
        ("Never", [ended(0), RUNNING], "Running"),
        ("OnFailure", [ended(0), ended(0)], "Succeeded"),
        ("OnFailure", [ended(0), ended(1)], "Running"),
        ("OnFailure", [again(1)], "Running"),
    ],
    ids=[
        "all run",
        "one has not started yet",
        "one will be restarted",
        "all will be restarted",
        "one is backing off",
        "all ended well",
        "one failed",
        "one still runs",
        "on failure, all ended well",
        "on failure, one will be restarted",
        "on failure, one is backing off",
    ],
)
def test_phases_of_regular_containers(policy, containers, expected):
    names = [f"c{number}" for number in range(len(containers))]
    spec = {"restartPolicy": policy, "containers": [{"name": name} for name in names]}
    statuses = dict(zip(names, containers, strict=True))
    found = phase_of(spec, statuses, is_terminal=False, has_initialized=True)
    assert found == expected


@pytest.mark.parametrize(
    ("policy", "init", "has_initialized", "expected"),
    [
        ("Always", RUNNING, False, "Pending"),
        ("Always", ended(0), False, "Running"),
        ("Always", ended(1), False, "Running"),
        ("Never", ended(1), False, "Failed"),
        ("Never", WAITING, False, "Pending"),
    ],
    ids=["it runs", "it is done", "it will be tried again", "it failed for good", "it waits"],
)
def test_phases_with_an_init_container(policy, init, has_initialized, expected):
    spec = {
        "restartPolicy": policy,
        "initContainers": [{"name": "init"}],
        "containers": [{"name": "main"}],
    }
    statuses = {"init": init, "main": RUNNING}
    found = phase_of(spec, statuses, is_terminal=False, has_initialized=has_initialized)
    assert found == expected


@pytest.mark.parametrize(
    ("sidecar", "has_initialized", "expected"),
    [
        (STARTING, False, "Pending"),
        (STARTING, True, "Running"),
        (RUNNING, False, "Running"),
        (ended(1), True, "Running"),
    ],
    ids=["it starts", "it starts again", "it runs", "it has ended"],
)
def test_phases_with_a_sidecar(sidecar, has_initialized, expected):
    spec = {
        "initContainers": [{"name": "side", "restartPolicy": "Always"}],
        "containers": [{"name": "main"}],
    }
    statuses = {"side": sidecar, "main": RUNNING}
    found = phase_of(spec, statuses, is_terminal=False, has_initialized=has_initialized)
    assert found == expected


def test_a_terminal_pod_does_not_wait_for_restarts():
    spec = {"restartPolicy": "Always", "containers": [{"name": "main"}]}
    for code, expected in ((0, "Succeeded"), (1, "Failed")):
        found = phase_of(spec, {"main": ended(code)}, is_terminal=True, has_initialized=True)
        assert found == expected
