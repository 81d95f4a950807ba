"""Scene entries: what the picture is told of each object."""

from cluster_engine.projection import scene
from tests.builders import node, pod, service


def test_a_node_carries_the_sums_of_its_unfinished_pods() -> None:
    pods = [
        pod("a").requests(cpu="500m", memory="1Gi").phase("Running").build(),
        pod("b").requests(cpu="1").phase("Pending").build(),
        pod("c").requests(cpu="2").phase("Succeeded").build(),
    ]
    entry = scene.node_entry(node("n1").build(), pods, (120, 5_000))
    assert entry["cpu"] == {"allocatable": 4000, "requested": 1500, "used": 120}
    assert entry["memory"] == {"allocatable": 16 * 2**30, "requested": 2**30, "used": 5_000}
    assert entry["pods"] == {"allocatable": 110, "count": 2}


def test_a_node_that_is_not_ready_says_why() -> None:
    built = node("n1").build()
    built["status"]["conditions"] = [
        {"type": "Ready", "status": "False", "message": "container runtime is down"}
    ]
    entry = scene.node_entry(built, [], None)
    assert entry["ready"] is False
    assert entry["reason"] == "container runtime is down"


def test_taints_and_cordon_are_shown() -> None:
    built = node("n1").set("spec.unschedulable", True).build()
    built["spec"]["taints"] = [{"key": "gpu", "value": "yes", "effect": "NoSchedule"}]
    entry = scene.node_entry(built, [], None)
    assert entry["taints"] == ["gpu=yes:NoSchedule"]
    assert entry["cordoned"] is True


def test_a_pod_carries_its_amounts_owner_and_claims() -> None:
    built = pod("a").uid("u1").requests(cpu="250m").phase("Pending").build()
    built["spec"]["volumes"] = [{"name": "v", "persistentVolumeClaim": {"claimName": "data"}}]
    entry = scene.pod_entry(built, {"kind": "Deployment", "name": "web"}, "")
    assert entry["key"] == "default/a"
    assert entry["cpu"] == 250
    assert entry["owner"] == {"kind": "Deployment", "name": "web"}
    assert entry["volumes"] == ["default/data"]
    assert entry["ready"] == [0, 1]
    assert "restarts" not in entry


def test_the_larger_of_init_and_main_containers_counts() -> None:
    built = pod("a").uid("u1").requests(cpu="100m").build()
    built["spec"]["initContainers"] = [
        {"name": "i", "resources": {"requests": {"cpu": "1"}}},
        {"name": "s", "restartPolicy": "Always", "resources": {"requests": {"cpu": "200m"}}},
    ]
    assert scene.pod_entry(built, None, "")["cpu"] == 1000


def test_a_service_lists_ports_and_pods() -> None:
    built = service("web", 80, app="web").set("spec.clusterIP", "10.96.0.7").build()
    entry = scene.service_entry(built, ["default/a"])
    assert entry["clusterIP"] == "10.96.0.7"
    assert entry["ports"] == [{"port": 80, "protocol": "TCP"}]
    assert entry["pods"] == ["default/a"]
