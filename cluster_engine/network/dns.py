"""The cluster's DNS: names of services and pods to addresses.

Answers from the informers' objects at each question. Pods ask the `kube-dns` Service: when it is
gone, or was given a selector and has no ready endpoint, nothing is resolved.

Models: the Kubernetes DNS specification 1.1.0, as CoreDNS implements it.
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object
from cluster_engine.client.informer import Informers
from cluster_engine.network.addresses import is_ip
from cluster_engine.network.services import Services

DOMAIN = "cluster.local"
_NDOTS = 5
_ALIASES_MAX = 8


class Dns:
    """Resolves names for pods."""

    def __init__(self, informers: Informers, services: Services) -> None:
        self._services = services
        self._nodes = informers.of("nodes")

    def is_up(self) -> bool:
        """Whether the cluster's DNS servers answer."""
        service = self._services.get("kube-system", "kube-dns")
        if service is None:
            return False
        return not service["spec"].get("selector") or any(
            self._services.endpoints(service, port) for port in service["spec"]["ports"]
        )

    def resolve(self, name: str, namespace: str = "default") -> list[str]:
        """Addresses of `name` as seen from a pod in `namespace`; empty when there is none."""
        if is_ip(name):
            return [name]
        name = name.lower()
        if name.endswith("."):
            return self._absolute(name[:-1], _ALIASES_MAX)
        candidates = [f"{name}.{suffix}" for suffix in search_domains(namespace)]
        at = 0 if name.count(".") >= _NDOTS else len(candidates)
        candidates.insert(at, name)
        for candidate in candidates:
            found = self._absolute(candidate, _ALIASES_MAX)
            if found:
                return found
        return []

    def full_name(self, name: str, namespace: str = "default") -> str:
        """The name under which `resolve` finds it, for tools that print it; "" when it does not."""
        if name.endswith("."):
            return name[:-1]
        for candidate in (*(f"{name}.{suffix}" for suffix in search_domains(namespace)), name):
            if self._absolute(candidate, _ALIASES_MAX):
                return candidate
        return ""

    def reverse(self, ip: str) -> str:
        """The name of a service address, "" when it has none."""
        for service in self._services.by_address(ip):
            metadata = service["metadata"]
            return f"{metadata['name']}.{metadata['namespace']}.svc.{DOMAIN}"
        return ""

    def _absolute(self, name: str, aliases_left: int) -> list[str]:
        suffix = f".{DOMAIN}"
        if not name.endswith(suffix):
            return self._node(name)
        labels = name[: -len(suffix)].split(".")
        if len(labels) == 3 and labels[2] == "svc":
            return self._service(labels[0], labels[1], aliases_left)
        if len(labels) == 4 and labels[3] == "svc":
            return self._host(labels[0], labels[1], labels[2])
        if len(labels) == 3 and labels[2] == "pod":
            ip = labels[0].replace("-", ".")
            return [ip] if is_ip(ip) else []
        return []

    def _node(self, name: str) -> list[str]:
        node = self._nodes.get("", name)
        addresses = ((node or {}).get("status") or {}).get("addresses") or ()
        return [entry["address"] for entry in addresses if entry["type"] == "InternalIP"]

    def _service(self, name: str, namespace: str, aliases_left: int) -> list[str]:
        service = self._services.get(namespace, name)
        if service is None:
            return []
        spec = service["spec"]
        if spec.get("type") == "ExternalName":
            target = spec.get("externalName") or ""
            return self._absolute(target.rstrip("."), aliases_left - 1) if aliases_left else []
        if spec.get("clusterIP") and spec["clusterIP"] != "None":
            return [spec["clusterIP"]]
        return sorted({ip for ip, _ in self._headless(service)})

    def _host(self, host: str, name: str, namespace: str) -> list[str]:
        service = self._services.get(namespace, name)
        if service is None or service["spec"].get("clusterIP") != "None":
            return []
        return sorted({ip for ip, label in self._headless(service) if label == host})

    def _headless(self, service: Object) -> list[tuple[str, str]]:
        metadata = service["metadata"]
        is_eager = bool(service["spec"].get("publishNotReadyAddresses"))
        found = []
        for piece in self._services.slices(metadata["namespace"], metadata["name"]):
            for endpoint in piece.get("endpoints") or ():
                conditions = endpoint.get("conditions") or {}
                if conditions.get("ready") is False and not is_eager:
                    continue
                for ip in endpoint.get("addresses") or ():
                    found.append((ip, endpoint.get("hostname") or ip.replace(".", "-")))
        return found


def search_domains(namespace: str) -> tuple[str, ...]:
    """The search line of a pod's /etc/resolv.conf."""
    return (f"{namespace}.svc.{DOMAIN}", f"svc.{DOMAIN}", DOMAIN)
