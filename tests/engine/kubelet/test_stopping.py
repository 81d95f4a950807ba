"""Pods that are deleted, killed, or whose node goes away."""

import pytest

from tests.engine.kubelet.world import World, pod

STUBBORN = [{"name": "main", "command": ["stubborn"]}]


def started(**spec):
    world = World()
    world.statuses = []
    world.informers.of("pods").add_handler(lambda c: world.statuses.append(c.object["status"]))
    world.create(pod(**spec))
    world.settle()
    return world


def test_a_deleted_pod_is_ended_and_then_gone():
    world = started(containers=STUBBORN)
    world.client.delete("pods", "default", "a")
    world.settle()
    assert world.events()[-1] == ("Killing", "Stopping container main")
    assert world.kernel.stops == [("main", 30_000)]
    assert world.status()["phase"] == "Running"
    world.exit(0)
    world.door.writes.clear()
    world.settle()
    assert world.pod() is None
    assert world.door.writes == [("status", "pods", "a"), ("delete", "pods", "a")]
    assert len(world.kernel.removed) == 1
    assert not world.kubelets._machines.workers


def test_the_last_status_of_a_deleted_pod_is_terminal():
    world = started()
    seen = []
    world.informers.of("pods").add_handler(lambda change: seen.append(change.object))
    world.client.delete("pods", "default", "a")
    world.settle()
    last = seen[-1]["status"]
    assert last["phase"] == "Succeeded"
    assert last["containerStatuses"][0]["state"]["terminated"]["reason"] == "Completed"
    assert last["podIP"] == "10.244.0.2"


def test_a_pod_deleted_before_it_ran_ends_as_failed():
    world = started(containers=[{"name": "main", "image": "nosuch"}])
    seen = []
    world.informers.of("pods").add_handler(lambda change: seen.append(change.object))
    world.client.delete("pods", "default", "a")
    world.settle()
    last = seen[-1]["status"]
    assert last["phase"] == "Failed"
    ended = last["containerStatuses"][0]["state"]["terminated"]
    assert (ended["exitCode"], ended["reason"]) == (137, "ContainerStatusUnknown")


def test_a_shorter_grace_period_given_later_counts():
    world = started(containers=STUBBORN)
    world.client.delete("pods", "default", "a")
    world.settle()
    world.client.delete("pods", "default", "a", grace_seconds=5)
    world.settle()
    assert world.kernel.stops == [("main", 30_000), ("main", 5_000)]


def test_every_container_has_at_least_two_seconds():
    world = started()
    world.client.delete("pods", "default", "a", grace_seconds=1)
    world.settle()
    assert world.kernel.stops == [("main", 2_000)]


def test_a_pod_deleted_by_force_is_killed_behind_its_back():
    world = started()
    world.client.delete("pods", "default", "a", grace_seconds=0)
    world.settle()
    assert world.kernel.stops == [("main", 0)]
    assert not world.kubelets._machines.workers
    world.create(pod())
    world.settle()
    assert world.status()["phase"] == "Running"


def test_a_stubborn_container_is_killed_when_its_time_is_up():
    world = started(containers=STUBBORN)
    seen = []
    world.informers.of("pods").add_handler(lambda change: seen.append(change.object))
    world.client.delete("pods", "default", "a", grace_seconds=5)
    world.advance(4)
    assert world.status()["phase"] == "Running"
    world.advance(1)
    assert world.pod() is None
    last = seen[-1]["status"]
    assert last["phase"] == "Failed"
    ended = last["containerStatuses"][0]["state"]["terminated"]
    assert (ended["exitCode"], ended["reason"]) == (137, "Error")


def test_a_pre_stop_command_runs_before_the_container_is_asked_to_end():
    hook = {"preStop": {"exec": {"command": ["talks", "bye", "bye", "bye", "bye", "bye"]}}}
    world = started(containers=[{"name": "main", "lifecycle": hook}])
    world.client.delete("pods", "default", "a", grace_seconds=20)
    world.settle()
    assert world.kernel.stops == []
    world.advance(5)
    assert world.kernel.stops == [("main", 15_000)]
    assert world.pod() is None


