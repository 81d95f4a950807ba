"""What viewers see of a real cluster's changes."""

from __future__ import annotations

import orjson

from cluster_engine import ADMIN, Caller, Cluster, ClusterSpec, Request
from tests.builders import deployment

JSON = {"content-type": "application/json"}
APPS = "/apis/apps/v1/namespaces/default"


def create(cluster: Cluster, path: str, obj: object) -> None:
    body = orjson.dumps(obj)
    answer = cluster.handle(Request("POST", path, headers=JSON, body=body, user=ADMIN))
    assert answer.status == 201, answer.body
    cluster.advance(cluster.now_ms + 2_000)


def test_a_replica_set_that_is_adopted_leaves_the_picture() -> None:
    cluster = Cluster(ClusterSpec(nodes=1, profile="instant"))
    viewer = cluster.viewer()
    obj = deployment("web", replicas=1).build()
    spec = {name: obj["spec"][name] for name in ("replicas", "selector", "template")}
    alone = {"metadata": {"name": "alone", "labels": spec["template"]["metadata"]["labels"]}}
    create(cluster, f"{APPS}/replicasets", {**alone, "spec": spec})
    shown = set((viewer.frame() or {})["workloads"])
    assert shown == {"ReplicaSet/default/alone"}
    create(cluster, f"{APPS}/deployments", obj)
    while (frame := viewer.frame()) is not None:
        shown |= set(frame.get("set", {}).get("workloads", {}))
        shown -= set(frame.get("remove", {}).get("workloads", []))
    assert shown == {"Deployment/default/web"}


def test_the_timeline_names_the_person_behind_a_change_and_their_program() -> None:
    cluster = Cluster(ClusterSpec(nodes=0, profile="instant"))
    viewer = cluster.viewer()
    person = Caller("a1", "calm otter", "kubectl", "kubectl/v1.37.2 (linux/amd64) kubernetes/abc")
    body = orjson.dumps({"metadata": {"name": "mine"}})
    path = "/api/v1/namespaces/default/configmaps"
    for caller, name in ((person, b"mine"), (None, b"nobodys")):
        sent = body.replace(b"mine", name)
        cluster.handle(Request("POST", path, headers=JSON, body=sent, user=ADMIN, caller=caller))
    lines = {}
    while (frame := viewer.frame()) is not None:
        lines |= {one["name"]: one for one in frame.get("entries", [])}
    assert lines["mine"]["person"] == {
        "id": "a1",
        "name": "calm otter",
        "source": "kubectl",
        "agent": "kubectl v1.37.2",
    }
    assert "person" not in lines["nobodys"]
