"""Addresses and ports of services."""

from typing import Any

import pytest

from tests.engine.apiserver.served import SERVICES, Answer, Served


def create(served: Served, name: str, **spec: Any) -> Answer:
    body = {"metadata": {"name": name}, "spec": {"ports": [{"port": 80}], **spec}}
    return served.post(SERVICES, body)


def test_services_get_an_address(served: Served) -> None:
    spec = create(served, "a").body["spec"]
    assert spec["clusterIP"].startswith("10.96.")
    assert spec["clusterIPs"] == [spec["clusterIP"]]
    assert (spec["ipFamilies"], spec["ipFamilyPolicy"]) == (["IPv4"], "SingleStack")
    addresses = "/apis/networking.k8s.io/v1/ipaddresses"
    assert spec["clusterIP"] in served.get(addresses).names
    served.delete(f"{SERVICES}/a")
    assert spec["clusterIP"] not in served.get(addresses).names


def test_headless_services_have_none(served: Served) -> None:
    spec = create(served, "a", clusterIP="None", selector={"a": "b"}).body["spec"]
    assert spec["clusterIPs"] == ["None"]


def test_an_address_may_be_asked_for(served: Served) -> None:
    assert create(served, "a", clusterIP="10.96.7.7").body["spec"]["clusterIP"] == "10.96.7.7"
    taken = create(served, "b", clusterIP="10.96.7.7")
    assert taken.status == 422
    assert "failed to allocate IP 10.96.7.7: provided IP is already allocated" in taken.message
    outside = create(served, "c", clusterIP="10.1.1.1")
    assert "is not in the valid range" in outside.message


def test_an_address_stays(served: Served) -> None:
    held = create(served, "a").body["spec"]["clusterIP"]
    kept = served.put(
        f"{SERVICES}/a", {"metadata": {"name": "a"}, "spec": {"ports": [{"port": 81}]}}
    )
    assert kept.body["spec"]["clusterIP"] == held
    refused = served.merge(f"{SERVICES}/a", {"spec": {"clusterIP": "10.96.9.9"}})
    assert refused.status == 422


def test_node_ports_are_given_and_returned(served: Served) -> None:
    ports = [{"name": "a", "port": 80}, {"name": "b", "port": 81, "nodePort": 30007}]
    found = create(served, "a", type="NodePort", ports=ports).body["spec"]["ports"]
    assert 30000 <= found[0]["nodePort"] <= 32767
    assert found[1]["nodePort"] == 30007
    taken = create(served, "b", type="NodePort", ports=[{"port": 80, "nodePort": 30007}])
    assert taken.message.endswith(
        "spec.ports[0].nodePort: Invalid value: 30007: provided port is already allocated"
    )
    changed = served.merge(f"{SERVICES}/a", {"spec": {"type": "ClusterIP"}}).body["spec"]["ports"]
    assert not any("nodePort" in port for port in changed)
    again = create(served, "b", type="NodePort", ports=[{"port": 80, "nodePort": 30007}])
    assert again.status == 201


def test_one_number_for_both_protocols(served: Served) -> None:
    ports = [
        {"name": "a", "port": 53, "protocol": "TCP"},
        {"name": "b", "port": 53, "protocol": "UDP"},
    ]
    found = create(served, "a", type="NodePort", ports=ports).body["spec"]["ports"]
    assert found[0]["nodePort"] == found[1]["nodePort"]


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        pytest.param(
            {"type": "NodePort", "ports": [{"port": 80, "nodePort": 80}]},
            "provided port is not in the valid range. The range of valid ports is 30000-32767",
            id="a low node port",
        ),
        pytest.param(
            {"ipFamilyPolicy": "RequireDualStack"},
            "this cluster is not configured for dual-stack services",
            id="two families",
        ),
        pytest.param({"clusterIP": "abc"}, "must be a valid IP address", id="no address"),
    ],
)
def test_refused(served: Served, spec: dict[str, Any], message: str) -> None:
    answer = create(served, "a", **spec)
    assert answer.status == 422
    assert message in answer.message


def test_load_balancers_that_stay_local_have_a_health_port(served: Served) -> None:
    spec = create(served, "a", type="LoadBalancer", externalTrafficPolicy="Local").body["spec"]
    assert 30000 <= spec["healthCheckNodePort"] <= 32767
