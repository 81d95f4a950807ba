"""Breaking things through the API, and mending them; forks and snapshots stay broken."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from cluster_engine import ADMIN, Cluster, Request
from cluster_engine.apiserver.requests import Caller, Source, User
from cluster_engine.faults.catalogue import FAULTS
from cluster_engine.faults.effects import EFFECTS
from tests.engine.controllers.lab import Lab

FAULT_PATH = "/podyard/v1/faults"
SERVICE = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "web"},
    "spec": {"selector": {"app": "web"}, "ports": [{"port": 80}]},
}


def pod(name: str, image: str = "nginx", **spec: Any) -> dict[str, Any]:
    container = {"name": "c", "image": image, **spec}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "labels": {"app": name}},
        "spec": {"containers": [container]},
    }


@pytest.fixture
def lab() -> Lab:
    made = Lab(nodes=2)
    made.create("pods", pod("web"))
    made.create("services", SERVICE)
    made.create("pods", pod("client", "busybox", command=["sleep", "infinity"]))
    return made


def break_(lab: Lab, fault: str, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = lab.call("POST", FAULT_PATH, {"fault": fault, **more})
    lab.pass_time(0)
    return made


def mend(lab: Lab, made: dict[str, Any]) -> None:
    answer = lab.cluster.handle(lab.request("DELETE", f"{FAULT_PATH}/{made['id']}"))
    assert answer.status == 204
    lab.pass_time(0)


def fetch(lab: Lab, url: str) -> str:
    """What wget says in the client pod."""
    query = "&".join(
        [
            "stdout=true",
            "stderr=true",
            *(f"command={word}" for word in ("wget", "-q", "-T", "3", "-O-", url)),
        ]
    )
    path = "/api/v1/namespaces/default/pods/client/exec"
    answer = lab.cluster.handle(Request("GET", path, query, user=ADMIN))
    assert answer.stream is not None
    lab.pass_time(10)
    return b"".join(frame.data for frame in answer.stream.read()).decode()


def state(lab: Lab, name: str) -> dict[str, Any]:
    found: dict[str, Any] = lab.get("pods", name)["status"]["containerStatuses"][0]
    return found


def node_of(lab: Lab, name: str) -> str:
    return str(lab.get("pods", name)["spec"]["nodeName"])


def ready(lab: Lab, node: str) -> str:
    conditions = lab.get("nodes", node)["status"]["conditions"]
    return str(next(c["status"] for c in conditions if c["type"] == "Ready"))


def test_every_fault_has_an_effect_and_words() -> None:
    assert set(FAULTS) == set(EFFECTS)
    for fault in FAULTS.values():
        assert fault.text.endswith(".")
        assert fault.is_moment == (fault.mended == "")


def test_the_list_tells_what_holds_and_what_there_is(lab: Lab) -> None:
    made = break_(lab, "dns-down")
    found = lab.call("GET", FAULT_PATH)
    assert [one["id"] for one in found["faults"]] == [made["id"]]
    assert [one["name"] for one in found["catalogue"]] == list(FAULTS)
    mend(lab, made)
    assert lab.call("GET", FAULT_PATH)["faults"] == []


def test_a_node_without_power_loses_its_containers_and_starts_them_again(lab: Lab) -> None:
    node = node_of(lab, "web")
    made = break_(lab, "node-down", target=node)
    lab.pass_time(51)
    assert ready(lab, node) == "Unknown"
    mend(lab, made)
    lab.pass_time(1)
    assert ready(lab, node) == "True"
    assert state(lab, "web")["restartCount"] == 1
    assert state(lab, "web")["lastState"]["terminated"]["exitCode"] == 137


def test_a_node_that_is_cut_off_keeps_its_containers(lab: Lab) -> None:
    node = node_of(lab, "web")
    made = break_(lab, "node-cut", target=node)
    lab.pass_time(51)
    assert ready(lab, node) == "Unknown"
    mend(lab, made)
    lab.pass_time(1)
    assert state(lab, "web")["restartCount"] == 0


def test_a_stopped_kubelet_starts_nothing_but_what_runs_can_be_reached(lab: Lab) -> None:
    assert "nginx" in fetch(lab, "http://web")
    node = node_of(lab, "web")
    assert node_of(lab, "client") != node
    break_(lab, "kubelet-down", target=node)
    assert "nginx" in fetch(lab, "http://web")


def test_a_killed_container_starts_again(lab: Lab) -> None:
    made = break_(lab, "pod-crash", target="web")
    lab.pass_time(5)
    assert state(lab, "web")["restartCount"] == 1
    assert state(lab, "web")["lastState"]["terminated"]["exitCode"] == 137
    assert lab.call("GET", FAULT_PATH)["faults"] == []
    assert made["title"] == "A container of pod default/web was killed"


def test_a_pod_that_is_cut_off_is_not_reached_until_it_is_mended(lab: Lab) -> None:
    made = break_(lab, "pod-cut", target="default/web")
    assert "timed out" in fetch(lab, "http://web")
    mend(lab, made)
    assert "nginx" in fetch(lab, "http://web")


def test_without_dns_names_fail_and_addresses_work(lab: Lab) -> None:
    ip = lab.get("pods", "web")["status"]["podIP"]
    made = break_(lab, "dns-down")
    assert "bad address" in fetch(lab, "http://web")
    assert "nginx" in fetch(lab, f"http://{ip}")
    mend(lab, made)
    assert "nginx" in fetch(lab, "http://web")


def test_without_a_registry_only_known_images_start(lab: Lab) -> None:
    made = break_(lab, "registry-down")
    lab.create("pods", pod("fresh", "redis"))
    waiting = state(lab, "fresh")["state"]["waiting"]
    assert waiting["reason"] in ("ErrImagePull", "ImagePullBackOff")
    assert "i/o timeout" in waiting["message"]
    mend(lab, made)
    lab.pass_time(400)
    assert "running" in state(lab, "fresh")["state"]


def test_a_slow_registry_takes_ten_times_as_long() -> None:
    def seconds(*, is_slow: bool) -> float:
        lab = Lab.of(Cluster())
        if is_slow:
            lab.call("POST", FAULT_PATH, {"fault": "registry-slow"})
        lab.call("POST", "/api/v1/namespaces/default/pods", pod("web"))
        for step in range(600):
            lab.pass_time(0.5)
            if lab.get("pods", "web")["status"]["phase"] == "Running":
                return step / 2
        raise AssertionError("never ran")

    assert seconds(is_slow=True) > 3 * seconds(is_slow=False)


def test_what_excludes_each_other_replaces_each_other(lab: Lab) -> None:
    break_(lab, "registry-slow")
    break_(lab, "registry-down")
    names = [one["fault"] for one in lab.call("GET", FAULT_PATH)["faults"]]
    assert names == ["registry-down"]


def test_a_fault_with_an_end_ends_by_itself_in_a_fork_too(lab: Lab) -> None:
    break_(lab, "dns-down", for_seconds=60)
    twin = Lab.of(lab.cluster.fork())
    assert "bad address" in fetch(twin, "http://web")
    twin.pass_time(60)
    assert twin.call("GET", FAULT_PATH)["faults"] == []
    assert "nginx" in fetch(twin, "http://web")


def test_a_restored_snapshot_is_as_broken(lab: Lab) -> None:
    made = break_(lab, "dns-down")
    twin = Lab.of(Cluster.restore(lab.cluster.snapshot()))
    assert "bad address" in fetch(twin, "http://web")
    mend(twin, made)
    assert "nginx" in fetch(twin, "http://web")


def test_the_timeline_says_who_broke_what(lab: Lab) -> None:
    viewer = lab.cluster.viewer()
    while viewer.frame() is not None:
        pass
    caller = Caller("t1", "Ms Ray", Source.TEACHER)
    body = orjson.dumps({"fault": "dns-down"})
    lab.cluster.handle(Request("POST", FAULT_PATH, body=body, user=ADMIN, caller=caller))
    said = []
    while (frame := viewer.frame()) is not None:
        said += frame.get("entries", [])
    assert said[-1]["text"] == "DNS does not answer"
    assert said[-1]["person"]["name"] == "Ms Ray"
    late = lab.cluster.fork().viewer()
    texts = []
    while (frame := late.frame()) is not None:
        texts += [line["text"] for line in frame.get("entries", [])]
    assert "DNS does not answer" in texts


def test_without_a_target_it_hits_where_most_is(lab: Lab) -> None:
    nodes = [node_of(lab, name) for name in ("web", "client")]
    assert break_(lab, "node-cut")["target"] == max(nodes, key=lambda n: (nodes.count(n), n))
    assert break_(lab, "pod-cut")["target"] == "default/client"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param({"fault": "nonsense"}, 400, id="an unknown fault"),
        pytest.param({"fault": 3}, 400, id="no name"),
        pytest.param({"fault": "dns-down", "more": 1}, 400, id="an unknown field"),
        pytest.param({"fault": "dns-down", "for_seconds": -1}, 400, id="a negative time"),
        pytest.param({"fault": "dns-down", "for_seconds": True}, 400, id="no number"),
        pytest.param({"fault": "node-cut", "target": "node-9"}, 404, id="no such node"),
        pytest.param({"fault": "pod-cut", "target": "default/none"}, 404, id="no such pod"),
        pytest.param({"fault": "node-cut", "target": ["node-1"]}, 400, id="a target of no kind"),
    ],
)
def test_what_makes_no_sense_is_refused(lab: Lab, body: Any, status: int) -> None:
    request = Request("POST", FAULT_PATH, body=orjson.dumps(body), user=ADMIN)
    assert lab.cluster.handle(request).status == status


def test_only_administrators_break_things(lab: Lab) -> None:
    viewer = User("viewer", ("podyard:viewers", "system:authenticated"))
    for method, path in (("POST", FAULT_PATH), ("DELETE", f"{FAULT_PATH}/f1")):
        request = Request(method, path, body=b'{"fault": "dns-down"}', user=viewer)
        assert lab.cluster.handle(request).status == 403
    assert lab.cluster.handle(Request("GET", FAULT_PATH, user=viewer)).status == 200
    assert lab.cluster.handle(Request("PUT", FAULT_PATH, user=ADMIN)).status == 405


def test_fifty_faults_hold_at_once_and_no_more() -> None:
    lab = Lab(nodes=51)
    for number in range(1, 51):
        break_(lab, "node-cut", target=f"node-{number}")
    body = orjson.dumps({"fault": "node-cut", "target": "node-51"})
    assert lab.cluster.handle(Request("POST", FAULT_PATH, body=body, user=ADMIN)).status == 429
