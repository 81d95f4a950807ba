"""The objects of a new cluster, put straight into the store.

They are there before the API server answers, as in a real cluster where its start-up hooks write
them. Rules, labels and the like are shared between all clusters of a process.

Models: k8s.io/kubernetes/pkg/controlplane (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Iterator

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.time import rfc3339
from cluster_engine.bootstrap import rbac
from cluster_engine.simulation.randomness import Randomness
from cluster_engine.store.changes import Origin
from cluster_engine.store.store import Store

_ORIGIN = Origin("system:apiserver")
_NAMESPACES = ("default", "kube-system", "kube-public", "kube-node-lease")
API_SERVICE_IP = "10.96.0.1"
DNS_SERVICE_IP = "10.96.0.10"
_PRIORITIES = {
    "system-node-critical": (
        2000001000,
        "Used for system critical pods that must not be moved from their current node.",
    ),
    "system-cluster-critical": (
        2000000000,
        "Used for system critical pods that must run in the cluster, but can be moved to "
        "another node if necessary.",
    ),
}
_ZONE, _REGION = "topology.kubernetes.io/zone", "topology.kubernetes.io/region"


def fill(store: Store, randomness: Randomness, now_ms: int, *, is_api_only: bool) -> None:
    """Write everything a new cluster contains, nodes aside."""
    created = rfc3339(now_ms)
    for resource, body in _all(is_api_only=is_api_only):
        metadata = {**body["metadata"], "uid": randomness.uid(), "creationTimestamp": created}
        store.put(resource, {**body, "metadata": metadata}, _ORIGIN, time_ms=now_ms, expected=None)


def node(number: int, *, cpu: str, memory: str, pods: int) -> Object:
    """The node `node-<number>` as its kubelet would register it; zones go round a, b, c."""
    name = f"node-{number}"
    zone = "abc"[(number - 1) % 3]
    capacity = {"cpu": cpu, "ephemeral-storage": "100Gi", "memory": memory, "pods": str(pods)}
    labels = {
        "beta.kubernetes.io/arch": "amd64",
        "beta.kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        _REGION: "region-1",
        _ZONE: zone,
    }
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {"name": name, "labels": labels},
        "spec": {},
        "status": {"capacity": capacity, "allocatable": capacity},
    }


def _all(*, is_api_only: bool) -> Iterator[tuple[str, Object]]:
    for name in _NAMESPACES:
        yield "namespaces", _namespace(name)
    yield from rbac.default_objects()
    for name, (value, description) in _PRIORITIES.items():
        yield "priorityclasses.scheduling.k8s.io", _priority_class(name, value, description)
    yield "servicecidrs.networking.k8s.io", _service_range()
    yield "services", _api_service()
    if not is_api_only:
        yield from rbac.viewer_objects()
        yield "services", _dns_service()


def _namespace(name: str) -> Object:
    return {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": name, "labels": {"kubernetes.io/metadata.name": name}},
        "spec": {"finalizers": ["kubernetes"]},
        "status": {"phase": "Active"},
    }


def _priority_class(name: str, value: int, description: str) -> Object:
    return {
        "apiVersion": "scheduling.k8s.io/v1",
        "kind": "PriorityClass",
        "metadata": {"name": name, "generation": 1},
        "value": value,
        "description": description,
        "preemptionPolicy": "PreemptLowerPriority",
    }


def _service_range() -> Object:
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "ServiceCIDR",
        "metadata": {
            "name": "kubernetes",
            "finalizers": ["networking.k8s.io/service-cidr-finalizer"],
        },
        "spec": {"cidrs": ["10.96.0.0/16"]},
        "status": {},
    }


def _service(name: str, namespace: str, ip: str, labels: Object, ports: list[Object]) -> Object:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": name, "namespace": namespace, "labels": labels},
        "spec": {
            "clusterIP": ip,
            "clusterIPs": [ip],
            "internalTrafficPolicy": "Cluster",
            "ipFamilies": ["IPv4"],
            "ipFamilyPolicy": "SingleStack",
            "ports": ports,
            "sessionAffinity": "None",
            "type": "ClusterIP",
        },
        "status": {"loadBalancer": {}},
    }


def _port(name: str, number: int, target: int | None = None, protocol: str = "TCP") -> Object:
    return {"name": name, "port": number, "protocol": protocol, "targetPort": target or number}


def _api_service() -> Object:
    labels = {"component": "apiserver", "provider": "kubernetes"}
    return _service("kubernetes", "default", API_SERVICE_IP, labels, [_port("https", 443, 6443)])


def _dns_service() -> Object:
    """DNS is part of the simulated network: the service has an address and no pods."""
    labels = {
        "k8s-app": "kube-dns",
        "kubernetes.io/cluster-service": "true",
        "kubernetes.io/name": "CoreDNS",
    }
    ports = [_port("dns", 53, protocol="UDP"), _port("dns-tcp", 53), _port("metrics", 9153)]
    return _service("kube-dns", "kube-system", DNS_SERVICE_IP, labels, ports)
