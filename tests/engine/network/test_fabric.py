"""Who reaches whom."""

import pytest

from cluster_engine.network.connection import CLIENT, SERVER, Handler, NetworkError
from tests.engine.network.network_builders import World, endpoint


@pytest.fixture
def world():
    world = World()
    world.fabric.add_node("a")
    world.fabric.add_node("b")
    return world


def web(world, name="web", node="a", port=8080, is_http=True):
    ip = world.fabric.add_pod(node, "default", name)
    world.fabric.listen(ip, port, Handler("kernel", name, is_http))
    return ip


def test_a_pod_is_reached_at_its_own_address(world):
    ip = web(world)
    other = world.fabric.add_pod("b", "default", "client")
    status, _, body = world.fabric.http(other, ip, 8080, "GET", "/x?y=1")
    assert (status, body) == (200, b"web GET /x?y=1")


def test_localhost_is_the_pod_itself(world):
    ip = web(world)
    assert world.fabric.http(ip, "localhost", 8080, "GET", "/")[2] == b"web GET /"


@pytest.mark.parametrize(
    ("host", "port", "kind"),
    [
        ("10.244.0.2", 81, "connection refused"),
        ("10.244.9.9", 80, "timeout"),
        ("nobody", 80, "no such host"),
        ("empty", 80, "connection refused"),
    ],
    ids=[
        "a closed port refuses",
        "an address nobody has times out",
        "an unknown name is no host",
        "a service without endpoints refuses",
    ],
)
def test_failures(world, host, port, kind):
    web(world)
    world.service("empty")
    client = world.fabric.add_pod("b", "default", "client")
    with pytest.raises(NetworkError) as failure:
        world.fabric.http(client, host, port, "GET", "/")
    assert failure.value.kind == kind


def test_a_service_leads_to_its_ready_endpoints(world):
    one, two = web(world, "one"), web(world, "two")
    world.service("web")
    world.endpoints("web", endpoint(one), endpoint(two, ready=False))
    client = world.fabric.add_pod("b", "default", "client")
    bodies = {world.fabric.http(client, "web", 80, "GET", "/")[2] for _ in range(10)}
    assert bodies == {b"one GET /"}


def test_connections_are_spread_and_the_seed_decides(world):
    ips = [web(world, name) for name in ("one", "two", "three")]
    world.service("web")
    world.endpoints("web", *(endpoint(ip) for ip in ips))
    client = world.fabric.add_pod("b", "default", "client")
    seen = [world.fabric.route("10.96.0.50", 80, client)[0] for _ in range(40)]
    assert set(seen) == set(ips)
    again = World()
    again.service("web")
    again.endpoints("web", *(endpoint(ip) for ip in ips))
    assert [again.fabric.route("10.96.0.50", 80, client)[0] for _ in range(40)] == seen


def test_session_affinity_keeps_a_client_at_one_endpoint(world):
    ips = [web(world, name) for name in ("one", "two", "three")]
    world.service("web", sessionAffinity="ClientIP")
    world.endpoints("web", *(endpoint(ip) for ip in ips))
    assert len({world.fabric.route("10.96.0.50", 80, "10.244.1.2") for _ in range(20)}) == 1


def test_a_terminating_endpoint_serves_when_no_other_does(world):
    ip = web(world)
    world.service("web")
    leaving = endpoint(ip, ready=False)
    leaving["conditions"] = {"ready": False, "serving": True, "terminating": True}
    world.endpoints("web", leaving)
    assert world.fabric.route("10.96.0.50", 80) == (ip, 8080)


def test_a_node_port_is_open_on_every_node(world):
    ip = web(world)
    world.service("web", ports=[{"port": 80, "nodePort": 30080}], type="NodePort")
    world.endpoints("web", endpoint(ip))
    for node in ("172.18.0.3", "172.18.0.4"):
        assert world.fabric.route(node, 30080) == (ip, 8080)


def test_a_local_node_port_needs_an_endpoint_on_that_node(world):
    ip = web(world)
    ports = [{"port": 80, "nodePort": 30080}]
    world.service("web", ports=ports, type="NodePort", externalTrafficPolicy="Local")
    world.endpoints("web", endpoint(ip, node="a"))
    assert world.fabric.route("172.18.0.3", 30080) == (ip, 8080)
    assert world.fabric.route("172.18.0.4", 30080) is None


def test_a_host_port_leads_to_its_pod(world):
    ip = web(world)
    world.fabric.map_port("172.18.0.3", 8888, ip, 8080)
    assert world.fabric.http("172.18.0.4", "172.18.0.3", 8888, "GET", "/")[0] == 200
    world.fabric.remove_pod("a", ip)
    with pytest.raises(NetworkError):
        world.fabric.check("172.18.0.4", "172.18.0.3", 8888)


def test_a_cut_node_times_out_from_outside_and_talks_to_itself(world):
    ip = web(world)
    near = world.fabric.add_pod("a", "default", "near")
    far = world.fabric.add_pod("b", "default", "far")
    world.fabric.set_reachable("a", False)
    world.fabric.check(near, ip, 8080)
    with pytest.raises(NetworkError) as failure:
        world.fabric.check(far, ip, 8080)
    assert failure.value.kind == "timeout"
    world.fabric.set_reachable("a", True)
    world.fabric.check(far, ip, 8080)


