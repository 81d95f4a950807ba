"""Containers that end by themselves: restarts, back-off, phases."""

import pytest

from tests.engine.kubelet.world import World, pod


def started(**spec):
    world = World()
    world.create(pod(**spec))
    world.settle()
    return world


def test_the_first_crash_restarts_at_once():
    world = started()
    first = world.container()["containerID"]
    world.exit(1)
    world.settle()
    found = world.container()
    assert "running" in found["state"] and found["restartCount"] == 1
    assert found["containerID"] != first
    ended = found["lastState"]["terminated"]
    assert (ended["exitCode"], ended["reason"]) == (1, "Error")
    assert ended["containerID"] == first
    assert world.status()["phase"] == "Running"


def test_the_second_crash_waits_ten_seconds_and_each_further_one_twice_as_long():
    world = started()
    for wait, text in ((10, "10s"), (20, "20s"), (40, "40s"), (80, "1m20s")):
        world.exit(3)
        world.settle()
        if wait == 10:
            world.exit(3)
            world.settle()
        waiting = world.container()["state"]["waiting"]
        assert waiting["reason"] == "CrashLoopBackOff"
        uid = world.pod()["metadata"]["uid"]
        assert waiting["message"] == (
            f"back-off {text} restarting failed container=main pod=a_default({uid})"
        )
        assert world.conditions()["Ready"]["reason"] == "ContainersNotReady"
        assert world.status()["phase"] == "Running"
        world.advance(wait - 0.001)
        assert "waiting" in world.container()["state"]
        world.advance(0.001)
        assert "running" in world.container()["state"]
    assert world.events()[-1][0] == "Started"
    assert any(
        reason == "BackOff" and message.startswith("Back-off restarting failed container main in")
        for reason, message in world.events()
    )


def test_the_wait_never_exceeds_five_minutes_and_is_forgotten_after_ten_good_ones():
    world = started()
    world.exit(1)
    world.settle()
    for _ in range(8):
        world.exit(1)
        world.advance(301)
    world.exit(1)
    world.settle()
    assert world.container()["state"]["waiting"]["message"].startswith("back-off 5m0s ")
    world.advance(300)
    world.advance(601)
    world.exit(1)
    world.settle()
    assert "running" in world.container()["state"]


@pytest.mark.parametrize(
    ("policy", "code", "phase", "state"),
    [
        ("Never", 0, "Succeeded", "terminated"),
        ("Never", 2, "Failed", "terminated"),
        ("OnFailure", 0, "Succeeded", "terminated"),
        ("OnFailure", 2, "Running", "running"),
        ("Always", 0, "Running", "running"),
    ],
    ids=[
        "never, ended well",
        "never, failed",
        "on failure, ended well",
        "on failure, failed",
        "always, ended well",
    ],
)
def test_restart_policies(policy, code, phase, state):
    world = started(restartPolicy=policy)
    world.exit(code)
    world.settle()
    assert world.status()["phase"] == phase
    assert state in world.container()["state"]


def test_a_finished_pod_keeps_its_log_and_says_completed():
    world = started(restartPolicy="Never")
    world.exit(0)
    world.settle()
    ended = world.container()["state"]["terminated"]
    assert (ended["exitCode"], ended["reason"]) == (0, "Completed")
    conditions = world.conditions()
    assert conditions["Ready"]["reason"] == "PodCompleted"
    assert conditions["ContainersReady"]["status"] == "False"
    assert conditions["Initialized"] | {"lastTransitionTime": ""} == {
        "type": "Initialized",
        "status": "True",
        "reason": "PodCompleted",
        "lastProbeTime": None,
        "lastTransitionTime": "",
        "observedGeneration": 1,
    }
    assert conditions["PodReadyToStartContainers"]["message"] == "pod sandbox is not ready"
    assert world.status()["podIP"] == "10.244.0.2"
    assert not world.kernel.removed
    assert world.agenda.next_due_ms() is None or len(world.agenda) == 1  # the image list


def test_a_pod_of_two_runs_while_one_of_them_runs():
    containers = [{"name": "main"}, {"name": "side"}]
    world = started(containers=containers, restartPolicy="Never")
    world.exit(1, "side")
    world.settle()
    assert world.status()["phase"] == "Running"
    assert world.conditions()["Ready"]["message"] == "containers with unready status: [side]"
    world.exit(0, "main")
    world.settle()
    assert world.status()["phase"] == "Failed"
    assert world.conditions()["Ready"]["reason"] == "PodFailed"


def test_out_of_memory_is_said():
    world = started(restartPolicy="Never")
    world.kernel.kill_container(world.container_id(), "OOMKilled")
    world.settle()
    ended = world.container()["state"]["terminated"]
    assert (ended["exitCode"], ended["reason"]) == (137, "OOMKilled")
    assert world.status()["phase"] == "Failed"


def test_the_termination_message_is_what_the_container_wrote():
    main = {"name": "main", "command": ["confesses", "disk full"]}
    world = started(containers=[main], restartPolicy="Never")
    assert world.container()["state"]["terminated"]["message"] == "disk full"


def test_container_restart_rules_decide_by_exit_code():
    rules = [{"action": "Restart", "exitCodes": {"operator": "In", "values": [12]}}]
    main = {"name": "main", "restartPolicy": "Never", "restartPolicyRules": rules}
    world = started(containers=[main], restartPolicy="Never")
    world.exit(12)
    world.settle()
    assert "running" in world.container()["state"]
    world.exit(1)
    world.settle()
    assert world.status()["phase"] == "Failed"


def test_a_pod_past_its_deadline_fails():
    world = started(activeDeadlineSeconds=30)
    world.advance(29)
    assert world.status()["phase"] == "Running"
    world.advance(1)
    status = world.status()
    text = "Pod was active on the node longer than the specified deadline"
    assert (status["phase"], status["reason"]) == ("Failed", "DeadlineExceeded")
    assert status["message"] == text
    assert ("DeadlineExceeded", text) in world.events()
    assert ("Killing", "Stopping container main") in world.events()


def test_a_changed_image_restarts_the_container():
    world = started()
    changed = world.pod()
    main = {**changed["spec"]["containers"][0], "image": "nginx:2"}
    world.change("pods", {**changed, "spec": {**changed["spec"], "containers": [main]}})
    world.settle()
    assert (
        "Killing",
        "Container main definition changed, will be restarted",
    ) in world.events()
    world.advance(1)
    assert world.container()["image"] == "docker.io/library/nginx:2"
    assert world.container()["restartCount"] == 1
