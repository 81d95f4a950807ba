"""The engine as a library: its public names, its doors, and that it needs nothing of the site."""

import subprocess
import sys

import orjson

from cluster_engine import ADMIN, Cluster, ClusterSpec, Request
from tests.builders import deployment, pod

JSON = {"content-type": "application/json"}
PODS = "/api/v1/namespaces/default/pods"


def call(cluster: Cluster, method: str, path: str, body: object = None) -> tuple[int, dict]:
    """One request and its answer, decoded."""
    data = b"" if body is None else orjson.dumps(body)
    where, _, query = path.partition("?")
    request = Request(method, where, query, headers=JSON, body=data, user=ADMIN)
    answer = cluster.handle(request)
    return answer.status, orjson.loads(answer.body)


def running(cluster: Cluster) -> dict[str, str]:
    """Pods that run, and where."""
    _, found = call(cluster, "GET", PODS)
    return {
        item["metadata"]["name"]: item["spec"]["nodeName"]
        for item in found["items"]
        if item["status"].get("phase") == "Running"
    }


def test_a_new_cluster_has_ready_nodes_at_once() -> None:
    cluster = Cluster(ClusterSpec(nodes=3, profile="instant"))
    _, nodes = call(cluster, "GET", "/api/v1/nodes")
    assert [node["metadata"]["name"] for node in nodes["items"]] == ["node-1", "node-2", "node-3"]
    for node in nodes["items"]:
        conditions = {c["type"]: c["status"] for c in node["status"]["conditions"]}
        assert conditions["Ready"] == "True"
        assert not node["spec"].get("taints")


def test_a_pod_runs_after_some_virtual_time() -> None:
    cluster = Cluster(ClusterSpec())
    status, _ = call(cluster, "POST", PODS, pod("web").build())
    assert status == 201
    assert running(cluster) == {}
    cluster.advance(cluster.now_ms + 20_000)
    assert set(running(cluster)) == {"web"}


def test_every_decision_is_explained() -> None:
    cluster = Cluster(ClusterSpec(profile="instant"))
    call(cluster, "POST", PODS, pod("big").requests(cpu="64").build())
    cluster.advance(cluster.now_ms)
    _, found = call(cluster, "GET", "/podyard/v1/namespaces/default/pods/big/scheduling")
    attempt = found["attempts"][-1]
    assert attempt["result"] == "unschedulable"
    assert attempt["message"].startswith("0/3 nodes are available: 3 Insufficient cpu.")
    verdict = attempt["filters"]["node-1"]["NodeResourcesFit"]
    assert verdict == {"passed": False, "reason": "Insufficient cpu"}


def test_a_deployment_rolls_out_and_back() -> None:
    # Freezing: whoever changes a stored object in place raises.
    cluster = Cluster(ClusterSpec(profile="instant", is_freezing=True))
    path = "/apis/apps/v1/namespaces/default/deployments"
    call(cluster, "POST", path, deployment("web", 3).build())
    cluster.advance(cluster.now_ms + 1_000)
    assert len(running(cluster)) == 3
    _, held = call(cluster, "GET", f"{path}/web")
    held["spec"]["template"]["spec"]["containers"][0]["image"] = "nginx:1.16.1"
    call(cluster, "PUT", f"{path}/web", held)
    cluster.advance(cluster.now_ms + 60_000)
    _, held = call(cluster, "GET", f"{path}/web")
    assert held["status"]["updatedReplicas"] == 3
    assert held["metadata"]["annotations"]["deployment.kubernetes.io/revision"] == "2"
    _, sets = call(cluster, "GET", "/apis/apps/v1/namespaces/default/replicasets")
    assert sorted(item["spec"]["replicas"] for item in sets["items"]) == [0, 3]


def test_the_same_seed_gives_the_same_bytes() -> None:
    answers = []
    for _ in range(2):
        cluster = Cluster(ClusterSpec(seed=42))
        for number in range(5):
            call(cluster, "POST", PODS, pod(f"p{number}").build())
        cluster.advance(cluster.now_ms + 30_000)
        answers.append(cluster.handle(Request("GET", PODS, user=ADMIN)).body)
    assert answers[0] == answers[1]


def test_a_fork_goes_its_own_way() -> None:
    cluster = Cluster(ClusterSpec(profile="instant"))
    call(cluster, "POST", PODS, pod("shared").build())
    twin = cluster.fork()
    call(twin, "POST", PODS, pod("twin").build())
    for each in (cluster, twin):
        each.advance(each.now_ms + 1_000)
    assert set(running(cluster)) == {"shared"}
    assert set(running(twin)) == {"shared", "twin"}


def test_a_restored_snapshot_goes_on_where_it_was() -> None:
    cluster = Cluster(ClusterSpec())
    call(cluster, "POST", PODS, pod("web").build())
    cluster.advance(cluster.now_ms + 500)
    restored = Cluster.restore(cluster.snapshot())
    for each in (cluster, restored):
        each.advance(each.now_ms + 30_000)
    request = Request("GET", PODS, user=ADMIN)
    assert restored.handle(request).body == cluster.handle(request).body
    assert set(running(restored)) == {"web"}


def test_an_idle_cluster_has_nothing_due() -> None:
    cluster = Cluster(ClusterSpec())
    cluster.advance(cluster.now_ms + 60_000)
    assert cluster.next_deadline() is None


def test_a_viewer_sees_the_scene_and_then_what_changes() -> None:
    cluster = Cluster(ClusterSpec(profile="instant"))
    viewer = cluster.viewer()
    scene = viewer.frame()
    assert scene is not None
    assert scene["type"] == "scene"
    assert scene["revision"] == cluster.revision
    assert set(scene["nodes"]) == {"node-1", "node-2", "node-3"}
    while viewer.frame() is not None:
        pass
    call(cluster, "POST", PODS, pod("web").build())
    cluster.advance(cluster.now_ms + 1_000)
    frames = []
    while (frame := viewer.frame()) is not None:
        frames.append(frame)
    deltas = [frame for frame in frames if frame["type"] == "delta"]
    entry = deltas[-1]["set"]["pods"]["default/web"]
    assert entry["state"] == "running"
    assert deltas[-1]["decisions"][-1]["node"] == entry["node"]


def test_the_engine_is_importable_without_the_site() -> None:
    code = (
        "import sys, cluster_engine; "
        "bad = {'django', 'channels', 'asyncio', 'daphne'} & set(sys.modules); "
        "sys.exit(f'imports {bad}' if bad else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