def test_a_port_is_taken_once(world):
    ip = web(world)
    assert not world.fabric.listen(ip, 8080, Handler("kernel", "other"))
    assert [port for port, _ in world.fabric.listening(ip)] == [8080]
    world.fabric.unlisten(ip, 8080)
    assert world.fabric.listening(ip) == []


def test_bytes_go_both_ways_and_the_ends_are_told(world):
    ip = web(world, is_http=False)
    client = world.fabric.add_pod("b", "default", "client")
    connections = world.fabric.connections
    opened = world.fabric.connect(client, ip, 8080)
    assert world.echo.accepted == [("web", opened.id)]
    assert connections.receive(opened.id, SERVER) is None
    assert connections.send(opened.id, CLIENT, b"ping") == 4
    assert world.echo.told == [(opened.id, SERVER)]
    assert connections.receive(opened.id, SERVER) == b"ping"
    connections.send(opened.id, SERVER, b"pong")
    connections.finish(opened.id, SERVER)
    assert connections.receive(opened.id, CLIENT) == b"pong"
    assert connections.receive(opened.id, CLIENT) == b""
    connections.close(opened.id, CLIENT)
    assert connections.is_broken(opened.id, SERVER)
    assert connections.send(opened.id, SERVER, b"late") == 0
    connections.close(opened.id, SERVER)
    assert connections.get(opened.id) is None


def test_a_buffer_takes_a_megabyte_and_no_more(world):
    ip = web(world, is_http=False)
    opened = world.fabric.connect("172.18.0.4", ip, 8080)
    assert world.fabric.connections.send(opened.id, CLIENT, b"x" * 2_000_000) == 1024 * 1024
    assert world.fabric.connections.send(opened.id, CLIENT, b"x") == 0


def test_http_over_a_stream_is_answered_request_by_request(world):
    ip = web(world)
    connections = world.fabric.connections
    opened = world.fabric.connect("172.18.0.4", ip, 8080)
    connections.send(opened.id, CLIENT, b"GET /a HTTP/1.1\r\nHost: x\r\n\r\nPOST /b HTTP/1.1\r\n")
    connections.send(opened.id, CLIENT, b"Content-Length: 2\r\nConnection: close\r\n\r\nhi")
    text = connections.receive(opened.id, CLIENT).decode()
    assert text.count("HTTP/1.1 200 OK") == 2
    assert "web GET /a" in text and "web POST /b" in text
    assert connections.receive(opened.id, CLIENT) == b""


def test_rubbish_instead_of_http_is_a_bad_request(world):
    ip = web(world)
    opened = world.fabric.connect("172.18.0.4", ip, 8080)
    world.fabric.connections.send(opened.id, CLIENT, b"what?\r\n\r\n")
    assert world.fabric.connections.receive(opened.id, CLIENT).startswith(
        b"HTTP/1.1 400 Bad Request"
    )


def test_a_gone_pod_ends_its_connections(world):
    ip = web(world, is_http=False)
    opened = world.fabric.connect("172.18.0.4", ip, 8080)
    world.fabric.remove_pod("a", ip)
    assert world.fabric.connections.receive(opened.id, CLIENT) == b""
    assert world.fabric.host(ip) is None


def test_a_copy_has_its_own_connections_and_listeners(world):
    ip = web(world, is_http=False)
    opened = world.fabric.connect("172.18.0.4", ip, 8080)
    world.fabric.connections.send(opened.id, CLIENT, b"kept")
    twin = World()
    twin.fabric.restore(world.fabric.state())
    twin.fabric.unlisten(ip, 8080)
    assert twin.fabric.connections.receive(opened.id, SERVER) == b"kept"
    assert world.fabric.connections.receive(opened.id, SERVER) == b"kept"
    assert world.fabric.listening(ip) and not twin.fabric.listening(ip)


def test_the_api_service_leads_to_the_api_server(world):
    world.service("kubernetes", "10.96.0.1", ports=[{"port": 443}])
    world.fabric.listen("172.18.0.2", 6443, Handler("kernel", "api", True))
    pod = world.fabric.add_pod("a", "default", "client")
    assert world.fabric.http(pod, "kubernetes", 443, "GET", "/version")[2] == b"api GET /version"


def test_a_machine_outside_the_cluster_reaches_itself(world):
    world.fabric.listen("172.18.0.1", 8080, Handler("kernel", "console", True))
    assert world.fabric.http("172.18.0.1", "localhost", 8080, "GET", "/")[0] == 200


def test_a_port_can_take_both_requests_and_byte_streams(world):
    ip = world.fabric.add_pod("a", "default", "both")
    world.fabric.listen(ip, 80, Handler("kernel", "both", is_http=True, takes_streams=True))
    assert world.fabric.http(ip, ip, 80, "GET", "/")[0] == 200
    connection = world.fabric.connect(ip, ip, 80)
    world.fabric.connections.send(connection.id, CLIENT, b"bytes")
    assert world.fabric.connections.receive(connection.id, SERVER) == b"bytes"
