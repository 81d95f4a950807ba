"""Who is behind a service, as both controllers for it see it.

Models: k8s.io/endpointslice (v0.37.2), pkg/controller/endpoint (v1.37.2).
"""

from __future__ import annotations

from dataclasses import dataclass

from cluster_engine.apimachinery.objects import Object
from cluster_engine.client.informer import Informer, Informers
from cluster_engine.controllers import pods
from cluster_engine.store.changes import Change

#: Labels and annotations of a service that its endpoints do not take over.
SERVICE_NAME_LABEL = "kubernetes.io/service-name"
HEADLESS_LABEL = "service.kubernetes.io/headless"


@dataclass(frozen=True, slots=True)
class Backend:
    """A pod behind a service. `ports` pairs each service port with the pod's number, None where
    the pod has no port of that name."""

    pod: Object
    is_ready: bool
    is_serving: bool
    is_terminating: bool
    ports: tuple[tuple[Object, int | None], ...]


def selects(service: Object, pod: Object) -> bool:
    """Whether the service's selector names the pod's labels. An empty selector names none."""
    selector = service["spec"].get("selector")
    if not selector:
        return False
    labels = pod["metadata"].get("labels") or {}
    return all(labels.get(key) == value for key, value in selector.items())


def services_of(change: Change, services: Informer) -> list[Object]:
    """The services that a change of a pod concerns, by its labels before and after."""
    seen = [change.object]
    if change.previous is not None:
        before = change.previous.object
        if before["metadata"].get("labels") != change.object["metadata"].get("labels"):
            seen.append(before)
        elif change.type == "MODIFIED" and not _matters(before, change.object):
            return []
    found = services.list(change.namespace)
    return [item for item in found if any(selects(item, pod) for pod in seen)]


def _matters(before: Object, after: Object) -> bool:
    return _facts(before) != _facts(after)


def _facts(pod: Object) -> tuple[object, ...]:
    status = pod.get("status", {})
    return (
        status.get("podIP"),
        status.get("phase"),
        pods.ready_condition(pod) is not None,
        "deletionTimestamp" in pod["metadata"],
        pod["spec"].get("nodeName"),
    )


def backends(service: Object, informers: Informers) -> list[Backend]:
    """The pods that belong behind a service, by name."""
    publishes_all = service["spec"].get("publishNotReadyAddresses", False)
    found = []
    for pod in informers.of("pods").list(service["metadata"]["namespace"]):
        if not selects(service, pod) or not pod.get("status", {}).get("podIP"):
            continue
        if pod["status"].get("phase") in ("Succeeded", "Failed"):
            continue
        is_serving = pods.ready_condition(pod) is not None
        is_terminating = "deletionTimestamp" in pod["metadata"]
        ports = tuple((port, target_port(pod, port)) for port in service["spec"].get("ports") or ())
        is_ready = publishes_all or (is_serving and not is_terminating)
        found.append(Backend(pod, is_ready, is_serving, is_terminating, ports))
    return found


def target_port(pod: Object, port: Object) -> int | None:
    """The number of the pod's port that a service port leads to."""
    target = port.get("targetPort", port["port"])
    if isinstance(target, int):
        return target or int(port["port"])
    containers = [*pod["spec"]["containers"]]
    containers += [
        item
        for item in pod["spec"].get("initContainers") or ()
        if item.get("restartPolicy") == "Always"
    ]
    for container in containers:
        for held in container.get("ports") or ():
            same_protocol = held.get("protocol", "TCP") == port.get("protocol", "TCP")
            if held.get("name") == target and same_protocol:
                number: int = held["containerPort"]
                return number
    return None


def reference(pod: Object) -> Object:
    """The target reference of an address."""
    metadata = pod["metadata"]
    return {
        "kind": "Pod",
        "namespace": metadata["namespace"],
        "name": metadata["name"],
        "uid": metadata["uid"],
    }


def is_headless(service: Object) -> bool:
    """Whether the service has no cluster IP by choice."""
    return bool(service["spec"].get("clusterIP") == "None")
