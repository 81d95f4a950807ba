"""Pods that are given other resources while they run."""

from tests.engine.kubelet.world import World, pod


def started(world, name="a", cpu="1", **container):
    requests = {"cpu": cpu, "memory": "1Gi"}
    main = {"name": "main", "resources": {"requests": requests}, **container}
    world.create(pod(name, containers=[main]))
    world.settle()


def resize(world, name="a", **requests):
    held = world.pod(name)
    container = held["spec"]["containers"][0]
    after = {**container["resources"]["requests"], **requests}
    changed = {**container, "resources": {"requests": after}}
    metadata = {**held["metadata"], "generation": held["metadata"]["generation"] + 1}
    world.change(
        "pods", {**held, "metadata": metadata, "spec": {**held["spec"], "containers": [changed]}}
    )
    world.settle()


def test_a_resize_that_fits_is_done_without_a_restart():
    world = World()
    started(world)
    resize(world, cpu="2")
    assert world.container()["resources"]["requests"]["cpu"] == "2"
    assert world.container()["allocatedResources"]["cpu"] == "2"
    assert world.status()["allocatedResources"]["cpu"] == "2"
    assert world.container()["restartCount"] == 0
    assert world.events()[-2:] == [
        (
            "ResizeStarted",
            'Pod resize started: {"containers":[{"name":"main","resources":{"requests":'
            '{"cpu":"2","memory":"1Gi"}}}],"generation":2}',
        ),
        (
            "ResizeCompleted",
            'Pod resize completed: {"containers":[{"name":"main","resources":{"requests":'
            '{"cpu":"2","memory":"1Gi"}}}],"generation":2}',
        ),
    ]


def test_new_limits_reach_the_running_container():
    world = World()
    limits = {"cpu": "1", "memory": "1Gi"}
    world.create(pod(containers=[{"name": "main", "resources": {"limits": limits}}]))
    world.settle()
    held = world.pod()
    after = {"limits": {"cpu": "500m", "memory": "2Gi"}}
    changed = {**held["spec"]["containers"][0], "resources": after}
    world.change("pods", {**held, "spec": {**held["spec"], "containers": [changed]}})
    world.settle()
    _, container = world.kernel.find(world.container_id())
    assert container.spec.cpu_limit_milli == 500
    assert container.spec.memory_limit_bytes == 2 * 1024**3


def test_a_container_that_wants_it_is_restarted():
    world = World()
    policy = [{"resourceName": "memory", "restartPolicy": "RestartContainer"}]
    started(world, resizePolicy=policy)
    resize(world, cpu="2")
    assert world.container()["restartCount"] == 0
    resize(world, memory="2Gi")
    assert world.container()["restartCount"] == 1
    assert (
        "Killing",
        "Container main resize requires restart, will be restarted",
    ) in world.events()


def test_a_resize_without_room_waits_until_another_pod_leaves():
    world = World()
    started(world)
    started(world, "b", cpu="2")
    resize(world, cpu="3")
    assert world.container()["resources"]["requests"]["cpu"] == "1"
    pending = world.conditions()["PodResizePending"]
    assert (pending["status"], pending["reason"]) == ("True", "Deferred")
    assert pending["message"] == (
        "Node didn't have enough resource: cpu, requested: 3000, used: 2000, capacity: 4000"
    )
    assert pending["observedGeneration"] == 2
    assert world.events()[-1][0] == "ResizeDeferred"
    twin = world.fork()
    for copy in (world, twin):
        copy.client.delete("pods", "default", "b")
        copy.settle()
        assert copy.container()["resources"]["requests"]["cpu"] == "3"
        assert "PodResizePending" not in copy.conditions()


def test_a_resize_taken_back_waits_no_longer():
    world = World()
    started(world)
    resize(world, cpu="9")
    assert "PodResizePending" in world.conditions()
    resize(world, cpu="1")
    assert "PodResizePending" not in world.conditions()
    assert world.container()["resources"]["requests"]["cpu"] == "1"
