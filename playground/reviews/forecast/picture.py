"""A cluster's objects at one moment, as far as a forecast is about them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from cluster_engine.projection.amounts import pod_requests

Object = dict[str, Any]

#: What is read of a cluster before and after.
PATHS = {
    "pods": "/api/v1/pods",
    "nodes": "/api/v1/nodes",
    "services": "/api/v1/services",
    "endpointslices": "/apis/discovery.k8s.io/v1/endpointslices",
    "resourcequotas": "/api/v1/resourcequotas",
    "events": "/api/v1/events",
    "deployments": "/apis/apps/v1/deployments",
    "statefulsets": "/apis/apps/v1/statefulsets",
    "daemonsets": "/apis/apps/v1/daemonsets",
    "jobs": "/apis/batch/v1/jobs",
}
_OVER = ("Succeeded", "Failed")
_SERVICE_LABEL = "kubernetes.io/service-name"


@dataclass(slots=True)
class Picture:
    """Lists of objects by the names in PATHS."""

    objects: dict[str, list[Object]] = field(default_factory=dict)

    def of(self, name: str) -> list[Object]:
        """The objects of one list."""
        return self.objects.get(name, [])

    def by_key(self, name: str) -> dict[tuple[str, str], Object]:
        """The objects of one list by namespace and name."""
        return {key_of(obj): obj for obj in self.of(name)}

    def by_uid(self, name: str) -> dict[str, Object]:
        """The objects of one list by uid."""
        return {obj["metadata"]["uid"]: obj for obj in self.of(name)}

    def cost(self) -> tuple[int, int]:
        """What all pods that are not over ask for: cpu in thousandths, memory in bytes."""
        asked = [pod_requests(pod) for pod in self.of("pods") if not is_over(pod)]
        return sum(cpu for cpu, _ in asked), sum(memory for _, memory in asked)

    def fill(self) -> dict[str, tuple[int, int, int]]:
        """By node: pods on it, and the cpu and memory that they ask for."""
        found: dict[str, tuple[int, int, int]] = {}
        for pod in self.of("pods"):
            node = pod["spec"].get("nodeName")
            if node and not is_over(pod):
                count, cpu, memory = found.get(node, (0, 0, 0))
                more_cpu, more_memory = pod_requests(pod)
                found[node] = (count + 1, cpu + more_cpu, memory + more_memory)
        return found

    def endpoints(self) -> dict[tuple[str, str], int]:
        """Ready endpoints by service; one address counts once."""
        found: dict[tuple[str, str], set[str]] = {}
        for piece in self.of("endpointslices"):
            metadata = piece["metadata"]
            service = (metadata.get("labels") or {}).get(_SERVICE_LABEL)
            if not service:
                continue
            ready = found.setdefault((metadata["namespace"], service), set())
            for endpoint in piece.get("endpoints") or ():
                if (endpoint.get("conditions") or {}).get("ready", True):
                    ready.update(endpoint.get("addresses") or ())
        return {key: len(addresses) for key, addresses in found.items()}


def picture_of(bodies: Mapping[str, bytes]) -> Picture:
    """From the bodies of lists by path."""
    objects: dict[str, list[Object]] = {}
    for name, path in PATHS.items():
        body = bodies.get(path)
        value = orjson.loads(body) if body else {}
        objects[name] = value.get("items") or []
    return Picture(objects)


def key_of(obj: Object) -> tuple[str, str]:
    """Namespace and name."""
    metadata = obj["metadata"]
    return metadata.get("namespace", ""), metadata["name"]


def is_over(pod: Object) -> bool:
    """Whether a pod has run to its end."""
    return (pod.get("status") or {}).get("phase") in _OVER


def owner_of(obj: Object) -> tuple[str, str, str]:
    """Kind, name and uid of what controls an object; empty without."""
    for owner in obj["metadata"].get("ownerReferences") or ():
        if owner.get("controller"):
            return owner["kind"], owner["name"], owner["uid"]
    return "", "", ""
