"""Network policies: whether a pod may talk to another.

Asked by the fabric for each new connection, and for names (which pods ask of the DNS service). What
is not allowed is dropped, so the caller times out. What comes from nodes is never asked about: the
kubelet's probes must pass.

Models: the NetworkPolicy API as kindnet enforces it (kube-network-policies).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.selectors import from_label_selector
from cluster_engine.client.informer import Informers
from cluster_engine.network.addresses import CLUSTER_DNS_IP, to_int

POLICIES = "networkpolicies.networking.k8s.io"
_BY_NAMESPACE = "network.namespace"
DNS_PORT = 53


@dataclass(frozen=True, slots=True)
class Peer:
    """One side of a connection: a pod, or an address that is none."""

    ip: str
    namespace: str = ""
    labels: dict[str, str] = field(default_factory=dict)
    is_pod: bool = False
    #: Port names of the pod, for rules that use them.
    ports: dict[str, int] = field(default_factory=dict)


#: The DNS servers, as policies see them.
DNS = Peer(CLUSTER_DNS_IP, "kube-system", {"k8s-app": "kube-dns"}, True)


class Policies:
    """All network policies of a cluster."""

    def __init__(self, informers: Informers) -> None:
        self._policies = informers.of(POLICIES)
        self._policies.add_index(_BY_NAMESPACE, lambda obj: (obj["metadata"]["namespace"],))
        self._namespaces = informers.of("namespaces")

    def concern(self, *namespaces: str) -> bool:
        """Whether there are policies in any of those namespaces."""
        return any(self._policies.by_index(_BY_NAMESPACE, name) for name in namespaces if name)

    def allow(self, source: Peer, target: Peer, port: int, protocol: str = "TCP") -> bool:
        """Whether `source` may connect to that port of `target`."""
        if source.ip == target.ip:
            return True
        return self._allows("Egress", source, target, target, port, protocol) and self._allows(
            "Ingress", target, source, target, port, protocol
        )

    def _allows(
        self, way: str, subject: Peer, other: Peer, target: Peer, port: int, protocol: str
    ) -> bool:
        """Whether the policies about `subject` let the connection with `other` pass."""
        if not subject.is_pod:
            return True
        rules = list(self._rules(way, subject))
        if not rules:
            return True
        peers_field = "to" if way == "Egress" else "from"
        return any(
            rule is not None
            and self._matches_peers(rule.get(peers_field), subject.namespace, other)
            and _matches_ports(rule.get("ports"), target, port, protocol)
            for rule in rules
        )

    def _rules(self, way: str, subject: Peer) -> Iterator[Object | None]:
        """The rules that count for `subject`; a policy without rules gives None."""
        for policy in self._policies.by_index(_BY_NAMESPACE, subject.namespace):
            spec = policy["spec"]
            types = spec.get("policyTypes") or (
                ["Ingress", "Egress"] if "egress" in spec else ["Ingress"]
            )
            if way not in types:
                continue
            if not from_label_selector(spec.get("podSelector") or {}).matches(subject.labels):
                continue
            yield None
            yield from spec.get(way.lower()) or ()

    def _matches_peers(self, peers: list[Object] | None, namespace: str, other: Peer) -> bool:
        if not peers:
            return True
        return any(self._matches_peer(peer, namespace, other) for peer in peers)

    def _matches_peer(self, peer: Object, namespace: str, other: Peer) -> bool:
        block = peer.get("ipBlock")
        if block is not None:
            excluded = block.get("except") or ()
            return is_within(other.ip, block["cidr"]) and not any(
                is_within(other.ip, cidr) for cidr in excluded
            )
        if not other.is_pod:
            return False
        of_namespaces = peer.get("namespaceSelector")
        if of_namespaces is None:
            if other.namespace != namespace:
                return False
        elif not from_label_selector(of_namespaces).matches(self._labels(other.namespace)):
            return False
        of_pods = peer.get("podSelector")
        return of_pods is None or from_label_selector(of_pods).matches(other.labels)

    def _labels(self, namespace: str) -> dict[str, str]:
        found = self._namespaces.get("", namespace)
        labels: dict[str, str] = (found or {"metadata": {}})["metadata"].get("labels") or {}
        return labels


def is_within(ip: str, cidr: str) -> bool:
    """Whether an address lies in a range."""
    base, _, length = cidr.partition("/")
    try:
        shift = 32 - int(length or 32)
        return to_int(ip) >> shift == to_int(base) >> shift
    except ValueError:
        return False


def _matches_ports(ports: list[Object] | None, target: Peer, port: int, protocol: str) -> bool:
    if not ports:
        return True
    return any(_matches_port(entry, target, port, protocol) for entry in ports)


def _matches_port(entry: Object, target: Peer, port: int, protocol: str) -> bool:
    if (entry.get("protocol") or "TCP") != protocol:
        return False
    wanted = entry.get("port")
    if wanted is None:
        return True
    if isinstance(wanted, str) and not wanted.isdecimal():
        return target.ports.get(wanted) == port
    last = entry.get("endPort") or wanted
    return int(wanted) <= port <= int(last)
