"""Nodes that register."""

from tests.engine.kubelet.world import World, pod


def node(world, name="n"):
    return world.client.get("nodes", "", name)


def conditions(world, name="n"):
    return {c["type"]: c for c in node(world, name)["status"]["conditions"]}


def test_a_node_gets_what_its_object_does_not_say():
    world = World(nodes=("n",))
    status = node(world)["status"]
    assert status["capacity"]["cpu"] == "4" and status["allocatable"]["pods"] == "110"
    assert status["addresses"] == [
        {"type": "InternalIP", "address": "172.18.0.3"},
        {"type": "Hostname", "address": "n"},
    ]
    assert status["nodeInfo"]["kubeletVersion"] == "v1.37.2"
    assert [c["type"] for c in status["conditions"]] == [
        "MemoryPressure",
        "DiskPressure",
        "PIDPressure",
        "Ready",
    ]
    ready = conditions(world)["Ready"]
    assert (ready["status"], ready["reason"]) == ("True", "KubeletReady")
    assert ready["message"] == "kubelet is posting ready status"


def test_what_the_object_says_is_honoured():
    world = World(nodes=())
    given = {
        "capacity": {"cpu": "64", "memory": "1Ti", "pods": "10", "example.com/gpu": "2"},
        "allocatable": {"cpu": "60"},
        "images": [{"names": ["x:1"], "sizeBytes": 5}],
        "addresses": [{"type": "InternalIP", "address": "10.1.2.3"}],
        "nodeInfo": {"osImage": "Own OS", "kernelVersion": ""},
    }
    taints = [{"key": "k", "effect": "NoSchedule"}]
    world.add_node("n", spec={"taints": taints}, status=given)
    world.settle()
    status = node(world)["status"]
    assert status["capacity"]["example.com/gpu"] == "2"
    assert status["allocatable"]["cpu"] == "60" and status["allocatable"]["memory"] == "1Ti"
    assert status["images"] == given["images"]
    assert status["addresses"] == given["addresses"]
    assert status["nodeInfo"]["osImage"] == "Own OS"
    assert status["nodeInfo"]["kernelVersion"]
    assert node(world)["spec"]["taints"] == taints
    assert world.fabric.addresses.node_ip("n") == "10.1.2.3"


def test_the_lease_is_written_once():
    world = World(nodes=("n",))
    lease = world.client.get("leases.coordination.k8s.io", "kube-node-lease", "n")
    assert lease["spec"]["holderIdentity"] == "n"
    assert lease["metadata"]["ownerReferences"][0]["kind"] == "Node"
    world.advance(3600)
    assert len(world.agenda) == 0


def test_a_node_that_joins_later_takes_a_while_to_be_ready():
    world = World(is_instant=False, nodes=("n",))
    assert conditions(world)["Ready"]["status"] == "True"
    world.advance(60)
    world.add_node("late")
    world.settle()
    ready = conditions(world, "late")["Ready"]
    assert (ready["status"], ready["reason"]) == ("False", "KubeletNotReady")
    assert "cni plugin not initialized" in ready["message"]
    world.advance(12)
    assert conditions(world, "late")["Ready"]["status"] == "True"
    assert [reason for reason, _ in world.events("late")] == [
        "Starting",
        "NodeHasSufficientMemory",
        "NodeHasNoDiskPressure",
        "NodeHasSufficientPID",
        "NodeAllocatableEnforced",
        "NodeReady",
    ]


def test_a_condition_set_by_others_stays():
    world = World(nodes=("n",))
    held = node(world)
    broken = [
        {**c, "status": "Unknown", "reason": "NodeStatusUnknown"} if c["type"] == "Ready" else c
        for c in held["status"]["conditions"]
    ]
    world.change("nodes", {**held, "status": {**held["status"], "conditions": broken}})
    world.advance(60)
    assert conditions(world)["Ready"]["status"] == "Unknown"


def test_cordoning_is_told():
    world = World(nodes=("n",))
    for is_unschedulable, reason in ((True, "NodeNotSchedulable"), (False, "NodeSchedulable")):
        held = node(world)
        world.change("nodes", {**held, "spec": {"unschedulable": is_unschedulable}})
        world.settle()
        assert world.events("n")[-1] == (reason, f"Node n status is now: {reason}")


def test_a_node_whose_kubelet_stops_is_lost_after_a_while_and_comes_back():
    world = World(nodes=("n",))
    world.create(pod(node="n"))
    world.settle()
    world.kubelets.set_node_down("n", True)
    world.exit(1)
    world.advance(49)
    assert conditions(world)["Ready"]["status"] == "True"
    world.advance(1)
    found = conditions(world)
    assert {c["status"] for c in found.values()} == {"Unknown"}
    assert found["Ready"]["reason"] == "NodeStatusUnknown"
    assert found["Ready"]["message"] == "Kubelet stopped posting node status."
    assert world.events("n")[-1] == ("NodeNotReady", "Node n status is now: NodeNotReady")
    assert world.container()["restartCount"] == 0
    world.kubelets.set_node_down("n", False)
    world.settle()
    assert conditions(world)["Ready"]["status"] == "True"
    assert world.container()["restartCount"] == 1


def test_a_short_stop_goes_unnoticed():
    world = World(nodes=("n",))
    world.kubelets.set_node_down("n", True)
    world.advance(30)
    world.kubelets.set_node_down("n", False)
    world.kubelets.set_node_down("n", True)
    world.advance(30)
    assert conditions(world)["Ready"]["status"] == "True"
    world.advance(30)
    assert conditions(world)["Ready"]["status"] == "Unknown"


def test_probing_goes_on_when_the_kubelet_is_back():
    world = World(nodes=("n",))
    probe = {"tcpSocket": {"port": 80}, "failureThreshold": 1}
    world.create(pod(node="n", containers=[{"name": "main", "livenessProbe": probe}]))
    world.settle()
    world.kubelets.set_node_down("n", True)
    world.advance(40)
    assert world.container()["restartCount"] == 0
    world.kubelets.set_node_down("n", False)
    world.settle()
    assert world.container()["restartCount"] == 1


def test_usage_of_nodes_and_pods():
    world = World(nodes=("n",))
    empty = world.kubelets.node_usage("n")
    world.create(pod(node="n"))
    world.settle()
    assert world.kubelets.pod_usage(world.pod())["main"][1] == 1024 * 1024
    assert world.kubelets.node_usage("n")[1] == empty[1] + 1024 * 1024
    assert world.kubelets.node_usage("nowhere") is None
