"""Names as pods see them."""

import pytest

from tests.engine.network.network_builders import World, endpoint


@pytest.fixture
def world():
    world = World()
    world.service("web")
    world.service("kubernetes", "10.96.0.1")
    world.service("db", "None", "shop", clusterIPs=["None"])
    world.endpoints(
        "db",
        endpoint("10.244.0.7", hostname="db-0"),
        endpoint("10.244.0.8", hostname="db-1"),
        endpoint("10.244.0.9", ready=False),
        namespace="shop",
    )
    world.service(
        "alias",
        "",
        clusterIPs=[],
        type="ExternalName",
        externalName="web.default.svc.cluster.local",
    )
    return world


@pytest.mark.parametrize(
    ("name", "namespace", "expected"),
    [
        ("web", "default", ["10.96.0.50"]),
        ("web", "shop", []),
        ("web.default", "shop", ["10.96.0.50"]),
        ("WEB.default.svc", "shop", ["10.96.0.50"]),
        ("web.default.svc.cluster.local", "shop", ["10.96.0.50"]),
        ("web.default.svc.cluster.local.", "shop", ["10.96.0.50"]),
        ("kubernetes.default", "shop", ["10.96.0.1"]),
        ("db", "shop", ["10.244.0.7", "10.244.0.8"]),
        ("db-1.db", "shop", ["10.244.0.8"]),
        ("db-9.db", "shop", []),
        ("10-244-0-7.shop.pod", "default", ["10.244.0.7"]),
        ("alias", "default", ["10.96.0.50"]),
        ("10.1.2.3", "default", ["10.1.2.3"]),
        ("example.com", "default", []),
    ],
    ids=[
        "a service by its name",
        "not from another namespace",
        "with its namespace",
        "in any case, with svc",
        "in full",
        "absolute",
        "the API server",
        "a headless service is its ready pods",
        "a pod of a headless service by hostname",
        "no such pod",
        "a pod by its address",
        "an alias of another service",
        "an address is itself",
        "nothing outside the cluster",
    ],
)
def test_resolve(world, name, namespace, expected):
    assert world.fabric.resolve(name, namespace) == expected


def test_pods_ask_the_dns_service(world):
    assert world.fabric.dns.is_up()
    ports = [{"port": 53, "name": "dns"}]
    selector = {"k8s-app": "kube-dns"}
    world.service("kube-dns", "10.96.0.10", "kube-system", ports=ports, selector=selector)
    assert not world.fabric.dns.is_up()
    ready = endpoint("10.244.0.5")
    world.endpoints("kube-dns", ready, port=53, port_name="dns", namespace="kube-system")
    assert world.fabric.dns.is_up()


def test_names_back_and_in_full(world):
    assert world.fabric.dns.reverse("10.96.0.50") == "web.default.svc.cluster.local"
    assert world.fabric.dns.full_name("web") == "web.default.svc.cluster.local"


def test_aliases_of_each_other_end(world):
    world.service(
        "a", "", clusterIPs=[], type="ExternalName", externalName="b.default.svc.cluster.local"
    )
    world.service(
        "b", "", clusterIPs=[], type="ExternalName", externalName="a.default.svc.cluster.local"
    )
    assert world.fabric.resolve("a") == []
