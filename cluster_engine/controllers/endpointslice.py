"""The EndpointSlice controller: the addresses behind each service with a selector.

Slices hold at most 100 endpoints; endpoints that lead to the same set of port numbers share
slices. Models: k8s.io/endpointslice (v0.37.2) and pkg/controller/endpointslice (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.objects import Object, split_key, with_metadata
from cluster_engine.client.informer import Informer
from cluster_engine.client.reconciler import ComponentContext, Reconciler
from cluster_engine.controllers import endpoints, pods
from cluster_engine.controllers.endpoints import Backend
from cluster_engine.store.changes import Change

MANAGED_BY = "endpointslice-controller.k8s.io"
_MANAGED_BY_LABEL = "endpointslice.kubernetes.io/managed-by"
_RESOURCE = "endpointslices.discovery.k8s.io"
ENDPOINTS_PER_SLICE_MAX = 100


class EndpointSliceController(Reconciler):
    """Reconciles services with their slices."""

    name = "endpointslice-controller"

    def __init__(self, context: ComponentContext) -> None:
        super().__init__(context)
        self._services: Informer = context.informers.of("services")
        self._slices: Informer = context.informers.of(_RESOURCE)
        self._nodes: Informer = context.informers.of("nodes")
        self._slices.add_index("service", _service_key)
        self._services.add_handler(self.enqueue_change)
        self._slices.add_handler(self._note_slice)
        context.informers.of("pods").add_handler(self._note_pod)

    def reconcile(self, key: str) -> None:
        """Create, update and delete slices until they say what the pods say."""
        service = self._services.get(*split_key(key))
        held = [
            item
            for item in self._slices.by_index("service", key)
            if item["metadata"]["labels"].get(_MANAGED_BY_LABEL) == MANAGED_BY
        ]
        if service is None or "deletionTimestamp" in service["metadata"]:
            return
        spec = service["spec"]
        if spec.get("type") == "ExternalName" or not spec.get("selector"):
            return
        wanted = self._wanted(service)
        self._write(service, held, wanted)

    def _note_pod(self, change: Change) -> None:
        for service in endpoints.services_of(change, self._services):
            self.enqueue_object(service, change.revision)

    def _note_slice(self, change: Change) -> None:
        """A slice that someone else changed or deleted is put right."""
        if change.origin.actor != self.client.actor:
            for key in _service_key(change.object):
                self.enqueue(key, change.revision)

    def _wanted(self, service: Object) -> list[Object]:
        """Ports and endpoints of each slice that should be."""
        groups: dict[tuple[tuple[str, int, str, str], ...], list[Object]] = {}
        for backend in endpoints.backends(service, self.informers):
            ports = _slice_ports(backend)
            if not ports and service["spec"].get("ports"):
                continue
            groups.setdefault(ports, []).append(self._endpoint(service, backend))
        slices: list[Object] = []
        for ports, addresses in groups.items():
            for start in range(0, len(addresses), ENDPOINTS_PER_SLICE_MAX):
                chunk = addresses[start : start + ENDPOINTS_PER_SLICE_MAX]
                slices.append({"ports": [_port(*port) for port in ports], "endpoints": chunk})
        # A service without pods keeps one empty slice, so that clients see it is known.
        return slices or [{"ports": None, "endpoints": None}]

    def _endpoint(self, service: Object, backend: Backend) -> Object:
        pod = backend.pod
        endpoint: Object = {
            "addresses": [pod["status"]["podIP"]],
            "conditions": {
                "ready": backend.is_ready,
                "serving": backend.is_serving,
                "terminating": backend.is_terminating,
            },
            "targetRef": endpoints.reference(pod),
        }
        spec = pod["spec"]
        if spec.get("nodeName"):
            endpoint["nodeName"] = spec["nodeName"]
            node = self._nodes.get("", spec["nodeName"])
            labels = (node["metadata"].get("labels") or {}) if node is not None else {}
            if labels.get("topology.kubernetes.io/zone"):
                endpoint["zone"] = labels["topology.kubernetes.io/zone"]
        if spec.get("hostname") and spec.get("subdomain") == service["metadata"]["name"]:
            endpoint["hostname"] = spec["hostname"]
        return endpoint

    def _write(self, service: Object, held: list[Object], wanted: list[Object]) -> None:
        labels = self._labels(service)
        unused = list(held)
        missing: list[Object] = []
        for content in wanted:
            match = next((item for item in unused if _ports(item) == _ports(content)), None)
            if match is None:
                missing.append(content)
                continue
            unused.remove(match)
            self._update(match, content, labels)
        for content in missing:
            if unused:
                self._update(unused.pop(0), content, labels)
            else:
                self.client.create(_RESOURCE, self._new(service, content, labels))
        for item in unused:
            metadata = item["metadata"]
            self.client.delete(_RESOURCE, metadata["namespace"], metadata["name"])

    def _update(self, held: Object, content: Object, labels: dict[str, str]) -> None:
        if held["metadata"].get("labels") != labels:
            held = with_metadata(held, labels=labels)
        elif _content(held) == _content(content):
            return
        self.client.update(_RESOURCE, {**held, **content})

    def _new(self, service: Object, content: Object, labels: dict[str, str]) -> Object:
        metadata = service["metadata"]
        return {
            "apiVersion": "discovery.k8s.io/v1",
            "kind": "EndpointSlice",
            "metadata": {
                "generateName": f"{metadata['name']}-",
                "namespace": metadata["namespace"],
                "labels": labels,
                "ownerReferences": [pods.controller_reference(service)],
            },
            "addressType": "IPv4",
            **content,
        }

    def _labels(self, service: Object) -> dict[str, str]:
        labels = dict(service["metadata"].get("labels") or {})
        labels[endpoints.SERVICE_NAME_LABEL] = service["metadata"]["name"]
        labels[_MANAGED_BY_LABEL] = MANAGED_BY
        if endpoints.is_headless(service):
            labels[endpoints.HEADLESS_LABEL] = ""
        else:
            labels.pop(endpoints.HEADLESS_LABEL, None)
        return labels


def _service_key(slice_: Object) -> tuple[str, ...]:
    metadata = slice_["metadata"]
    name = (metadata.get("labels") or {}).get(endpoints.SERVICE_NAME_LABEL)
    return (f"{metadata['namespace']}/{name}",) if name else ()


def _slice_ports(backend: Backend) -> tuple[tuple[str, int, str, str], ...]:
    return tuple(
        (port.get("name", ""), number, port.get("protocol", "TCP"), port.get("appProtocol", ""))
        for port, number in backend.ports
        if number is not None
    )


def _port(name: str, number: int, protocol: str, application: str) -> Object:
    port: Object = {"name": name, "port": number, "protocol": protocol}
    if application:
        port["appProtocol"] = application
    return port


def _ports(slice_: Object) -> list[tuple[str, int, str, str]]:
    return [
        (port.get("name", ""), port["port"], port.get("protocol", ""), port.get("appProtocol", ""))
        for port in slice_.get("ports") or ()
    ]


def _content(slice_: Object) -> tuple[object, object]:
    return _ports(slice_), slice_.get("endpoints") or []
