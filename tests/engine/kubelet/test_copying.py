"""A copied cluster goes on where the original was, and apart from it."""

import pickle

from cluster_engine.network.connection import Handler
from tests.engine.kubelet.world import World, pod


def test_both_copies_go_on_by_themselves():
    world = World()
    world.create(pod())
    world.create(pod("b", restartPolicy="Never"))
    world.settle()
    twin = world.fork()
    twin.exit(1)
    twin.settle()
    assert twin.container()["restartCount"] == 1
    assert world.container()["restartCount"] == 0
    world.exit(0, pod="b")
    world.settle()
    assert world.status("b")["phase"] == "Succeeded"
    assert twin.status("b")["phase"] == "Running"


def test_a_copy_in_the_middle_of_a_start_finishes_it_at_the_same_time():
    world = World(is_instant=False)
    world.create(pod())
    world.advance(1)
    twin = world.fork()
    for copy in (world, twin):
        copy.advance(10)
        assert copy.status()["phase"] == "Running"
    first, second = world.container(), twin.container()
    assert first["state"] == second["state"]
    assert first["containerID"] == second["containerID"]


def test_a_copy_in_back_off_waits_as_long():
    world = World()
    world.create(pod())
    world.settle()
    world.exit(1)
    world.settle()
    world.exit(1)
    world.settle()
    twin = world.fork()
    twin.advance(9)
    assert "waiting" in twin.container()["state"]
    twin.advance(1)
    assert "running" in twin.container()["state"]
    assert "waiting" in world.container()["state"]


def test_a_copy_of_a_probed_pod_goes_on_probing():
    world = World()
    probe = {"tcpSocket": {"port": 80}, "failureThreshold": 2}
    world.create(pod(containers=[{"name": "main", "livenessProbe": probe}]))
    world.advance(1)
    twin = world.fork()
    twin.advance(10)
    assert twin.container()["restartCount"] == 1
    assert world.container()["restartCount"] == 0


def test_the_state_can_be_written_down_and_brought_back():
    world = World(is_instant=False)
    probe = {"tcpSocket": {"port": 80}}
    world.create(pod(containers=[{"name": "main", "readinessProbe": probe}]))
    world.create(pod("b", containers=[{"name": "main", "image": "nosuch"}]))
    world.create(pod("early", node="not-there"))
    world.advance(5)
    written = {name: pickle.dumps(part.state()) for name, part in world.components.items()}
    twin = world.fork()
    for name, data in written.items():
        twin.components[name].restore(pickle.loads(data))
    for copy in (world, twin):
        copy.fabric.listen(copy.status()["podIP"], 80, Handler("kernel", "none"))
        copy.add_node("not-there")
        copy.advance(60)
    for name in ("a", "b", "early"):
        assert twin.status(name) == world.status(name)
    assert world.container()["ready"]
