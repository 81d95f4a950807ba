"""…/proxy of pods, services and nodes: one HTTP exchange inside the simulated network.

Models: k8s.io/kubernetes/pkg/registry/core/{pod,service,node} ResourceLocation (v1.37.2).
"""

from __future__ import annotations

from cluster_engine.apimachinery.errors import ApiError, bad_request, not_found
from cluster_engine.apimachinery.objects import Object
from cluster_engine.apiserver.admission.registry import Admission
from cluster_engine.apiserver.calls import Call
from cluster_engine.apiserver.core import Core
from cluster_engine.apiserver.requests import Response
from cluster_engine.apiserver.subresources.admitting import admit_connection

_SCHEMES = ("http", "https", "")
_KUBELET_PORT = 10250
_DROPPED_HEADERS = ("authorization", "host", "connection", "content-length", "accept-encoding")


def proxy(core: Core, call: Call, admission: Admission) -> Response:
    """Pass the request on. The name may be `scheme:name:port`, as kubectl proxy writes it."""
    admit_connection(admission, call, f"{call.kind.kind}ProxyOptions", path=call.info.rest)
    _, name, port = split_name(call.info.name)
    targets = {"pods": _pod_target, "services": _service_target, "nodes": _node_target}
    host, number = targets[call.kind.resource](core, call, name, port)
    path = call.info.rest or "/"
    if call.request.query:
        path = f"{path}?{call.request.query}"
    headers = {
        key: value
        for key, value in call.request.headers.items()
        if key not in _DROPPED_HEADERS and not key.startswith("impersonate-")
    }
    headers["host"] = f"{host}:{number}"
    link = core.links()
    return link.http(host, number, call.request.method, path, headers, call.request.body)


def split_name(text: str) -> tuple[str, str, str]:
    """The scheme, name and port of "name", "name:port" or "scheme:name:port"."""
    parts = text.split(":")
    if len(parts) == 1:
        return "", parts[0], ""
    if len(parts) == 2:
        return "", parts[0], parts[1]
    if len(parts) == 3 and parts[0] in _SCHEMES:
        return parts[0], parts[1], parts[2]
    raise bad_request(f'invalid request "{text}"')


def _pod_target(core: Core, call: Call, name: str, port: str) -> tuple[str, int]:
    pod = _stored(core, "pods", call.namespace, name)
    ip = (pod.get("status") or {}).get("podIP")
    if not ip:
        raise bad_request("address not allowed")
    if port:
        return ip, _number(port)
    for container in pod["spec"].get("containers") or ():
        for declared in container.get("ports") or ():
            return ip, declared["containerPort"]
    return ip, 80


def _service_target(core: Core, call: Call, name: str, port: str) -> tuple[str, int]:
    service = _stored(core, "services", call.namespace, name)
    ports = service["spec"].get("ports") or []
    if not port and len(ports) == 1:
        chosen = ports[0]
    else:
        wanted = [item for item in ports if port in (item.get("name", ""), str(item["port"]))]
        if not wanted:
            raise _unavailable(f'no service port "{port}" found for service "{name}"')
        chosen = wanted[0]
    address = _ready_endpoint(core, call.namespace, name, chosen)
    if address is None:
        raise _unavailable(f'no endpoints available for service "{call.info.name}"')
    return address


def _ready_endpoint(core: Core, namespace: str, name: str, port: Object) -> tuple[str, int] | None:
    """A ready endpoint of the service, any of them."""
    found: list[tuple[str, int]] = []
    for record in core.store.records("endpointslices.discovery.k8s.io", namespace):
        labels = record.object["metadata"].get("labels") or {}
        if labels.get("kubernetes.io/service-name") != name:
            continue
        numbers = [
            item["port"]
            for item in record.object.get("ports") or ()
            if item.get("name", "") == port.get("name", "") and item.get("port")
        ]
        for endpoint in record.object.get("endpoints") or ():
            if (endpoint.get("conditions") or {}).get("ready", True):
                found.extend((ip, n) for ip in endpoint["addresses"] for n in numbers)
    if not found:
        return None
    return core.randomness.stream("proxy").choice(found)


def _node_target(core: Core, call: Call, name: str, port: str) -> tuple[str, int]:
    node = _stored(core, "nodes", "", name)
    addresses = (node.get("status") or {}).get("addresses") or []
    ip = next((a["address"] for a in addresses if a["type"] == "InternalIP"), name)
    return ip, _number(port) if port else _KUBELET_PORT


def _stored(core: Core, resource: str, namespace: str, name: str) -> Object:
    record = core.store.get(resource, namespace, name)
    if record is None:
        raise not_found(resource, name)
    return record.object


def _number(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise bad_request(f'invalid port "{text}": must be between 1 and 65535, inclusive')
    return int(text)


def _unavailable(message: str) -> ApiError:
    return ApiError(503, "ServiceUnavailable", message)
