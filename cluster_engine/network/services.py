"""Service addresses: which endpoint a connection to a ClusterIP or NodePort reaches.

Reads Services, EndpointSlices and Nodes through informers and keeps nothing but their indexes; the
fabric asks at each connection.

Models: pkg/proxy/iptables (v1.37.2): a random ready endpoint, terminating but serving ones when
there is no ready one, refusal when there is none; session affinity, local traffic policies.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import NamedTuple

from cluster_engine.apimachinery.objects import Object
from cluster_engine.client.informer import Informers
from cluster_engine.network.addresses import API_SERVER_IP, API_SERVER_PORT
from cluster_engine.simulation.randomness import Randomness

SLICES = "endpointslices.discovery.k8s.io"
SERVICE_NAME_LABEL = "kubernetes.io/service-name"
_BY_ADDRESS = "network.address"
_BY_NODE_PORT = "network.nodePort"
_BY_SERVICE = "network.service"


class Endpoint(NamedTuple):
    """One address behind a service port."""

    ip: str
    port: int
    node: str


class Services:
    """The cluster's services as the nodes' packet filters know them."""

    def __init__(self, informers: Informers, randomness: Randomness) -> None:
        self._services = informers.of("services")
        self._slices = informers.of(SLICES)
        self._services.add_index(_BY_ADDRESS, service_addresses)
        self._services.add_index(_BY_NODE_PORT, _node_ports)
        self._slices.add_index(_BY_SERVICE, _service_of)
        self._randomness = randomness

    def at(self, ip: str, port: int) -> tuple[Object, Object] | None:
        """The service and its port record at a ClusterIP, external or load balancer address."""
        for service in self._services.by_index(_BY_ADDRESS, ip):
            for record in service["spec"].get("ports") or ():
                if record["port"] == port:
                    return service, record
        return None

    def by_address(self, ip: str) -> list[Object]:
        """The services that have that address."""
        return self._services.by_index(_BY_ADDRESS, ip)

    def at_node_port(self, port: int) -> tuple[Object, Object] | None:
        """The service and its port record that is open on every node as `port`."""
        for service in self._services.by_index(_BY_NODE_PORT, str(port)):
            for record in service["spec"].get("ports") or ():
                if record.get("nodePort") == port:
                    return service, record
        return None

    def get(self, namespace: str, name: str) -> Object | None:
        """The service object, or None."""
        return self._services.get(namespace, name)

    def slices(self, namespace: str, name: str) -> list[Object]:
        """The EndpointSlices of a service."""
        return self._slices.by_index(_BY_SERVICE, f"{namespace}/{name}")

    def pick(
        self, service: Object, record: Object, source_ip: str, node: str = "", policy: str = ""
    ) -> tuple[str, int] | None:
        """The endpoint a new connection goes to; None when the service has none.

        `node` is where the connection enters; it counts when `policy` is Local.
        """
        usable = self.endpoints(service, record)
        if policy == "Local":
            usable = [endpoint for endpoint in usable if endpoint.node == node]
        if not usable:
            return None
        if service["spec"].get("sessionAffinity") == "ClientIP":
            seed = f"{source_ip}/{service['metadata'].get('uid', '')}"
            chosen = usable[zlib.crc32(seed.encode()) % len(usable)]
        elif len(usable) == 1:
            chosen = usable[0]
        else:
            chosen = usable[self._randomness.stream("network").randrange(len(usable))]
        return chosen.ip, chosen.port

    def endpoints(self, service: Object, record: Object) -> list[Endpoint]:
        """The endpoints in use for that port, by address."""
        metadata = service["metadata"]
        ready: set[Endpoint] = set()
        serving: set[Endpoint] = set()
        for piece in self.slices(metadata["namespace"], metadata["name"]):
            number = _slice_port(piece, record.get("name") or "")
            if number is None:
                continue
            for address, endpoint in _addresses(piece):
                conditions = endpoint.get("conditions") or {}
                found = Endpoint(address, number, endpoint.get("nodeName") or "")
                if conditions.get("ready") is not False:
                    ready.add(found)
                elif conditions.get("serving") and conditions.get("terminating"):
                    serving.add(found)
        if not ready and not serving and _is_api_service(service):
            return [Endpoint(API_SERVER_IP, API_SERVER_PORT, "")]
        return sorted(ready or serving)


def service_addresses(service: Object) -> list[str]:
    """Every address at which the service is reached inside the cluster."""
    spec = service["spec"]
    found = [ip for ip in spec.get("clusterIPs") or () if ip and ip != "None"]
    alone = spec.get("clusterIP")
    if alone and alone != "None" and alone not in found:
        found.append(alone)
    found.extend(spec.get("externalIPs") or ())
    balancer = (service.get("status") or {}).get("loadBalancer") or {}
    found.extend(entry["ip"] for entry in balancer.get("ingress") or () if entry.get("ip"))
    return found


def _is_api_service(service: Object) -> bool:
    """Whether it is default/kubernetes, which leads to the API server even without endpoints."""
    metadata = service["metadata"]
    return bool(metadata["name"] == "kubernetes" and metadata["namespace"] == "default")


def _node_ports(service: Object) -> list[str]:
    ports = service["spec"].get("ports") or ()
    return [str(record["nodePort"]) for record in ports if record.get("nodePort")]


def _service_of(piece: Object) -> list[str]:
    metadata = piece["metadata"]
    name = (metadata.get("labels") or {}).get(SERVICE_NAME_LABEL)
    return [f"{metadata['namespace']}/{name}"] if name else []


def _slice_port(piece: Object, name: str) -> int | None:
    for record in piece.get("ports") or ():
        if (record.get("name") or "") == name:
            number: int | None = record.get("port")
            return number
    return None


def _addresses(piece: Object) -> Iterator[tuple[str, Object]]:
    for endpoint in piece.get("endpoints") or ():
        for address in endpoint.get("addresses") or ():
            yield address, endpoint
