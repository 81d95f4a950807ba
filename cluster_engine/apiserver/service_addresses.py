"""Cluster IPs and node ports: what services have, kept free of collisions.

What is taken follows from the stored services, so a fork needs nothing but its store. Each cluster
IP also has an IPAddress object, which comes and goes with it.

Models: k8s.io/kubernetes/pkg/registry/core/service/{ipallocator,portallocator} (v1.37.2).
"""

from __future__ import annotations

from collections import Counter
from ipaddress import IPv4Address, IPv4Network, ip_address

from cluster_engine.apimachinery.errors import internal
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.time import rfc3339
from cluster_engine.simulation.clock import Clock
from cluster_engine.simulation.randomness import Randomness
from cluster_engine.store.changes import DELETED, Change, Origin
from cluster_engine.store.store import Store

SERVICE_NETWORK = IPv4Network("10.96.0.0/16")
NODE_PORT_MIN, NODE_PORT_MAX = 30000, 32767
#: The first addresses of the range are for those who ask for a certain one.
_STATIC_ADDRESSES = 256
_ADDRESSES = "ipaddresses.networking.k8s.io"
_MANAGER = "ipallocator.k8s.io"

ALLOCATED = "provided port is already allocated"


class AddressRefused(Exception):
    """The address or port cannot be had; `str()` says why in upstream's words."""


class ServiceAddresses:
    """Knows which cluster IPs and node ports of a cluster are taken."""

    def __init__(self, store: Store, clock: Clock, randomness: Randomness) -> None:
        self._store = store
        self._clock = clock
        self._randomness = randomness
        self._addresses: Counter[str] = Counter()
        self._ports: Counter[int] = Counter()
        for record in store.records("services"):
            self._count(record.object, 1)
        store.subscribe(self._receive, "services")

    def check_address(self, text: str) -> None:
        """Raises AddressRefused when a service may not have that cluster IP."""
        try:
            address = ip_address(text)
        except ValueError:
            raise AddressRefused(f'failed to parse service IP "{text}"') from None
        if not isinstance(address, IPv4Address) or address not in SERVICE_NETWORK:
            raise AddressRefused(
                f"the provided IP ({text}) is not in the valid range. The range of valid IPs is "
                f"{SERVICE_NETWORK}"
            )
        if self._addresses[str(address)]:
            raise AddressRefused("provided IP is already allocated")

    def next_address(self) -> str:
        """A free cluster IP, any of them."""
        first = int(SERVICE_NETWORK.network_address)
        size = SERVICE_NETWORK.num_addresses
        stream = self._randomness.stream("cluster ips")
        start = stream.randrange(_STATIC_ADDRESSES, size - 1)
        for step in range(size):
            offset = 1 + (start - 1 + step) % (size - 2)
            text = str(IPv4Address(first + offset))
            if not self._addresses[text]:
                return text
        raise internal("failed to allocate a serviceIP: range is full")

    def check_port(self, port: int) -> None:
        """Raises AddressRefused when a service may not have that node port."""
        if not NODE_PORT_MIN <= port <= NODE_PORT_MAX:
            raise AddressRefused(
                "provided port is not in the valid range. The range of valid ports is "
                f"{NODE_PORT_MIN}-{NODE_PORT_MAX}"
            )
        if self._ports[port]:
            raise AddressRefused(ALLOCATED)

    def next_port(self, taken: set[int]) -> int:
        """A free node port, any of them, but none of `taken`."""
        stream = self._randomness.stream("node ports")
        start = stream.randrange(NODE_PORT_MIN, NODE_PORT_MAX + 1)
        size = NODE_PORT_MAX - NODE_PORT_MIN + 1
        for step in range(size):
            port = NODE_PORT_MIN + (start - NODE_PORT_MIN + step) % size
            if not self._ports[port] and port not in taken:
                return port
        raise internal("failed to allocate a nodePort: range is full")

    def follow(self, old: Object | None, new: Object | None, origin: Origin) -> None:
        """Bring the IPAddress objects in line after a service was written."""
        before, after = _addresses_of(old), _addresses_of(new)
        store, now_ms = self._store, self._clock.now_ms
        for text in before:
            record = store.get(_ADDRESSES, "", text) if text not in after else None
            if record is not None:
                store.delete(_ADDRESSES, record, origin, time_ms=now_ms)
        for text in after:
            if text not in before and new is not None and store.get(_ADDRESSES, "", text) is None:
                body = self._address(text, new)
                store.put(_ADDRESSES, body, origin, time_ms=now_ms, expected=None)

    def _address(self, text: str, service: Object) -> Object:
        metadata = service["metadata"]
        labels = {
            "ipaddress.kubernetes.io/ip-family": "IPv4",
            "ipaddress.kubernetes.io/managed-by": _MANAGER,
        }
        parent = {
            "resource": "services",
            "namespace": metadata["namespace"],
            "name": metadata["name"],
        }
        return {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "IPAddress",
            "metadata": {
                "name": text,
                "uid": self._randomness.uid(),
                "resourceVersion": "",
                "creationTimestamp": rfc3339(self._clock.now_ms),
                "labels": labels,
            },
            "spec": {"parentRef": parent},
        }

    def _receive(self, change: Change) -> None:
        if change.previous is not None:
            self._count(change.previous.object, -1)
        if change.type != DELETED:
            self._count(change.object, 1)

    def _count(self, service: Object, step: int) -> None:
        for text in _addresses_of(service):
            self._addresses[text] += step
        for port in node_ports_of(service):
            self._ports[port] += step


def _addresses_of(service: Object | None) -> list[str]:
    if service is None:
        return []
    spec = service.get("spec") or {}
    texts = spec.get("clusterIPs") or [spec.get("clusterIP")]
    return [text for text in texts if text and text != "None"]


def node_ports_of(service: Object) -> set[int]:
    """The node ports that a service has, the one for health checks too."""
    spec = service.get("spec") or {}
    ports = {port["nodePort"] for port in spec.get("ports") or () if port.get("nodePort")}
    if spec.get("healthCheckNodePort"):
        ports.add(spec["healthCheckNodePort"])
    return ports
