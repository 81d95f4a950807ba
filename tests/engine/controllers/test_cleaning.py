"""What goes with what: owners and dependents, namespaces and their content."""

from typing import Any

import pytest

from tests.builders import Builder, deployment
from tests.engine.controllers.lab import Lab


def config_map(name: str, namespace: str = "default", **metadata: Any) -> dict[str, Any]:
    builder = Builder("v1", "ConfigMap", name, namespace)
    builder.object["metadata"].update(metadata)
    return builder.build()


def owner_of(obj: dict[str, Any], **fields: Any) -> list[dict[str, Any]]:
    metadata = obj["metadata"]
    reference = {"apiVersion": "v1", "kind": "ConfigMap", "name": metadata["name"]}
    return [{**reference, "uid": metadata["uid"], **fields}]


def test_pods_and_sets_go_with_their_deployment() -> None:
    lab = Lab()
    lab.create("deployments", deployment("web", 2).build())
    lab.delete("deployments", "web")
    lab.pass_time(60)
    assert lab.names("replicasets") == []
    assert lab.names("pods") == []


def test_orphans_stay_without_their_owner() -> None:
    lab = Lab()
    lab.create("deployments", deployment("web", 2).build())
    lab.delete("deployments", "web", "?propagationPolicy=Orphan")
    lab.pass_time(60)
    (replica_set,) = lab.items("replicasets")
    assert "ownerReferences" not in replica_set["metadata"]
    assert len(lab.names("pods")) == 2


def test_in_the_foreground_the_owner_goes_last() -> None:
    lab = Lab()
    lab.create("deployments", deployment("web", 1).build())
    lab.delete("deployments", "web", "?propagationPolicy=Foreground")
    lab.pass_time(60)
    assert (lab.names("deployments"), lab.names("replicasets"), lab.names("pods")) == ([], [], [])


def test_an_object_whose_owner_never_was_goes() -> None:
    lab = Lab()
    ghost = {"metadata": {"name": "ghost", "uid": "11111111-2222-4333-8444-555555555555"}}
    lab.create("configmaps", config_map("child", ownerReferences=owner_of(ghost)))
    assert "child" not in lab.names("configmaps")


def test_one_of_two_owners_is_enough_to_stay() -> None:
    lab = Lab()
    first = lab.create("configmaps", config_map("first"))
    second = lab.create("configmaps", config_map("second"))
    owners = owner_of(first) + owner_of(second)
    lab.create("configmaps", config_map("child", ownerReferences=owners))
    lab.delete("configmaps", "first")
    assert "child" in lab.names("configmaps")
    lab.delete("configmaps", "second")
    assert "child" not in lab.names("configmaps")


def test_a_namespace_takes_its_content_with_it() -> None:
    lab = Lab()
    lab.create("namespaces", Builder("v1", "Namespace", "shop").build())
    lab.call("POST", "/api/v1/namespaces/shop/configmaps", config_map("a", "shop"))
    lab.pass_time(0)
    lab.delete("namespaces", "shop")
    lab.pass_time(5)
    assert "shop" not in lab.names("namespaces")


def test_a_full_namespace_is_emptied_in_steps_and_a_fork_goes_on_with_it() -> None:
    lab = Lab()
    lab.create("namespaces", Builder("v1", "Namespace", "shop").build())
    for number in range(250):
        config = config_map(f"c{number}", "shop")
        lab.call("POST", "/api/v1/namespaces/shop/configmaps", config)
    lab.call("DELETE", "/api/v1/namespaces/shop")
    steps = iter(range(1_000))
    cluster = lab.cluster
    while "c0" in names_in(lab, "shop"):
        assert next(steps) < 999
        cluster.advance(cluster.now_ms, lambda: True)
    assert 0 < len(names_in(lab, "shop")) < 250
    lab.cluster = cluster.fork()
    lab.pass_time(5)
    assert "shop" not in lab.names("namespaces")


def names_in(lab: Lab, namespace: str) -> list[str]:
    found = lab.call("GET", f"/api/v1/namespaces/{namespace}/configmaps")
    return [item["metadata"]["name"] for item in found["items"]]


def test_a_namespace_waits_for_a_finalizer_and_says_so() -> None:
    lab = Lab()
    lab.create("namespaces", Builder("v1", "Namespace", "shop").build())
    held = config_map("a", "shop", finalizers=["example.com/hold"])
    lab.call("POST", "/api/v1/namespaces/shop/configmaps", held)
    lab.delete("namespaces", "shop")
    lab.pass_time(5)
    namespace = lab.get("namespaces", "shop")
    assert namespace["status"]["phase"] == "Terminating"
    marks = {c["type"]: c for c in namespace["status"]["conditions"]}
    assert marks["NamespaceFinalizersRemaining"]["message"] == (
        "Some content in the namespace has finalizers remaining: "
        "example.com/hold in 1 resource instances"
    )
    free = {"metadata": {"finalizers": None}}
    lab.call("PATCH", "/api/v1/namespaces/shop/configmaps/a", free, "merge-patch+json")
    lab.pass_time(9)
    assert "shop" not in lab.names("namespaces")


@pytest.mark.parametrize("name", ["default", "shop"])
def test_every_namespace_has_an_account_and_the_authority(name: str) -> None:
    lab = Lab()
    if name != "default":
        lab.create("namespaces", Builder("v1", "Namespace", name).build())
    account = lab.call("GET", f"/api/v1/namespaces/{name}/serviceaccounts/default")
    assert account["metadata"]["name"] == "default"
    authority = lab.call("GET", f"/api/v1/namespaces/{name}/configmaps/kube-root-ca.crt")
    assert authority["data"]["ca.crt"].startswith("-----BEGIN CERTIFICATE-----")


def test_an_aggregated_role_collects_a_new_one() -> None:
    lab = Lab()
    rule = {"apiGroups": ["example.com"], "resources": ["widgets"], "verbs": ["get"]}
    body = Builder("rbac.authorization.k8s.io/v1", "ClusterRole", "widgets").build()
    body["metadata"]["labels"] = {"rbac.authorization.k8s.io/aggregate-to-view": "true"}
    lab.create("clusterroles", {**body, "rules": [rule]})
    view, admin = lab.get("clusterroles", "view"), lab.get("clusterroles", "admin")
    assert rule["resources"] in [held.get("resources") for held in view["rules"]]
    assert rule["resources"] in [held.get("resources") for held in admin["rules"]]


def test_a_cordoned_node_is_tainted_and_open_again() -> None:
    lab = Lab()
    lab.patch("nodes", "node-1", {"spec": {"unschedulable": True}})
    taints = lab.get("nodes", "node-1")["spec"]["taints"]
    assert [(t["key"], t["effect"]) for t in taints] == [
        ("node.kubernetes.io/unschedulable", "NoSchedule")
    ]
    lab.patch("nodes", "node-1", {"spec": {"unschedulable": None}})
    assert "taints" not in lab.get("nodes", "node-1")["spec"]
