"""Endpoints and EndpointSlices follow services and the pods behind them."""

from tests.builders import deployment, service
from tests.engine.controllers.lab import Lab


def test_a_service_leads_to_the_ready_pods() -> None:
    lab = Lab()
    lab.create("deployments", deployment("web", 2).build())
    lab.create("services", service("web", 80, app="web").build())
    (slice_,) = [s for s in lab.items("endpointslices") if s["metadata"]["name"] != "kubernetes"]
    assert slice_["metadata"]["labels"]["kubernetes.io/service-name"] == "web"
    assert slice_["ports"] == [{"name": "", "port": 80, "protocol": "TCP"}]
    ips = sorted(pod["status"]["podIP"] for pod in lab.items("pods"))
    assert sorted(e["addresses"][0] for e in slice_["endpoints"]) == ips
    assert all(e["conditions"]["ready"] for e in slice_["endpoints"])
    (subset,) = lab.get("endpoints", "web")["subsets"]
    assert sorted(address["ip"] for address in subset["addresses"]) == ips


def test_a_pod_that_goes_leaves_the_service() -> None:
    lab = Lab()
    lab.create("deployments", deployment("web", 1).build())
    lab.create("services", service("web", 80, app="web").build())
    lab.patch("deployments", "web", {"spec": {"replicas": 0}})
    lab.pass_time(60)
    (slice_,) = [s for s in lab.items("endpointslices") if s["metadata"]["name"] != "kubernetes"]
    assert not slice_.get("endpoints")
    assert "subsets" not in lab.get("endpoints", "web")


def test_a_named_port_leads_to_the_pod_s_own_number() -> None:
    lab = Lab()
    body = deployment("web", 1).build()
    container = body["spec"]["template"]["spec"]["containers"][0]
    container["ports"] = [{"name": "http", "containerPort": 8080}]
    lab.create("deployments", body)
    held = service("web", 80, app="web").build()
    held["spec"]["ports"] = [{"port": 80, "targetPort": "http"}]
    lab.create("services", held)
    (slice_,) = [s for s in lab.items("endpointslices") if s["metadata"]["name"] != "kubernetes"]
    assert slice_["ports"][0]["port"] == 8080


def test_the_endpoints_go_with_the_service() -> None:
    lab = Lab()
    lab.create("deployments", deployment("web", 1).build())
    lab.create("services", service("web", 80, app="web").build())
    lab.delete("services", "web")
    lab.pass_time(5)
    assert "web" not in lab.names("endpoints")
    assert [n for n in lab.names("endpointslices") if n.startswith("web")] == []