def test_a_pre_stop_command_that_takes_all_the_grace_is_cut_off():
    hook = {"preStop": {"exec": {"command": ["talks", "bye", "bye", "bye", "bye", "bye"]}}}
    world = started(containers=[{"name": "main", "lifecycle": hook}])
    world.client.delete("pods", "default", "a", grace_seconds=3)
    world.advance(2)
    assert world.kernel.stops == []
    world.advance(1)
    assert world.kernel.stops == [("main", 2_000)]
    assert world.pod() is None


@pytest.mark.parametrize("command", [["says", "1"], ["nothing"]], ids=["it fails", "it is none"])
def test_a_failing_pre_stop_command_is_told(command):
    hook = {"preStop": {"exec": {"command": command}}}
    world = started(containers=[{"name": "main", "lifecycle": hook}])
    world.client.delete("pods", "default", "a")
    world.settle()
    assert ("FailedPreStopHook", "PreStopHook failed") in world.events()
    assert world.pod() is None


def test_a_pre_stop_sleep_takes_its_time():
    hook = {"preStop": {"sleep": {"seconds": 4}}}
    world = started(containers=[{"name": "main", "lifecycle": hook}])
    world.client.delete("pods", "default", "a")
    world.advance(3)
    assert world.kernel.stops == []
    world.advance(1)
    assert world.kernel.stops == [("main", 26_000)]


def test_a_post_start_command_holds_the_pod_back_until_it_has_ended():
    hook = {"postStart": {"exec": {"command": ["talks", "hi", "hi", "hi"]}}}
    containers = [{"name": "main", "lifecycle": hook}, {"name": "next"}]
    world = started(containers=containers)
    world.advance(2)
    assert world.names_started() == ["main"]
    assert world.status()["phase"] == "Pending"
    world.advance(1)
    assert world.names_started() == ["main", "next"]
    assert world.status()["phase"] == "Running"


def test_a_failing_post_start_command_kills_the_container():
    hook = {"postStart": {"exec": {"command": ["says", "2", "oops"]}}}
    world = started(containers=[{"name": "main", "lifecycle": hook}])
    events = world.events()
    assert ("FailedPostStartHook", "PostStartHook failed") in events
    assert ("Killing", "FailedPostStartHook") in events
    assert world.kernel.stops[0] == ("main", 30_000)
    uid = world.pod()["metadata"]["uid"]
    waiting = world.container()["state"]["waiting"]
    assert waiting["reason"] == "CrashLoopBackOff"
    assert waiting["message"].startswith("back-off 10s ")
    shown = [s["containerStatuses"][0]["state"] for s in world.statuses if "startTime" in s]
    assert shown[0] == {"waiting": {"reason": "ContainerCreating"}}
    assert shown[1]["waiting"] == {
        "reason": "PostStartHookError",
        "message": 'Exec lifecycle hook ([says 2 oops]) for Container "main" in Pod '
        f"\"a_default({uid})\" failed - error: command 'says 2 oops' exited with 2: , "
        'message: "oops"',
    }


def test_addresses_come_back_when_a_pod_ends():
    world = started(restartPolicy="Never")
    ip = world.status()["podIP"]
    assert world.fabric.host(ip).pod == "a"
    world.exit(0)
    world.settle()
    assert world.fabric.host(ip) is None


def test_a_deleted_node_takes_its_containers_along_and_leaves_the_objects():
    world = started()
    world.client.delete("nodes", "", "node-1")
    world.settle()
    assert not world.running()
    assert world.status()["phase"] == "Running"
    assert not world.kubelets._machines.workers
    assert world.fabric.addresses.node_ip("node-1") is None


def test_a_node_that_comes_back_by_its_name_takes_up_its_pods():
    world = started()
    first = world.container_id()
    world.client.delete("nodes", "", "node-1")
    world.settle()
    world.add_node("node-1")
    world.settle()
    assert world.running() == [world.container_id()]
    assert world.container_id() != first
    assert world.status()["phase"] == "Running"


def test_a_stopped_kubelet_looks_at_nothing_until_it_is_back():
    world = World()
    world.kubelets.set_node_down("node-1", True)
    world.create(pod())
    world.advance(100)
    assert world.status()["phase"] == "Pending"
    world.kubelets.set_node_down("node-1", False)
    world.settle()
    assert world.status()["phase"] == "Running"
