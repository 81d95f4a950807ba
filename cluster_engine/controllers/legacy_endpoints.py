"""The Endpoints controller: the older, single object per service that some clients still read.

Models: k8s.io/kubernetes/pkg/controller/endpoint (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object, split_key
from cluster_engine.apimachinery.time import rfc3339
from cluster_engine.client.reconciler import ComponentContext, Reconciler
from cluster_engine.controllers import endpoints
from cluster_engine.store.changes import Change

MANAGED_BY = "endpoint-controller"
_MANAGED_BY_LABEL = "endpoints.kubernetes.io/managed-by"
_TRIGGER_TIME = "endpoints.kubernetes.io/last-change-trigger-time"


class EndpointsController(Reconciler):
    """Reconciles services with their Endpoints."""

    name = "endpoint-controller"

    def __init__(self, context: ComponentContext) -> None:
        super().__init__(context)
        self._services = context.informers.of("services")
        self._endpoints = context.informers.of("endpoints")
        self._services.add_handler(self.enqueue_change)
        context.informers.of("pods").add_handler(self._note_pod)

    def reconcile(self, key: str) -> None:
        """Write the Endpoints of one service, or delete them with it."""
        namespace, name = split_key(key)
        service = self._services.get(namespace, name)
        held = self._endpoints.get(namespace, name)
        if service is None:
            if held is not None:
                self.client.delete("endpoints", namespace, name)
            return
        spec = service["spec"]
        if spec.get("type") == "ExternalName" or not spec.get("selector"):
            return
        subsets, labels = self._subsets(service), self._labels(service)
        if held is None:
            metadata: Object = {"name": name, "namespace": namespace, "labels": labels}
        elif (held.get("subsets") or []) == subsets and held["metadata"].get("labels") == labels:
            return
        else:
            metadata = {**held["metadata"], "labels": labels}
        annotations = {**(metadata.get("annotations") or {}), _TRIGGER_TIME: self._trigger()}
        body: Object = {
            "apiVersion": "v1",
            "kind": "Endpoints",
            "metadata": {**metadata, "annotations": annotations},
        }
        if subsets:
            body["subsets"] = subsets
        if held is None:
            self.client.create("endpoints", body)
        else:
            self.client.update("endpoints", body)

    def _note_pod(self, change: Change) -> None:
        for service in endpoints.services_of(change, self._services):
            self.enqueue_object(service, change.revision)

    def _trigger(self) -> str:
        return rfc3339(self.clock.now_ms)

    def _labels(self, service: Object) -> dict[str, str]:
        labels = dict(service["metadata"].get("labels") or {})
        labels.pop(endpoints.HEADLESS_LABEL, None)
        if endpoints.is_headless(service):
            labels[endpoints.HEADLESS_LABEL] = ""
        labels[_MANAGED_BY_LABEL] = MANAGED_BY
        return labels

    def _subsets(self, service: Object) -> list[Object]:
        """Addresses that lead to the same ports share a subset."""
        groups: dict[tuple[tuple[str, int, str], ...], tuple[list[Object], list[Object]]] = {}
        for backend in endpoints.backends(service, self.informers):
            if backend.is_terminating:
                continue
            ports = tuple(
                (port.get("name", ""), number, port.get("protocol", "TCP"))
                for port, number in backend.ports
                if number is not None
            )
            if not ports and service["spec"].get("ports"):
                continue
            ready, not_ready = groups.setdefault(ports, ([], []))
            (ready if backend.is_ready else not_ready).append(_address(service, backend.pod))
        return [_subset(ports, *addresses) for ports, addresses in sorted(groups.items())]


def _subset(
    ports: tuple[tuple[str, int, str], ...], ready: list[Object], not_ready: list[Object]
) -> Object:
    subset: Object = {}
    if ready:
        subset["addresses"] = sorted(ready, key=_by_ip)
    if not_ready:
        subset["notReadyAddresses"] = sorted(not_ready, key=_by_ip)
    if ports:
        subset["ports"] = [_port(*port) for port in ports]
    return subset


def _port(name: str, number: int, protocol: str) -> Object:
    port: Object = {"name": name} if name else {}
    return {**port, "port": number, "protocol": protocol}


def _by_ip(address: Object) -> list[int]:
    return [int(part) for part in address["ip"].split(".")]


def _address(service: Object, pod: Object) -> Object:
    address: Object = {"ip": pod["status"]["podIP"]}
    spec = pod["spec"]
    if spec.get("hostname") and spec.get("subdomain") == service["metadata"]["name"]:
        address["hostname"] = spec["hostname"]
    if spec.get("nodeName"):
        address["nodeName"] = spec["nodeName"]
    address["targetRef"] = endpoints.reference(pod)
    return address
