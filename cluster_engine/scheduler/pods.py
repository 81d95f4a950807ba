"""A pod as the scheduler sees it: what its spec says, parsed once.

`Template` holds what all pods of one template have in common; templates are kept per process by
their content, so a thousand replicas are parsed once. `PodInfo` adds what is the pod's own.

Models: pkg/scheduler/framework/types.go, PodInfo (v1.37.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson

from cluster_engine.apimachinery.objects import Object
from cluster_engine.apimachinery.selectors import Selector, from_label_selector
from cluster_engine.apimachinery.time import parse_rfc3339
from cluster_engine.scheduler import resources
from cluster_engine.scheduler.affinity import PodAffinity, parse_affinity
from cluster_engine.scheduler.selection import (
    NodeSelection,
    NodeTerm,
    parse_selection,
    parse_term,
    required_names,
)

_SPEC_FIELDS = (
    "nodeSelector",
    "affinity",
    "tolerations",
    "topologySpreadConstraints",
    "overhead",
    "resources",
)
_CONTAINER_FIELDS = ("image", "resources", "ports", "restartPolicy")
_NO_LABELS: Mapping[str, str] = {}
DO_NOT_SCHEDULE = "DoNotSchedule"
SCHEDULE_ANYWAY = "ScheduleAnyway"


@dataclass(frozen=True, slots=True)
class HostPort:
    """A port of the node that a container takes."""

    ip: str
    protocol: str
    port: int


@dataclass(frozen=True, slots=True)
class SpreadConstraint:
    """A topology spread constraint; `selector` is without its matchLabelKeys."""

    max_skew: int
    topology_key: str
    action: str
    selector: Selector
    min_domains: int = 1
    honors_affinity: bool = True
    honors_taints: bool = False
    match_label_keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """What a pod spec says about placement. Compared by identity: equal ones are the same."""

    requests: Mapping[str, int]
    #: cpu (milli) and memory (bytes) with defaults for containers that ask for nothing.
    nonzero: tuple[int, int]
    #: The same without what is asked for at pod level, which least-allocated scoring overlooks.
    scoring: tuple[int, int]
    selection: NodeSelection
    #: Node names that required affinity restricts to; None: it does not.
    node_names: frozenset[str] | None
    preferences: tuple[tuple[int, NodeTerm], ...]
    tolerations: tuple[Mapping[str, Any], ...]
    #: Identifies the tolerations among templates.
    tolerations_key: bytes
    affinity: PodAffinity
    spread: tuple[SpreadConstraint, ...]
    host_ports: tuple[HostPort, ...]
    images: tuple[str, ...]


@dataclass(slots=True, eq=False)
class PodInfo:
    """One pod. `pod` is the stored object; the rest is derived from it."""

    pod: Object
    template: Template
    uid: str
    namespace: str
    name: str
    labels: Mapping[str, str]
    #: The labels as a hashable value.
    labels_key: tuple[tuple[str, str], ...]
    priority: int
    is_terminating: bool
    requests: Mapping[str, int]
    nonzero: tuple[int, int]

    @property
    def key(self) -> str:
        return f"{self.namespace}/{self.name}"

    @property
    def spec(self) -> Object:
        spec: Object = self.pod["spec"]
        return spec

    @property
    def volumes(self) -> list[Object]:
        found: list[Object] | None = self.pod["spec"].get("volumes")
        return found or []

    @property
    def nominated_node(self) -> str:
        return (self.pod.get("status") or {}).get("nominatedNodeName") or ""

    def start_ms(self, now_ms: int) -> int:
        """When it started; a pod that has not counts as starting now."""
        started = (self.pod.get("status") or {}).get("startTime")
        return parse_rfc3339(started) if started else now_ms

    def claims(self) -> list[str]:
        """Names of the claims that its volumes use directly."""
        found = []
        for volume in self.volumes:
            claim = volume.get("persistentVolumeClaim")
            if claim is not None:
                found.append(claim.get("claimName") or "")
        return found


def pod_info(pod: Object) -> PodInfo:
    """Of a pod that waits for a node."""
    template = template_of(pod)
    return _info(pod, template, template.requests, template.nonzero)


def bound_pod_info(pod: Object) -> PodInfo:
    """Of a pod on a node: also what its node says about its resources counts."""
    template = template_of(pod)
    if not resources.has_status_resources(pod):
        return _info(pod, template, template.requests, template.nonzero)
    return _info(pod, template, *resources.bound_requests(pod))


def _info(
    pod: Object, template: Template, requests: Mapping[str, int], nonzero: tuple[int, int]
) -> PodInfo:
    metadata = pod["metadata"]
    labels = metadata.get("labels") or _NO_LABELS
    return PodInfo(
        pod,
        template,
        metadata.get("uid", ""),
        metadata.get("namespace", ""),
        metadata["name"],
        labels,
        tuple(sorted(labels.items())),
        pod["spec"].get("priority") or 0,
        metadata.get("deletionTimestamp") is not None,
        requests,
        nonzero,
    )


def template_of(pod: Object) -> Template:
    """The template of a pod; the same object for all pods that say the same."""
    spec = pod["spec"]
    parts: dict[str, Any] = {name: spec[name] for name in _SPEC_FIELDS if spec.get(name)}
    parts["containers"] = [_container(container) for container in spec["containers"]]
    if spec.get("initContainers"):
        parts["initContainers"] = [_container(container) for container in spec["initContainers"]]
    images = [v["image"].get("reference") or "" for v in spec.get("volumes") or () if "image" in v]
    return _template(orjson.dumps([pod["metadata"].get("namespace", ""), images, parts]))


def _container(container: Object) -> Object:
    return {field: container[field] for field in _CONTAINER_FIELDS if field in container}


@lru_cache(maxsize=2048)
def _template(content: bytes) -> Template:
    namespace, volume_images, spec = orjson.loads(content)
    for position, container in enumerate(spec["containers"]):
        container["name"] = str(position)
    affinity = spec.get("affinity") or {}
    node_affinity = affinity.get("nodeAffinity") or {}
    required = node_affinity.get("requiredDuringSchedulingIgnoredDuringExecution")
    tolerations = spec.get("tolerations") or []
    pod = {"spec": spec}
    containers = [*(spec.get("initContainers") or ()), *spec["containers"]]
    return Template(
        resources.requests(pod),
        resources.nonzero_requests(pod),
        resources.nonzero_requests(pod, is_pod_level=False),
        parse_selection(spec.get("nodeSelector"), required),
        None if required is None else required_names(required),
        _preferences(node_affinity.get("preferredDuringSchedulingIgnoredDuringExecution") or ()),
        tuple(tolerations),
        orjson.dumps(tolerations),
        parse_affinity(affinity, namespace),
        tuple(_constraint(c) for c in spec.get("topologySpreadConstraints") or ()),
        _host_ports(spec),
        (*(c.get("image") or "" for c in containers), *volume_images),
    )


def _preferences(terms: Any) -> tuple[tuple[int, NodeTerm], ...]:
    found = []
    for term in terms:
        preference = term.get("preference") or {}
        is_empty = not preference.get("matchExpressions") and not preference.get("matchFields")
        if term.get("weight") and not is_empty:
            found.append((term["weight"], parse_term(preference)))
    return tuple(found)


def _constraint(constraint: Object) -> SpreadConstraint:
    return SpreadConstraint(
        constraint["maxSkew"],
        constraint["topologyKey"],
        constraint.get("whenUnsatisfiable") or DO_NOT_SCHEDULE,
        from_label_selector(constraint.get("labelSelector")),
        constraint.get("minDomains") or 1,
        (constraint.get("nodeAffinityPolicy") or "Honor") == "Honor",
        (constraint.get("nodeTaintsPolicy") or "Ignore") == "Honor",
        tuple(constraint.get("matchLabelKeys") or ()),
    )


def _host_ports(spec: Object) -> tuple[HostPort, ...]:
    sidecars = [c for c in spec.get("initContainers") or () if c.get("restartPolicy") == "Always"]
    return tuple(
        HostPort(port.get("hostIP") or "0.0.0.0", port.get("protocol") or "TCP", port["hostPort"])
        for container in (*sidecars, *spec["containers"])
        for port in container.get("ports") or ()
        if (port.get("hostPort") or 0) > 0
    )
