"""The wire between everything that has an address: who listens, who connects, what a name means.

The kubelets register nodes and pods, the kernel's processes listen and connect, probes, proxies and
port-forwards come from the kubelets. Connections take no virtual time. Parties are wired by name
with `attach`, so the fabric's own state is plain data.

Models: a flat pod network as kind's (kindnet), kube-proxy, CoreDNS.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from cluster_engine.apimachinery.objects import Object
from cluster_engine.client.informer import Informers
from cluster_engine.network.addresses import API_SERVER_IP, Addresses, is_ip
from cluster_engine.network.connection import Connection, Handler, NetworkError, Party
from cluster_engine.network.connections import Connections
from cluster_engine.network.dns import Dns
from cluster_engine.network.http import HttpRequest
from cluster_engine.network.policy import DNS, DNS_PORT, Peer, Policies
from cluster_engine.network.services import Services
from cluster_engine.simulation.randomness import Randomness

_LOCAL = ("localhost", "127.0.0.1", "::1", "0.0.0.0")


@dataclass(frozen=True, slots=True)
class Host:
    """What has an address: a pod, or a node itself (then `pod` is empty)."""

    node: str
    namespace: str = "default"
    pod: str = ""


class Fabric:
    """The network of one cluster. A component that is never woken: it is copied with the rest."""

    name = "network"

    def __init__(self, informers: Informers, randomness: Randomness) -> None:
        self.addresses = Addresses()
        self.services = Services(informers, randomness)
        self.dns = Dns(informers, self.services)
        self.policies = Policies(informers)
        self._pods = informers.of("pods")
        self._parties: dict[str, Party] = {}
        self._hosts: dict[str, Host] = {API_SERVER_IP: Host("")}
        self._listeners: dict[str, dict[int, Handler]] = {}
        #: Ports of a node that lead to a pod (`hostPort`).
        self._host_ports: dict[tuple[str, int], tuple[str, int]] = {}
        self.connections = Connections(self._parties.get)
        #: Nodes cut off from the network.
        self._unreachable: set[str] = set()
        #: Addresses cut off, each on its own.
        self._cut: set[str] = set()
        #: No name is resolved, whatever the DNS service is like.
        self.is_dns_down = False

    # Wiring

    def attach(self, name: str, party: Party) -> None:
        """Let `party` answer for handlers and hold ends under that name."""
        self._parties[name] = party

    # Hosts

    def add_node(self, node: str, *, ip: str = "", is_control_plane: bool = False) -> str:
        """Give the node its address (see Addresses.add_node); returns it."""
        address = self.addresses.add_node(node, ip=ip, is_control_plane=is_control_plane)
        self._hosts[address] = Host(node)
        return address

    def remove_node(self, node: str) -> None:
        """The node is gone, with every address on it."""
        for ip in [ip for ip, host in self._hosts.items() if host.node == node]:
            self._forget(ip)
        self._unreachable.discard(node)
        self.addresses.remove_node(node)

    def add_pod(self, node: str, namespace: str, pod: str) -> str | None:
        """Give a pod an address on its node; None when the node has none left."""
        ip = self.addresses.take_pod_ip(node)
        if ip is not None:
            self._hosts[ip] = Host(node, namespace, pod)
        return ip

    def hold_pod(self, node: str, namespace: str, pod: str, ip: str) -> None:
        """A pod that has its address already is on that node."""
        self.addresses.hold_pod_ip(node, ip)
        self._hosts[ip] = Host(node, namespace, pod)

    def remove_pod(self, node: str, ip: str) -> None:
        """The pod with that address is gone."""
        self._forget(ip)
        self.addresses.give_back_pod_ip(node, ip)

    def host(self, ip: str) -> Host | None:
        """Who has that address."""
        return self._hosts.get(ip)

    def map_port(self, node_ip: str, host_port: int, ip: str, port: int) -> None:
        """Lead a port of a node to a port of a pod."""
        self._host_ports[node_ip, host_port] = (ip, port)

    def set_reachable(self, node: str, is_reachable: bool) -> None:
        """Cut a node off the network, or join it again."""
        if is_reachable:
            self._unreachable.discard(node)
        else:
            self._unreachable.add(node)

    def set_cut(self, ip: str, is_cut: bool) -> None:
        """Cut one address off the network, or join it again."""
        if is_cut:
            self._cut.add(ip)
        else:
            self._cut.discard(ip)

    # Listening

    def listen(self, ip: str, port: int, handler: Handler) -> bool:
        """Answer at that address; False when the port is taken."""
        ports = self._listeners.setdefault(ip, {})
        if port in ports:
            return False
        ports[port] = handler
        return True

    def unlisten(self, ip: str, port: int) -> None:
        """Answer no more at that address."""
        ports = self._listeners.get(ip)
        if ports is not None:
            ports.pop(port, None)
            if not ports:
                del self._listeners[ip]

    def listening(self, ip: str) -> list[tuple[int, Handler]]:
        """The open ports of an address, by number (for ss and netstat)."""
        return sorted(self._listeners.get(ip, {}).items(), key=lambda item: item[0])

    # Finding

    def resolve(self, name: str, namespace: str = "default") -> list[str]:
        """Addresses of a name as the cluster's DNS knows it; empty when there is none."""
        return self.dns.resolve(name, namespace)

    def lookup(self, source_ip: str, host: str) -> str:
        """The address that a program at `source_ip` reaches as `host`. Raises NetworkError."""
        if host in _LOCAL:
            return source_ip
        if is_ip(host):
            return host
        source = self._hosts.get(source_ip)
        if source is not None and host == source.pod:
            return source_ip
        if source is not None and source.pod and not self._can_ask_dns(source_ip, source):
            raise NetworkError("dns timeout", host)
        found = self.resolve(host, source.namespace if source else "default")
        if not found:
            raise NetworkError("no such host", host)
        return found[0]

    def route(self, ip: str, port: int, source_ip: str = "") -> tuple[str, int] | None:
        """Where a connection to that address really goes; None when a service has no endpoint."""
        found = self.services.at(ip, port)
        if found is not None:
            return self._endpoint(found, source_ip, "internalTrafficPolicy", source_ip)
        host = self._hosts.get(ip)
        if host is None or host.pod:
            return ip, port
        mapped = self._host_ports.get((ip, port))
        if mapped is not None:
            return mapped
        found = self.services.at_node_port(port)
        if found is not None:
            return self._endpoint(found, source_ip, "externalTrafficPolicy", ip)
        return ip, port

    def reach(self, source_ip: str, host: str, port: int) -> tuple[str, int, Handler]:
        """Who answers at `host:port` for a program at `source_ip`. Raises NetworkError."""
        address = f"{host}:{port}"
        ip = self.lookup(source_ip, host)
        target = self.route(ip, port, source_ip)
        if target is None:
            raise NetworkError("connection refused", address)
        self._check_path(source_ip, *target, address)
        handler = self._listeners.get(target[0], {}).get(target[1])
        if handler is None:
            raise NetworkError("connection refused", address)
        return *target, handler

    # Talking

    def check(self, source_ip: str, host: str, port: int) -> None:
        """See whether a connection would be accepted. Raises NetworkError."""
        self.reach(source_ip, host, port)

    def http(
        self,
        source_ip: str,
        host: str,
        port: int,
        method: str,
        path: str,
        headers: dict[str, str] | None = None,
        body: bytes = b"",
    ) -> tuple[int, dict[str, str], bytes]:
        """One HTTP exchange: status, headers, body. Raises NetworkError.

        Only servers that answer whole requests can; one that wants a byte stream times out here.
        """
        ip, real_port, handler = self.reach(source_ip, host, port)
        if not handler.is_http:
            raise NetworkError("timeout", f"{host}:{port}")
        given = {name.lower(): value for name, value in (headers or {}).items()}
        given.setdefault("host", host if port == 80 else f"{host}:{port}")
        request = HttpRequest(method, path, given, body, source_ip, ip, real_port)
        reply = self._parties[handler.party].answer(handler.key, request)
        if reply is None:
            raise NetworkError("connection refused", f"{host}:{port}")
        return reply.status, reply.headers, b"" if method == "HEAD" else reply.body

    def connect(self, source_ip: str, host: str, port: int, party: str = "kernel") -> Connection:
        """Open a byte stream; `party` holds the client's end. Raises NetworkError."""
        ip, real_port, handler = self.reach(source_ip, host, port)
        return self.connections.open(source_ip, ip, real_port, party, handler)

    # Copying

    def wake(self, message: Hashable) -> None:
        """See simulation.component: the network plans nothing."""

    def state(self) -> Any:
        """See simulation.component."""
        return (
            self.addresses.copy(),
            dict(self._hosts),
            {ip: dict(ports) for ip, ports in self._listeners.items()},
            dict(self._host_ports),
            self.connections.state(),
            sorted(self._unreachable),
            (sorted(self._cut), self.is_dns_down),
        )

    def restore(self, state: Any) -> None:
        """See simulation.component."""
        addresses, hosts, listeners, host_ports, connections, unreachable, broken = state
        self.addresses = addresses.copy()
        self._hosts = dict(hosts)
        self._listeners = {ip: dict(ports) for ip, ports in listeners.items()}
        self._host_ports = dict(host_ports)
        self.connections.restore(connections)
        self._unreachable = set(unreachable)
        self._cut, self.is_dns_down = set(broken[0]), broken[1]

    def _endpoint(
        self, found: tuple[Object, Object], source_ip: str, policy: str, entry_ip: str
    ) -> tuple[str, int] | None:
        service, record = found
        host = self._hosts.get(entry_ip)
        word = service["spec"].get(policy) or ""
        return self.services.pick(service, record, source_ip, host.node if host else "", word)

    def _check_path(self, source_ip: str, ip: str, port: int, address: str) -> None:
        if source_ip == ip:
            # Every machine reaches itself, the console's too, which is no host of the cluster.
            return
        target = self._hosts.get(ip)
        if target is None:
            raise NetworkError("timeout", address)
        source = self._hosts.get(source_ip)
        if self._cut and not self._cut.isdisjoint((ip, source_ip)):
            raise NetworkError("timeout", address)
        if self._unreachable:
            nodes = {target.node, source.node if source else ""}
            if len(nodes) > 1 and not self._unreachable.isdisjoint(nodes):
                raise NetworkError("timeout", address)
        if source is None or not source.pod:
            return
        if self.policies.concern(source.namespace, target.namespace if target.pod else ""):
            ends = self._peer(source_ip, source), self._peer(ip, target)
            if not self.policies.allow(*ends, port):
                raise NetworkError("timeout", address)

    def _can_ask_dns(self, ip: str, host: Host) -> bool:
        if self.is_dns_down or ip in self._cut or not self.dns.is_up():
            return False
        if not self.policies.concern(host.namespace):
            return True
        return self.policies.allow(self._peer(ip, host), DNS, DNS_PORT, "UDP")

    def _peer(self, ip: str, host: Host) -> Peer:
        pod = self._pods.get(host.namespace, host.pod) if host.pod else None
        if pod is None:
            return Peer(ip)
        names = {
            port["name"]: port["containerPort"]
            for container in pod["spec"]["containers"]
            for port in container.get("ports") or ()
            if port.get("name")
        }
        return Peer(ip, host.namespace, pod["metadata"].get("labels") or {}, True, names)

    def _forget(self, ip: str) -> None:
        self._cut.discard(ip)
        self._hosts.pop(ip, None)
        self._listeners.pop(ip, None)
        for key in [key for key, to in self._host_ports.items() if ip in (to[0], key[0])]:
            del self._host_ports[key]
        self.connections.drop_address(ip)
