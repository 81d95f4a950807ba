"""Addresses of nodes and pods."""

import pytest

from cluster_engine.network.addresses import API_SERVER_IP, Addresses, Range, is_ip


def test_nodes_get_addresses_in_order_and_keep_them():
    addresses = Addresses()
    assert addresses.add_node("a") == "172.18.0.3"
    assert addresses.add_node("b") == "172.18.0.4"
    assert addresses.add_node("a") == "172.18.0.3"
    assert addresses.add_node("master", is_control_plane=True) == API_SERVER_IP
    assert addresses.add_node("own", ip="10.0.0.9") == "10.0.0.9"


def test_a_freed_node_number_is_used_again():
    addresses = Addresses()
    addresses.add_node("a")
    addresses.add_node("b")
    addresses.remove_node("a")
    assert addresses.add_node("c") == "172.18.0.3"
    assert addresses.pod_cidr("c") == "10.244.0.0/24"
    assert addresses.pod_cidr("b") == "10.244.1.0/24"


def test_each_of_5000_nodes_has_its_own_pod_range():
    addresses = Addresses()
    for number in range(5_000):
        addresses.add_node(f"n{number}")
    ranges = {addresses.pod_cidr(f"n{number}") for number in range(5_000)}
    assert len(ranges) == 5_000
    assert addresses.pod_cidr("n3072") == "10.128.0.0/24"


def test_pod_addresses_go_round_before_one_is_reused():
    addresses = Addresses()
    addresses.add_node("a")
    first = addresses.take_pod_ip("a")
    assert first == "10.244.0.2"
    addresses.give_back_pod_ip("a", first)
    assert addresses.take_pod_ip("a") == "10.244.0.3"


def test_a_full_range_has_no_address_left():
    pool = Range("10.1.2.0/29")
    taken = [pool.take() for _ in range(5)]
    assert taken == ["10.1.2.2", "10.1.2.3", "10.1.2.4", "10.1.2.5", "10.1.2.6"]
    assert pool.take() is None
    pool.give_back("10.1.2.4")
    assert pool.take() == "10.1.2.4"


def test_a_node_takes_pod_addresses_from_its_own_cidr():
    addresses = Addresses()
    addresses.add_node("a")
    addresses.set_pod_cidr("a", "192.168.7.0/24")
    assert addresses.take_pod_ip("a") == "192.168.7.2"
    with pytest.raises(ValueError):
        addresses.set_pod_cidr("b", "not a range")


def test_a_copy_goes_its_own_way():
    addresses = Addresses()
    addresses.add_node("a")
    addresses.take_pod_ip("a")
    twin = addresses.copy()
    assert twin.take_pod_ip("a") == addresses.take_pod_ip("a") == "10.244.0.3"
    twin.add_node("b")
    assert addresses.node_ip("b") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [("10.0.0.1", True), ("256.0.0.1", False), ("1.2.3", False), ("web", False), ("::1", False)],
)
def test_what_counts_as_an_address(text, expected):
    assert is_ip(text) is expected
