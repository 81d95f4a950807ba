"""What viewers see of a real cluster's changes."""

from __future__ import annotations

import orjson

from cluster_engine import ADMIN, Cluster, ClusterSpec, Request
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
