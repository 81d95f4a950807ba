"""Network policies."""

import pytest

from cluster_engine.network.connection import Handler, NetworkError
from cluster_engine.network.policy import is_within
from tests.engine.network.network_builders import World

DENY_ALL = {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
FROM_FRIEND = {"podSelector": {"matchLabels": {"app": "friend"}}}
FROM_SHOP = {"namespaceSelector": {"matchLabels": {"team": "shop"}}}


@pytest.fixture
def world():
    """web in default, friend and stranger beside it, guest in shop."""
    world = World()
    world.fabric.add_node("a")
    world.ips = {}
    world.put("namespaces", {"metadata": {"name": "default", "labels": {"team": "main"}}})
    world.put("namespaces", {"metadata": {"name": "shop", "labels": {"team": "shop"}}})
    for name, namespace in (
        ("web", "default"),
        ("friend", "default"),
        ("stranger", "default"),
        ("guest", "shop"),
    ):
        ports = [{"name": "http", "containerPort": 80}]
        metadata = {"name": name, "namespace": namespace, "labels": {"app": name}}
        spec = {"containers": [{"name": "main", "ports": ports}]}
        world.put("pods", {"metadata": metadata, "spec": spec})
        ip = world.ips[name] = world.fabric.add_pod("a", namespace, name)
        world.fabric.listen(ip, 80, Handler("kernel", name, True))
        world.fabric.listen(ip, 81, Handler("kernel", name, True))
    return world


def policy(world, spec, name="p", namespace="default"):
    metadata = {"name": name, "namespace": namespace}
    world.put("networkpolicies.networking.k8s.io", {"metadata": metadata, "spec": spec})


def reaches(world, source, target="web", port=80):
    try:
        world.fabric.check(world.ips[source], world.ips[target], port)
    except NetworkError as error:
        assert error.kind == "timeout"
        return False
    return True


def ingress(*peers, ports=None):
    rule = {"from": list(peers)} if peers else {}
    if ports is not None:
        rule["ports"] = ports
    return {"podSelector": {"matchLabels": {"app": "web"}}, "ingress": [rule]}


@pytest.mark.parametrize(
    ("spec", "allowed"),
    [
        (None, {"friend", "stranger", "guest"}),
        (DENY_ALL, set()),
        ({"podSelector": {"matchLabels": {"app": "web"}}, "policyTypes": ["Ingress"]}, set()),
        (ingress(), {"friend", "stranger", "guest"}),
        (ingress(FROM_FRIEND), {"friend"}),
        (ingress({"podSelector": {}}), {"friend", "stranger"}),
        (ingress(FROM_SHOP), {"guest"}),
        (ingress({**FROM_SHOP, **FROM_FRIEND}), set()),
        (ingress(FROM_SHOP, FROM_FRIEND), {"guest", "friend"}),
        (ingress(ports=[{"port": 81}]), set()),
        (ingress(ports=[{"port": 70, "endPort": 90}]), {"friend", "stranger", "guest"}),
        (ingress(FROM_FRIEND, ports=[{"port": "http"}]), {"friend"}),
        (
            ingress({"ipBlock": {"cidr": "10.244.0.0/24", "except": ["10.244.0.3/32"]}}),
            {"stranger", "guest"},
        ),
    ],
    ids=[
        "no policy",
        "everything denied",
        "ingress denied by a policy without rules",
        "an empty rule allows all",
        "pods of the same namespace by label",
        "all pods of the namespace",
        "all pods of other namespaces by label",
        "both at once must match",
        "either of two peers",
        "another port",
        "a range of ports",
        "a port by its name",
        "addresses with an exception",
    ],
)
def test_who_reaches_the_web_pod(world, spec, allowed):
    if spec is not None:
        policy(world, spec)
    assert {name for name in ("friend", "stranger", "guest") if reaches(world, name)} == allowed


def test_rules_of_several_policies_add_up(world):
    policy(world, ingress(FROM_FRIEND), "one")
    policy(world, ingress(FROM_SHOP), "two")
    assert reaches(world, "friend") and reaches(world, "guest")
    assert not reaches(world, "stranger")


def test_a_policy_is_about_the_pods_it_selects(world):
    policy(world, ingress(FROM_FRIEND))
    assert reaches(world, "stranger", "friend")


def test_egress_is_limited_where_it_begins(world):
    spec = {
        "podSelector": {"matchLabels": {"app": "friend"}},
        "policyTypes": ["Egress"],
        "egress": [{"to": [{"podSelector": {"matchLabels": {"app": "web"}}}]}],
    }
    policy(world, spec)
    assert reaches(world, "friend", "web")
    assert not reaches(world, "friend", "guest")
    assert reaches(world, "stranger", "guest")
    assert reaches(world, "guest", "friend")


def test_without_leave_to_ask_for_names_none_is_found(world):
    world.service("web", "10.96.0.7")
    source = world.ips["friend"]
    assert world.fabric.lookup(source, "web") == "10.96.0.7"
    policy(world, DENY_ALL)
    with pytest.raises(NetworkError) as failure:
        world.fabric.lookup(source, "web")
    assert failure.value.kind == "dns timeout"
    names = {"ports": [{"port": 53, "protocol": "UDP"}]}
    policy(world, {"podSelector": {}, "policyTypes": ["Egress"], "egress": [names]}, "dns")
    assert world.fabric.lookup(source, "web") == "10.96.0.7"


def test_nodes_reach_every_pod(world):
    policy(world, DENY_ALL)
    world.fabric.check("172.18.0.3", world.ips["web"], 80)


def test_a_pod_reaches_itself(world):
    policy(world, DENY_ALL)
    assert reaches(world, "web", "web")


@pytest.mark.parametrize(
    ("ip", "cidr", "expected"),
    [
        ("10.0.0.1", "10.0.0.0/24", True),
        ("10.0.1.1", "10.0.0.0/24", False),
        ("10.0.0.1", "0.0.0.0/0", True),
        ("10.0.0.1", "10.0.0.1/32", True),
        ("10.0.0.1", "::/0", False),
    ],
)
def test_ranges(ip, cidr, expected):
    assert is_within(ip, cidr) is expected
