"""What predicates are given: the text, its objects, the pods they make, the containers in those."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from cluster_engine.apimachinery.manifests import Path
from playground.lab_sessions.manifests.documents import Document
from playground.reviews.findings.values import at, entries, labels, mapping

#: Where a kind keeps the pods it makes: of the object that holds `metadata` and `spec`.
_TEMPLATES: Mapping[tuple[str, str], Path] = {
    ("", "Pod"): (),
    ("", "PodTemplate"): ("template",),
    ("", "ReplicationController"): ("spec", "template"),
    ("apps", "Deployment"): ("spec", "template"),
    ("apps", "ReplicaSet"): ("spec", "template"),
    ("apps", "StatefulSet"): ("spec", "template"),
    ("apps", "DaemonSet"): ("spec", "template"),
    ("batch", "Job"): ("spec", "template"),
    ("batch", "CronJob"): ("spec", "jobTemplate", "spec", "template"),
}
_LISTS = (("containers", "main"), ("initContainers", "init"), ("ephemeralContainers", "debug"))
DEFAULT_NAMESPACE = "default"


@dataclass(frozen=True, slots=True)
class Spot:
    """A place a predicate found, with the words for its rule's message."""

    document: Document
    path: Path
    words: Mapping[str, str]


class Subject:
    """One object of the text."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.object: Mapping[str, Any] = document.object
        group, _, self.version = document.api_version.rpartition("/")
        self.kind = (group, document.kind)
        self.name = document.name
        self.namespace = document.namespace or DEFAULT_NAMESPACE
        self.title = f"{document.kind} {document.name}".strip()

    def spot(self, *path: str | int, **words: str) -> Spot:
        """A place below the object."""
        return Spot(self.document, path, {"object": self.title, **words})

    @cached_property
    def spec(self) -> Mapping[str, Any]:
        return mapping(self.object, "spec")

    @cached_property
    def annotations(self) -> Mapping[str, Any]:
        return mapping(self.object, "metadata", "annotations")

    @cached_property
    def labels(self) -> dict[str, str]:
        return labels(self.object, "metadata", "labels")

    @cached_property
    def pod(self) -> Pod | None:
        """The pod it is or makes."""
        base = _TEMPLATES.get(self.kind)
        if base is None or not isinstance(at(self.object, *map(str, base), "spec"), dict):
            return None
        return Pod(self, base)


class Pod:
    """A pod, or the template of one. `base` is where its metadata and spec are."""

    def __init__(self, owner: Subject, base: Path) -> None:
        self.owner = owner
        self.base = base
        self.object = mapping(owner.object, *map(str, base))
        self.spec = mapping(self.object, "spec")
        self.containers = tuple(self._containers())

    def spot(self, *path: str | int, **words: str) -> Spot:
        """A place below the pod's spec."""
        return self.owner.spot(*self.base, "spec", *path, **words)

    @property
    def is_bare(self) -> bool:
        """A pod of its own, made by nothing."""
        return not self.base

    @cached_property
    def labels(self) -> dict[str, str]:
        return labels(self.object, "metadata", "labels")

    @cached_property
    def annotations(self) -> Mapping[str, Any]:
        return mapping(self.object, "metadata", "annotations")

    @property
    def lasting(self) -> tuple[Container, ...]:
        """The containers that run as long as the pod does."""
        return tuple(one for one in self.containers if one.role in ("main", "sidecar"))

    def contexts(self) -> Iterator[tuple[Path, Mapping[str, Any], str]]:
        """Every securityContext below the spec: its path, itself, whose it is in words."""
        yield ("securityContext",), mapping(self.spec, "securityContext"), "the pod"
        for one in self.containers:
            yield (*one.path, "securityContext"), one.security, f"container {one.name}"

    def _containers(self) -> Iterator[Container]:
        for field, role in _LISTS:
            for index, body in entries(self.spec, field):
                is_sidecar = role == "init" and body.get("restartPolicy") == "Always"
                yield Container(self, (field, index), body, "sidecar" if is_sidecar else role)


class Container:
    """A container of a pod; `role` is main, init, sidecar or debug."""

    def __init__(self, pod: Pod, path: Path, body: Mapping[str, Any], role: str) -> None:
        self.pod = pod
        self.path = path
        self.body = body
        self.role = role
        self.name = str(body.get("name", ""))
        self.security = mapping(body, "securityContext")

    def spot(self, *path: str | int, **words: str) -> Spot:
        """A place below the container."""
        return self.pod.spot(*self.path, *path, container=self.name, **words)


class Text:
    """Everything in the text."""

    def __init__(self, documents: list[Document]) -> None:
        self.subjects = tuple(Subject(document) for document in documents)

    def of(self, group: str, *kinds: str) -> Iterator[Subject]:
        """The objects of some kinds of a group, in the order of the text."""
        for subject in self.subjects:
            if subject.kind[0] == group and subject.kind[1] in kinds:
                yield subject

    @cached_property
    def workloads(self) -> tuple[tuple[Subject, Pod], ...]:
        """The objects that are or make pods."""
        found = ((subject, subject.pod) for subject in self.subjects)
        return tuple((subject, pod) for subject, pod in found if pod is not None)

    def pods_of(self, namespace: str) -> list[tuple[Subject, Pod]]:
        """Of one namespace."""
        return [pair for pair in self.workloads if pair[0].namespace == namespace]
