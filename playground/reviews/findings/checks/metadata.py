"""Names, namespaces, labels and annotations; what is written twice; what a cluster filled in."""

from __future__ import annotations

from collections.abc import Iterator

from playground.reviews.findings.rules import tables, words
from playground.reviews.findings.subjects import (
    DEFAULT_NAMESPACE,
    Container,
    Pod,
    Spot,
    Subject,
    Text,
)
from playground.reviews.findings.values import at, entries, mapping

_LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_FILLED_IN = ("uid", "resourceVersion", "creationTimestamp", "generation", "managedFields")
_DEFAULTS = {
    ("storage.k8s.io", "StorageClass"): "storageclass.kubernetes.io/is-default-class",
    ("networking.k8s.io", "IngressClass"): "ingressclass.kubernetes.io/is-default-class",
}
_NAMESPACED_WORKLOADS = {"Service", "ConfigMap", "Secret", "PersistentVolumeClaim", "Ingress"}


def _has_namespace(subject: Subject) -> bool:
    return subject.pod is not None or subject.kind[1] in _NAMESPACED_WORKLOADS


def default_namespace(subject: Subject) -> Iterator[Spot]:
    """Only said of what is named so: without a name the reader of the manifest decides."""
    if _has_namespace(subject) and subject.document.namespace == DEFAULT_NAMESPACE:
        yield subject.spot("metadata", "namespace")


def system_namespace(subject: Subject) -> Iterator[Spot]:
    if subject.document.namespace in words("system_namespaces"):
        yield subject.spot("metadata", "namespace", namespace=subject.document.namespace)


def missing_labels(subject: Subject) -> Iterator[Spot]:
    pod = subject.pod
    if pod is None:
        return
    held = {*subject.labels, *pod.labels}
    if not held & set(tables()["application_labels"]):
        yield subject.spot("metadata")


def duplicate_env(container: Container) -> Iterator[Spot]:
    """Building a variable on its former self is a known trick."""
    seen: set[str] = set()
    for index, variable in entries(container.body, "env"):
        name = variable.get("name")
        if not isinstance(name, str):
            continue
        if name in seen and f"$({name})" not in str(variable.get("value", "")):
            yield container.spot("env", index, "name", variable=name)
        seen.add(name)


def duplicate_port(pod: Pod) -> Iterator[Spot]:
    seen: dict[tuple[object, object], str] = {}
    for container in pod.containers:
        for index, port in entries(container.body, "ports"):
            number = port.get("containerPort")
            key = (number, port.get("protocol", "TCP"))
            if not isinstance(number, int):
                continue
            if key in seen:
                found = {"port": str(number), "first": seen[key], "container": container.name}
                yield pod.spot(*container.path, "ports", index, "containerPort", **found)
            seen.setdefault(key, container.name)


def duplicate_object(text: Text) -> Iterator[Spot]:
    seen: dict[tuple[object, ...], Subject] = {}
    for subject in text.subjects:
        key = (subject.kind, subject.namespace, subject.name)
        first = seen.setdefault(key, subject)
        if first is not subject and subject.name:
            yield subject.spot("metadata", "name", line=str(first.document.line))


def exported(subject: Subject) -> Iterator[Spot]:
    """An empty creationTimestamp is what `kubectl create --dry-run` prints; it is harmless."""
    metadata = mapping(subject.object, "metadata")
    for field in _FILLED_IN:
        if metadata.get(field) is not None:
            yield subject.spot("metadata", field, field=f"metadata.{field}")
    if subject.kind[0] in ("", "apps", "batch") and mapping(subject.object, "status"):
        yield subject.spot("status", field="status")


def applied_copy(subject: Subject) -> Iterator[Spot]:
    if _LAST_APPLIED in subject.annotations:
        yield subject.spot("metadata", "annotations", _LAST_APPLIED)


def late_namespace(text: Text) -> Iterator[Spot]:
    made = {one.name: one.document for one in text.of("", "Namespace")}
    for subject in text.subjects:
        namespace = made.get(subject.document.namespace)
        if namespace is not None and namespace.index > subject.document.index:
            found = {"namespace": subject.document.namespace, "line": str(namespace.line)}
            yield subject.spot("metadata", "namespace", **found)


def late_definition(text: Text) -> Iterator[Spot]:
    made = {}
    for one in text.of("apiextensions.k8s.io", "CustomResourceDefinition"):
        kind = str(one.spec.get("group", "")), str(at(one.spec, "names", "kind"))
        made[kind] = one.document
    for subject in text.subjects:
        definition = made.get(subject.kind)
        if definition is not None and definition.index > subject.document.index:
            yield subject.spot("kind", line=str(definition.line))


def cluster_wide_default(subject: Subject) -> Iterator[Spot]:
    name = _DEFAULTS.get(subject.kind)
    if name is not None and subject.annotations.get(name) == "true":
        yield subject.spot("metadata", "annotations", name)
    is_class = subject.kind == ("scheduling.k8s.io", "PriorityClass")
    if is_class and subject.object.get("globalDefault") is True:
        yield subject.spot("globalDefault")
