"""Init containers, sidecars and ephemeral containers."""

from tests.engine.kubelet.world import World, pod


def started(**spec):
    world = World()
    world.create(pod(**spec))
    world.settle()
    return world


def test_init_containers_run_one_after_the_other_then_the_others():
    world = started(initContainers=[{"name": "one"}, {"name": "two"}])
    assert world.names_started() == ["one"]
    assert world.status()["phase"] == "Pending"
    assert world.container("main")["state"] == {"waiting": {"reason": "PodInitializing"}}
    assert world.container("two")["state"] == {"waiting": {"reason": "PodInitializing"}}
    initialized = world.conditions()["Initialized"]
    assert initialized["reason"] == "ContainersNotInitialized"
    assert initialized["message"] == "containers with incomplete status: [one two]"
    world.exit(0, "one")
    world.settle()
    assert world.names_started() == ["one", "two"]
    assert world.container("one")["ready"]
    message = world.conditions()["Initialized"]["message"]
    assert message == "containers with incomplete status: [two]"
    world.exit(0, "two")
    world.settle()
    assert world.names_started() == ["one", "two", "main"]
    assert world.status()["phase"] == "Running"
    assert world.conditions()["Initialized"]["status"] == "True"
    assert [s["name"] for s in world.status()["initContainerStatuses"]] == ["one", "two"]


def test_a_failing_init_container_is_tried_again_with_back_off():
    world = started(initContainers=[{"name": "one"}])
    world.exit(1, "one")
    world.settle()
    assert world.container("one")["restartCount"] == 1
    world.exit(1, "one")
    world.settle()
    assert world.container("one")["state"]["waiting"]["reason"] == "CrashLoopBackOff"
    assert world.status()["phase"] == "Pending"
    world.advance(10)
    assert world.names_started() == ["one", "one", "one"]


def test_a_failing_init_container_ends_a_pod_that_never_restarts():
    world = started(initContainers=[{"name": "one"}], restartPolicy="Never")
    world.exit(3, "one")
    world.settle()
    assert world.status()["phase"] == "Failed"
    assert world.container("one")["state"]["terminated"]["exitCode"] == 3
    assert world.container("main")["state"] == {"waiting": {"reason": "PodInitializing"}}
    assert world.names_started() == ["one"]


def test_a_sidecar_runs_beside_the_others_and_is_restarted():
    world = started(initContainers=[{"name": "side", "restartPolicy": "Always"}, {"name": "two"}])
    assert world.names_started() == ["side", "two"]
    world.exit(0, "two")
    world.settle()
    assert world.names_started() == ["side", "two", "main"]
    assert world.status()["phase"] == "Running"
    assert world.container("side")["started"] and world.container("side")["ready"]
    world.exit(1, "side")
    world.settle()
    assert world.names_started()[-1] == "side"
    assert world.container("side")["restartCount"] == 1
    assert world.status()["phase"] == "Running"


def test_a_job_pod_ends_when_its_main_container_does_and_takes_its_sidecar_along():
    world = started(
        initContainers=[{"name": "side", "restartPolicy": "Always"}], restartPolicy="Never"
    )
    world.exit(0, "main")
    world.settle()
    assert ("Killing", "Stopping container side") in world.events()
    assert world.status()["phase"] == "Succeeded"


def test_sidecars_end_after_the_others_in_reverse_order():
    world = started(
        initContainers=[
            {"name": "first", "restartPolicy": "Always", "command": ["stubborn"]},
            {"name": "second", "restartPolicy": "Always", "command": ["stubborn"]},
        ],
        containers=[{"name": "main", "command": ["stubborn"]}],
    )
    world.client.delete("pods", "default", "a", grace_seconds=60)
    world.settle()
    assert [name for name, _ in world.kernel.stops] == ["main"]
    world.exit(0, "main")
    world.settle()
    assert [name for name, _ in world.kernel.stops] == ["main", "second"]
    world.exit(0, "second")
    world.settle()
    assert [name for name, _ in world.kernel.stops] == ["main", "second", "first"]
    world.exit(0, "first")
    world.settle()
    assert world.pod() is None


def test_a_sidecar_that_waits_too_long_for_its_turn_is_ended_all_the_same():
    side = {"name": "side", "restartPolicy": "Always"}
    main = {"name": "main", "command": ["stubborn"]}
    world = started(initContainers=[side], containers=[main])
    world.client.delete("pods", "default", "a", grace_seconds=20)
    world.advance(19)
    assert [name for name, _ in world.kernel.stops] == ["main"]
    world.advance(1)
    assert [name for name, _ in world.kernel.stops] == ["main", "side"]


def test_an_ephemeral_container_is_started_in_a_running_pod():
    world = started()
    changed = world.pod()
    debug = [{"name": "debugger", "image": "busybox", "imagePullPolicy": "IfNotPresent"}]
    world.change("pods", {**changed, "spec": {**changed["spec"], "ephemeralContainers": debug}})
    world.settle()
    found = world.container("debugger")
    assert "running" in found["state"]
    assert "started" not in found and found["ready"] is False
    assert world.conditions()["Ready"]["status"] == "True"
    world.exit(0, "debugger")
    world.settle()
    assert "terminated" in world.container("debugger")["state"]
    assert world.status()["phase"] == "Running"
